import type { Arrival } from '../arrival.ts'
import { queueService } from '../outbox.ts'
import { futureSalts } from '../service-bodies.ts'

const MOST_SALTS = 64

/** `get_future_salts` → `future_salts`, as many as asked, from 1 to 64. */
export function receiveGetFutureSalts({ ctx, session, nowMs }: Arrival, msgId: bigint, body: Buffer): void {
  if (body.length < 8) return
  const count = Math.min(Math.max(body.readInt32LE(4), 1), MOST_SALTS)
  const salts = ctx.salts.future(session.key.id, nowMs, count)
  queueService(ctx, session, futureSalts(msgId, Math.floor(nowMs / 1000), salts))
}
