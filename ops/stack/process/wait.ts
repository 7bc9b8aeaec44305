import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, type ProcessIdentity } from './identity.ts'

const POLL_MS = 100

/** Waits until the process has ended; false where it has not within the time. */
export async function waitExit(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const endMs = performance.now() + timeoutMs
  while (isAlive(identity)) {
    if (performance.now() > endMs) return false
    await sleep(POLL_MS)
  }
  return true
}

/** What ended a wait that did not succeed. */
export interface Unready {
  readonly reason: 'ended' | 'late'
  /** What the last check said; undefined where none was made. */
  readonly last: unknown
}

/**
 * Repeats a check until it passes (returns undefined), what it checks has ended, or the time is over; checks at least once.
 * A check bounds its own time.
 */
export async function waitReady(
  alive: () => boolean,
  check: () => Promise<void>,
  timeoutMs: number,
): Promise<Unready | undefined> {
  const endMs = performance.now() + timeoutMs
  let last: unknown
  while (alive()) {
    try {
      await check()
      return undefined
    } catch (error) {
      last = error
    }
    if (performance.now() > endMs) return { reason: 'late', last }
    await sleep(POLL_MS)
  }
  return { reason: 'ended', last }
}
