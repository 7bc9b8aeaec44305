import type { Arrival } from '../arrival.ts'
import { queueService } from '../outbox.ts'
import { ACKNOWLEDGED, ANSWERED, PROCESSED } from '../received-ids.ts'
import { msgsStateInfo } from '../service-bodies.ts'
import type { Session } from '../session.ts'
import { takeLongs } from '../tl-bytes.ts'
import { MOST_IDS } from './acks.ts'

/** `msgs_state_req` → `msgs_state_info`, one byte per id. */
export function receiveStateRequest({ ctx, session }: Arrival, msgId: bigint, body: Buffer): void {
  const ids = takeLongs(body, 4, MOST_IDS)
  if (ids) queueService(ctx, session, stateInfo(session, msgId, ids))
}

/** What became of the client's messages. */
export function stateInfo(session: Session, reqMsgId: bigint, ids: readonly bigint[]): Buffer {
  return msgsStateInfo(
    reqMsgId,
    Uint8Array.from(ids, (id) => stateOf(session, id)),
  )
}

function stateOf(session: Session, msgId: bigint): number {
  const state = session.received.stateByte(msgId)
  const call = session.calls?.get(msgId)
  if (!call) return state
  // An answer that waits in the outbox has not gone out: bit 64 would make the client wait for it without asking again.
  const answered = call.answer?.sent ? ANSWERED | ACKNOWLEDGED : 0
  return state | PROCESSED | (call.acknowledged ? ACKNOWLEDGED : 0) | answered
}
