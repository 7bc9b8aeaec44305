/** `invokeAfterMsg(s)`: a call that may start only when others have succeeded. */
import type { Context } from './context.ts'
import type { Timed } from './deadline-wheel.ts'
import { FAILED, SUCCEEDED } from './received-ids.ts'
import type { Session } from './session.ts'

/** Calls of a session that wait for others, by the message ids that they wait for. */
export type Waits = Map<bigint, Wait[]>

/** Calls `go(true)` once all messages have succeeded, `go(false)` when one has failed or does not come in time. */
export function afterMessages(
  ctx: Context,
  session: Session,
  msgIds: readonly bigint[],
  go: (succeeded: boolean) => void,
): void {
  let failed = false
  const open = msgIds.filter((msgId) => {
    const outcome = outcomeOf(session, msgId)
    if (outcome === false) failed = true
    return outcome === undefined
  })
  if (failed || open.length === 0) return go(!failed)
  const wait = new Wait(ctx, session, open, go)
  session.waits ??= new Map()
  for (const msgId of open) {
    const others = session.waits.get(msgId)
    if (others) others.push(wait)
    else session.waits.set(msgId, [wait])
  }
}

/** A message of the session has been dealt with: whoever waits for it goes on. */
export function settleDependents(session: Session, msgId: bigint, succeeded: boolean): void {
  const waits = session.waits?.get(msgId)
  if (!waits) return
  session.waits?.delete(msgId)
  if (session.waits?.size === 0) session.waits = undefined
  for (const wait of waits) wait.settle(msgId, succeeded)
}

/** True and false for a message that succeeded or failed, undefined for one that has not arrived or still runs. */
function outcomeOf(session: Session, msgId: bigint): boolean | undefined {
  const flags = session.received.get(msgId)
  if (flags === undefined) return session.received.isTooOld(msgId) ? false : undefined
  if ((flags & FAILED) !== 0) return false
  // A message that is no call (a ping, say) is done as soon as it is there.
  return (flags & SUCCEEDED) !== 0 || !session.calls?.has(msgId) ? true : undefined
}

class Wait implements Timed {
  readonly #ctx: Context
  readonly #session: Session
  readonly #open: Set<bigint>
  readonly #go: (succeeded: boolean) => void
  readonly #untilMs: number
  #done = false

  constructor(ctx: Context, session: Session, msgIds: bigint[], go: (succeeded: boolean) => void) {
    const now = ctx.ports.now()
    this.#ctx = ctx
    this.#session = session
    this.#open = new Set(msgIds)
    this.#go = go
    this.#untilMs = now + ctx.limits.dependencyMs
    ctx.wheel.add(this, now + ctx.limits.unknownDependencyMs)
  }

  settle(msgId: bigint, succeeded: boolean): void {
    this.#open.delete(msgId)
    if (!succeeded) this.#finish(false)
    else if (this.#open.size === 0) this.#finish(true)
  }

  onDeadline(nowMs: number): void {
    if (this.#done) return
    const unknown = [...this.#open].some((msgId) => this.#session.received.get(msgId) === undefined)
    if (unknown || nowMs >= this.#untilMs || this.#session.closed) this.#finish(false)
    else this.#ctx.wheel.add(this, this.#untilMs)
  }

  #finish(succeeded: boolean): void {
    if (this.#done) return
    this.#done = true
    for (const msgId of this.#open) this.#leave(msgId)
    this.#go(succeeded)
  }

  #leave(msgId: bigint): void {
    const others = this.#session.waits?.get(msgId)?.filter((wait) => wait !== this)
    if (others && others.length > 0) this.#session.waits?.set(msgId, others)
    else this.#session.waits?.delete(msgId)
  }
}

export type { Wait }
