import { Command } from 'commander'
import { OPTION_HELP, parseStartOptions } from './options.ts'
import { serve } from './serve.ts'

/** `heliograph start`: gateway and actors in one process, on the embedded stores. */
export function startCommand(): Command {
  const command = new Command('start').description('run the whole messenger in one process, on this machine')
  for (const [flag, variable, description] of OPTION_HELP)
    command.option(flag, `${description} (${variable})`)
  return command.action(async (flags: Record<string, unknown>) => {
    await untilInterrupted(await serve(parseStartOptions(flags, process.env)))
  })
}

/** One key press may come twice: from the terminal, and handed on by npm. */
const SAME_PRESS_MS = 500

/** Ctrl-C or a polite kill drains and ends; another one, later, does not wait. */
async function untilInterrupted(server: { stop(): Promise<void>; failed: Promise<Error> }): Promise<void> {
  const interrupted = new Promise<undefined>((resolve) => {
    let firstMs: number | undefined
    const onSignal = () => {
      if (firstMs !== undefined && performance.now() - firstMs > SAME_PRESS_MS) process.exit(1)
      firstMs ??= performance.now()
      resolve(undefined)
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  })
  const failure = await Promise.race([interrupted, server.failed])
  if (failure !== undefined) {
    console.error(`heliograph: ${failure.message}`)
    process.exit(1)
  }
  await server.stop()
  process.exit(0)
}
