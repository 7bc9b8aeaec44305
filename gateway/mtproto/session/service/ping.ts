import type { Arrival } from '../arrival.ts'
import { queueService } from '../outbox.ts'
import { pong } from '../service-bodies.ts'

const LONGEST_DELAY_S = 600

/** `ping` → `pong`. */
export function receivePing({ ctx, session }: Arrival, msgId: bigint, body: Buffer): void {
  if (body.length < 12) return
  queueService(ctx, session, pong(msgId, body.readBigInt64LE(4)))
}

/** `ping_delay_disconnect` → `pong`; the link closes unless another one follows within the delay (seconds). */
export function receivePingDelayDisconnect(arrival: Arrival, msgId: bigint, body: Buffer): void {
  if (body.length < 16) return
  const delayS = Math.min(Math.max(body.readInt32LE(12), 1), LONGEST_DELAY_S)
  arrival.carrier.disconnectAt(arrival.nowMs + delayS * 1000)
  receivePing(arrival, msgId, body)
}
