import { isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { requireRight } from '../../chats/reach.ts'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { countersOf } from '../answers.ts'
import { dialogOf, liveEntries, type Mailbox, seqFromDate, seqFromId } from '../mailbox/history.ts'
import { openChannel, openMailbox } from '../mailbox/open.ts'
import { deleteSeqs } from './delete-command.ts'

/** Messages that one call deletes; the answer says whether there are more. */
export const MAX_HISTORY_CHUNK = 1000

type DeleteHistoryCall = Parameters<Handler<'messages.deleteHistory'>>[0]

/**
 * `messages.deleteHistory`: from the newest downwards, in chunks; `offset` above 0 tells the client to call again.
 * `just_clear` deletes for the caller alone, `revoke` for both sides.
 */
export const deleteHistory: Handler<'messages.deleteHistory'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  if (isChannelPeer(peerId)) return refuseChannel(context, peerId)
  if (call.maxId < 0) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  const mailbox = await openMailbox(context, peerId)
  const { low, high } = await bounds(mailbox, call)
  const doomed = await liveEntries(
    mailbox,
    { from: low, to: high, descending: true },
    0,
    MAX_HISTORY_CHUNK + 1,
  )
  const chunk = doomed.slice(0, MAX_HISTORY_CHUNK)
  const forAll = call.revoke === true
  const seqs = chunk.map((entry) => entry.seq)
  const affected = await deleteSeqs(context, peerId, seqs, forAll)
  return {
    _: 'messages.affectedHistory',
    ...(affected ?? { pts: (await countersOf(context)).pts, ptsCount: 0 }),
    offset: doomed.length > chunk.length ? doomed.length - chunk.length : 0,
  }
}

/** Channels have `channels.deleteHistory`; who may not delete there is told that first. */
async function refuseChannel(context: CallContext, peerId: PeerId): Promise<never> {
  const { member } = await openChannel(context, peerId)
  requireRight({ member, isIn: member?.isIn === true }, 'deleteMessages')
  throw new RpcError(400, 'PEER_ID_INVALID')
}

/** Both inclusive, as `max_id` and the dates are. */
async function bounds(mailbox: Mailbox, call: DeleteHistoryCall): Promise<{ low: number; high: number }> {
  const { minDate = 0, maxDate = 0, maxId } = call
  if (mailbox.peerId < 0 && (minDate !== 0 || maxDate !== 0))
    throw new RpcError(400, 'CHAT_REVOKE_DATE_UNSUPPORTED')
  if (minDate < 0) throw new RpcError(400, 'MIN_DATE_INVALID')
  if (maxDate < 0 || (maxDate > 0 && maxDate < minDate)) throw new RpcError(400, 'MAX_DATE_INVALID')
  const topSeq = (await dialogOf(mailbox))?.topSeq ?? 0
  let high = maxId > 0 ? (await seqFromId(mailbox, topSeq, maxId + 1)) - 1 : topSeq
  if (maxDate > 0) high = Math.min(high, (await seqFromDate(mailbox, topSeq, maxDate + 1)) - 1)
  const low = minDate > 0 ? await seqFromDate(mailbox, topSeq, minDate) : 1
  return { low, high }
}
