import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Sample } from './measure/meter.ts'
import type { ShareEvents, ShareOrder, ShareResult } from './share.ts'

/** What a load process says to the one that started it. */
export type ProcessMessage =
  | { readonly sample: Sample }
  | { readonly ready: true }
  | { readonly result: ShareResult }
  | { readonly failed: string }

/** Node runs no TypeScript: from the sources, the built script is started. */
const SCRIPT = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '../dist/load/process.js')
  : join(import.meta.dirname, 'process.js')

/** Runs a share in a process of its own, until `signal` ends it. Rejects where that fails or ends early. */
export function runInProcess(
  order: ShareOrder,
  events: ShareEvents,
  signal: AbortSignal,
): Promise<ShareResult> {
  // Nothing of this process's own flags: they may be those of a test runner.
  const child = fork(SCRIPT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], signal, execArgv: [] })
  child.send(order)
  return new Promise((resolve, reject) => {
    child.on('message', (message: ProcessMessage) => {
      if ('sample' in message) events.onSample(message.sample)
      else if ('ready' in message) begin(child, events).catch(reject)
      else if ('result' in message) resolve(message.result)
      else reject(new Error(message.failed))
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`a load process ended early: ${code ?? signal}`)))
  })
}

async function begin(child: ChildProcess, events: ShareEvents): Promise<void> {
  await events.onReady()
  child.send({ go: true })
}
