import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, renameSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { identify, type ProcessIdentity } from './identity.ts'

/** What to run for a server. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
}

/** A log above this is put aside (one back) when its server starts, so that two files bound what a server may leave. */
const MAX_LOG_BYTES = 8 << 20
const TAIL_BYTES = 4096
const TAIL_LINES = 12

/** Starts a process that outlives this one, its output at the end of a file. Throws where it cannot be run at all. */
export async function launch(what: Launch, logFile: string): Promise<ProcessIdentity> {
  rotate(logFile)
  const log = openSync(logFile, 'a')
  try {
    const child = spawn(what.command, what.args, {
      cwd: what.cwd,
      detached: true,
      stdio: ['ignore', log, log],
    })
    await once(child, 'spawn')
    child.unref()
    const identity = child.pid === undefined ? undefined : identify(child.pid)
    if (identity === undefined) throw new Error(`${what.command} ended at once: ${await tail(logFile)}`)
    return identity
  } finally {
    closeSync(log)
  }
}

function rotate(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size > MAX_LOG_BYTES) renameSync(logFile, `${logFile}.1`)
}

/** The last lines of a log. */
export async function tail(logFile: string): Promise<string> {
  const file = await open(logFile, 'r')
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - TAIL_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
  } finally {
    await file.close()
  }
}
