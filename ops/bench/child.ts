import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Interface } from 'node:readline'

/** A server as a child process: when it is ready, and how it ends. */

const READY_TIMEOUT_MS = 170_000

/** Asks it to stop, and resolves once it has; at once where it has ended already. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** The next line of its output that matches. */
export function lineOf(lines: Interface, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve) => {
    lines.on('line', function look(line) {
      const found = pattern.exec(line)
      if (found === null) return
      lines.off('line', look)
      resolve(found)
    })
  })
}

/** Resolves when it says that it is ready; rejects where it does not, or ends before, and leaves nothing running. */
export async function readyOrEnded(
  child: ChildProcess,
  lines: Interface,
  timeoutMs = READY_TIMEOUT_MS,
): Promise<void> {
  let late: NodeJS.Timeout | undefined
  const failed = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error('the server did not get ready')), timeoutMs)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the server ended early, code ${code}`)))
  })
  try {
    await Promise.race([lineOf(lines, /^ready/), failed])
  } catch (error) {
    // It may hang in its start, and then would not heed a request to stop.
    await ended(child, 'SIGKILL')
    throw error
  } finally {
    clearTimeout(late)
  }
}
