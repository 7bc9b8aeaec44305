import { CHANNEL_PEER_BASE, chatIdOf, type MessageSeq, peerIdOfChat, userKey } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { namedIn, updatesOf } from '../../messages/answers.ts'
import { deleteSeqs } from '../../messages/change/delete-command.ts'
import { MAX_HISTORY_CHUNK } from '../../messages/change/delete-history.ts'
import { topOf } from '../../messages/mailbox/extent.ts'
import { liveEntries } from '../../messages/mailbox/history.ts'
import { type ChannelMailbox, openChannel } from '../../messages/mailbox/open.ts'
import { inputChannelId } from '../../peers.ts'

const MAX_DELETED_IDS = 1000
/** Larger channels keep what their members would like to see gone for all. */
const MAX_CLEARED_PARTICIPANTS = 1000

/** `channels.deleteMessages`: for everybody; ids of messages that are not there are no error. 403 MESSAGE_DELETE_FORBIDDEN. */
export const deleteMessages: Handler<'channels.deleteMessages'> = async (call, context) => {
  if (call.id.length > MAX_DELETED_IDS) throw new RpcError(400, 'MSG_ID_INVALID')
  const channel = await openChannel(context, peerIdOfChat(inputChannelId(call.channel, context)))
  const seqs = [...new Set(call.id)].filter((id) => id > channel.floorSeq).sort((a, b) => a - b)
  const affected = await deleteSeqs(context, channel.peerId, seqs as MessageSeq[], true)
  if (affected !== undefined) return { _: 'messages.affectedMessages', ...affected }
  return { _: 'messages.affectedMessages', pts: (await topOf(channel)).pts, ptsCount: 0 }
}

/**
 * `channels.deleteHistory`: hides everything up to `max_id` from the caller, or with `for_everyone` deletes it for all, in chunks:
 * the creator of a channel that is not too large may.
 */
export const deleteHistory: Handler<'channels.deleteHistory'> = async (call, context) => {
  const channel = await openChannel(context, peerIdOfChat(inputChannelId(call.channel, context)))
  const { topSeq } = await topOf(channel)
  const upTo = call.maxId > 0 ? Math.min(call.maxId, topSeq) : topSeq
  return call.forEveryone === true
    ? clearForAll(context, channel, upTo)
    : clearForOneself(context, channel, upTo)
}

/** @throws RpcError 400 CHANNEL_PARICIPANT_MISSING (as the protocol spells it) for who only looks into it */
async function clearForOneself(
  context: CallContext,
  channel: ChannelMailbox,
  upTo: number,
): Promise<TlType<'Updates'>> {
  if (channel.member?.isIn !== true) throw new RpcError(400, 'CHANNEL_PARICIPANT_MISSING')
  const { services, user, caller, now } = context
  const chatId = chatIdOf(user, channel.peerId)
  const mark = { type: 'MarkChannel', userId: user, chatId, readSeq: upTo, clearedSeq: upTo } as const
  if (upTo > channel.floorSeq) await services.commands.ask('account.commands', userKey(user), mark, caller)
  const { users, chats } = await namedIn(context, [], [channel.peerId])
  const channelId = CHANNEL_PEER_BASE - channel.peerId
  const told = { _: 'updateChannelAvailableMessages', channelId, availableMinId: upTo } as const
  return updatesOf([told], users, now, chats)
}

/** @throws RpcError 400 CHAT_ADMIN_REQUIRED, CHANNEL_TOO_BIG */
async function clearForAll(
  context: CallContext,
  channel: ChannelMailbox,
  upTo: number,
): Promise<TlType<'Updates'>> {
  const { facts, peerId } = channel
  if (facts.creatorId !== context.user) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
  if (facts.participants > MAX_CLEARED_PARTICIPANTS) throw new RpcError(400, 'CHANNEL_TOO_BIG')
  const updates: TlType<'Update'>[] = []
  for (let high = upTo; ; ) {
    const range = { from: 1, to: high, descending: true }
    const doomed = await liveEntries(channel, range, 0, MAX_HISTORY_CHUNK)
    if (doomed.length === 0) break
    const seqs = doomed.map(({ seq }) => seq)
    const affected = await deleteSeqs(context, peerId, seqs, true)
    const channelId = CHANNEL_PEER_BASE - peerId
    if (affected !== undefined)
      updates.push({ _: 'updateDeleteChannelMessages', channelId, messages: seqs, ...affected })
    high = seqs[seqs.length - 1]! - 1
  }
  const { users, chats } = await namedIn(context, [], [peerId])
  return updatesOf(updates, users, context.now, chats)
}
