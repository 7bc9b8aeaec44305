import {
  type ChatId,
  chatIdOf,
  isChannelPeer,
  MAX_READ_PER_COMMAND,
  type MessageSeq,
} from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { unreadReactions } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { countersOf } from '../messages/answers.ts'
import { topOf } from '../messages/mailbox/extent.ts'
import { leftGroups } from '../messages/mailbox/left-groups.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { answerUnseen, inTopic } from '../messages/read/mentions.ts'
import { inputPeerId } from '../peers.ts'

/** What others did to messages of the caller that it has not seen: reactions, or votes in its polls. */
type UnreadKind = 'reactions' | 'votes'
type ListCall =
  | Parameters<Handler<'messages.getUnreadReactions'>>[0]
  | Parameters<Handler<'messages.getUnreadPollVotes'>>[0]
type ReadCall = Pick<Parameters<Handler<'messages.readReactions'>>[0], 'peer' | 'topMsgId'>

/** Messages of one chat that are looked at. */
const MAX_UNREAD = 1_000

export const getUnreadReactions: Handler<'messages.getUnreadReactions'> = (call, context) =>
  list(call, context, 'reactions')
export const getUnreadPollVotes: Handler<'messages.getUnreadPollVotes'> = (call, context) =>
  list(call, context, 'votes')
export const readReactions: Handler<'messages.readReactions'> = (call, context) =>
  read(call, context, 'reactions')
export const readPollVotes: Handler<'messages.readPollVotes'> = (call, context) =>
  read(call, context, 'votes')

/** Newest first. */
async function list(
  call: ListCall,
  context: CallContext,
  kind: UnreadKind,
): Promise<TlType<'messages.Messages'>> {
  const peerId = inputPeerId(call.peer, context)
  const mailbox = await openMailbox(context, peerId)
  return answerUnseen(call, context, mailbox, await unreadIn(context, chatIdOf(context.user, peerId), kind))
}

/** In chunks; `offset` above 0 tells the client to call again. */
async function read(
  call: ReadCall,
  context: CallContext,
  kind: UnreadKind,
): Promise<Tl<'messages.affectedHistory'>> {
  const { services, user, caller } = context
  const peerId = inputPeerId(call.peer, context)
  const mailbox = await openMailbox(context, peerId)
  const chatId = chatIdOf(user, peerId)
  const unread = await inTopic(mailbox, await unreadIn(context, chatId, kind), call.topMsgId)
  const seqs = unread.slice(0, MAX_READ_PER_COMMAND)
  if (seqs.length > 0) {
    const command = { type: 'ReadReactions', chatId, userId: user, kind, seqs } as const
    await services.commands.ask('chat.commands', chatId, command, caller)
  }
  const { pts } = isChannelPeer(peerId) ? await topOf(mailbox) : await countersOf(context)
  return { _: 'messages.affectedHistory', pts, ptsCount: 0, offset: unread.length - seqs.length }
}

/** Newest first; none of a basic group that the user has left, where they may have come since. */
async function unreadIn(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  chatId: ChatId,
  kind: UnreadKind,
): Promise<MessageSeq[]> {
  const range = { descending: true, limit: MAX_UNREAD }
  const rows = await services.tables.range(unreadReactions, { userId: user, kind, chatId }, range)
  const left = await leftGroups(services.tables, user, rows.length === 0 ? [] : [chatId])
  return left.has(chatId) ? [] : rows.map(({ seq }) => seq as MessageSeq)
}

/** How many of them there are in each chat that the user is in, for the list of chats. */
export async function unreadByChat(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  kind: UnreadKind,
): Promise<ReadonlyMap<ChatId, number>> {
  const rows = await services.tables.range(unreadReactions, { userId: user, kind }, { limit: MAX_UNREAD })
  const counts = new Map<ChatId, number>()
  for (const { chatId } of rows) counts.set(chatId as ChatId, (counts.get(chatId as ChatId) ?? 0) + 1)
  for (const chatId of await leftGroups(services.tables, user, counts.keys())) counts.delete(chatId)
  return counts
}
