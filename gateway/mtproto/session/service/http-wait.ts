import { arm } from '../arm.ts'
import type { Arrival } from '../arrival.ts'

/** No answer is held back longer, and no request stays open longer, whatever the client asks (milliseconds). */
const LONGEST_DELAY_MS = 5_000
const LONGEST_WAIT_MS = 60_000

/**
 * `http_wait`: messages may be held up to max_delay so that more come together, or wait_after since the last; without any, the
 * request stays open for max_wait (core.telegram.org/mtproto/service_messages#http-waitlong-poll).
 */
export function receiveHttpWait({ ctx, session, carrier, nowMs }: Arrival, body: Buffer): void {
  if (body.length < 16 || carrier.link.kind !== 'http') return
  const holdMs = Math.min(
    bounded(body.readInt32LE(4), LONGEST_DELAY_MS),
    body.readInt32LE(8) || LONGEST_DELAY_MS,
  )
  carrier.answerBy(nowMs + bounded(body.readInt32LE(12), LONGEST_WAIT_MS))
  if (holdMs <= 0) return
  session.holdDueMs = nowMs + holdMs
  arm(ctx, session, session.holdDueMs)
}

function bounded(value: number, largest: number): number {
  return Math.min(Math.max(value, 0), largest)
}
