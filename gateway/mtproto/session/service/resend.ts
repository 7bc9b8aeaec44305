import type { Arrival } from '../arrival.ts'
import { keptMessage } from '../kept.ts'
import { queueAgain, queueService } from '../outbox.ts'
import { takeLongs } from '../tl-bytes.ts'
import { MOST_IDS } from './acks.ts'
import { stateInfo } from './state.ts'

/** `msg_resend_req`: kept messages are sent again; of the others the state is told. */
export function receiveResendRequest({ ctx, session }: Arrival, msgId: bigint, body: Buffer): void {
  const ids = takeLongs(body, 4, MOST_IDS)
  if (!ids) return
  let missing = false
  for (const id of ids) {
    const message = keptMessage(session, id)
    if (message) queueAgain(ctx, session, message)
    else missing = true
  }
  if (missing) queueService(ctx, session, stateInfo(session, msgId, ids))
}
