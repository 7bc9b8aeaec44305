import type { RunningProcess } from './serve.ts'

/** One key press may come twice: from the terminal, and handed on by npm. */
const SAME_PRESS_MS = 500

/** Ctrl-C or a polite kill drains and ends; another one, later, does not wait. Ends the process. */
export async function untilInterrupted(running: RunningProcess): Promise<never> {
  const interrupted = new Promise<undefined>((resolve) => {
    let firstMs: number | undefined
    const onSignal = () => {
      if (firstMs !== undefined && performance.now() - firstMs > SAME_PRESS_MS) process.exit(1)
      firstMs ??= performance.now()
      resolve(undefined)
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  })
  const failure = await Promise.race([interrupted, running.failed])
  if (failure !== undefined) {
    console.error(`heliograph: ${failure.message}`)
    process.exit(1)
  }
  await running.stop()
  process.exit(0)
}
