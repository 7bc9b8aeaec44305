import { type ChatId, type MessageSeq, peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { chats, messages } from '@heliograph/storage'
import { reachChannel, requireMember, requireRight, requireSupergroup } from '../chats/reach.ts'
import type { CallContext, Handler } from '../handler.ts'
import { requireAccount } from '../live-account.ts'
import { type Affected, deleteSeqs } from '../messages/change/delete-command.ts'
import { inputPeerId } from '../peers.ts'

/** Messages that one call looks through, from the newest: those before stay. */
export const MAX_SCANNED_HISTORY = 100_000
const SCAN_CHUNK = 1_000

/** Deletes everything that a member has written in a supergroup. */
export const deleteParticipantHistory: Handler<'channels.deleteParticipantHistory'> = async (
  call,
  context,
) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached, 'CHANNEL_INVALID')
  requireMember(reached)
  requireRight(reached, 'deleteMessages')
  const peer = inputPeerId(call.participant, context, 'PARTICIPANT_ID_INVALID')
  const { chatId } = reached
  const affected = await deleteHistoryOf(context, chatId, peer)
  const chat = await context.services.tables.get(chats, { chatId })
  return {
    _: 'messages.affectedHistory',
    pts: affected?.pts ?? Math.max(chat?.pts ?? 0, 1),
    ptsCount: affected?.ptsCount ?? 0,
    offset: 0,
  }
}

/** Deletes for all what somebody wrote in a group, newest first; what that did to the caller's mailbox or the channel. */
export async function deleteHistoryOf(
  context: CallContext,
  chatId: ChatId,
  peer: number,
): Promise<Affected | undefined> {
  const seqs = await messagesOf(context, chatId, peer)
  return deleteSeqs(context, peerIdOfChat(chatId), seqs, true)
}

async function messagesOf({ services }: CallContext, chatId: ChatId, peer: number): Promise<MessageSeq[]> {
  const seqs: MessageSeq[] = []
  let to: number | undefined
  for (let scanned = 0; scanned < MAX_SCANNED_HISTORY; scanned += SCAN_CHUNK) {
    const range = { descending: true, limit: SCAN_CHUNK, ...(to !== undefined && { to }) }
    const rows = await services.tables.range(messages, { chatId }, range)
    for (const { seq, senderId, postAs, service } of rows) {
      if ((postAs ?? senderId) === peer && service !== true) seqs.push(seq as MessageSeq)
    }
    const last = rows.at(-1)?.seq
    if (rows.length < SCAN_CHUNK || !last || last <= 1) break
    to = last - 1
  }
  return seqs
}

/** A report reaches nobody but the log of this server: there is no moderation beyond the chat's own. */
export const reportSpam: Handler<'channels.reportSpam'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireRight(reached, 'deleteMessages')
  const peerId = inputPeerId(call.participant, context, 'USER_ID_INVALID')
  await requireAccount(context, peerId)
  if (call.id.length === 0) throw new RpcError(400, 'MSG_ID_INVALID')
  context.services.log.info({ method: 'channels.reportSpam' }, 'spam was reported')
  return true
}
