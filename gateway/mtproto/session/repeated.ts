import type { Arrival } from './arrival.ts'
import { MSG_TOO_OLD } from './checks.ts'
import { bodyBytes } from './out-message.ts'
import { acknowledgeSoon, queueAgain, queueService } from './outbox.ts'
import { FORGOTTEN } from './received-ids.ts'
import { badMsgNotification, msgDetailedInfo } from './service-bodies.ts'

/** A larger answer that has been sent once is offered by `msg_detailed_info` instead of being sent again unasked. */
const OFFER_FROM_BYTES = 128 * 1024

/** A message came again: it is not run again, but its answer, or an acknowledgement, is sent again. */
export function receiveAgain({ ctx, session }: Arrival, msgId: bigint, seqNo: number, flags: number): void {
  if ((flags & FORGOTTEN) !== 0) {
    // Its answer had to be given up; only a new message can get one.
    queueService(ctx, session, badMsgNotification(msgId, seqNo, MSG_TOO_OLD))
    return
  }
  const answer = session.calls?.get(msgId)?.answer
  if (!answer) {
    if ((seqNo & 1) === 1) acknowledgeSoon(ctx, session, msgId)
  } else if (answer.sent && bodyBytes(answer) >= OFFER_FROM_BYTES) {
    queueService(ctx, session, msgDetailedInfo(msgId, answer.msgId, bodyBytes(answer)))
  } else queueAgain(ctx, session, answer)
}
