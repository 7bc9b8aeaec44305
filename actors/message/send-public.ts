import {
  ADMIN_RIGHTS,
  type ChatInfo,
  chatKindOf,
  isChannelPeer,
  MAX_MENTIONS,
  type MessageSent,
  type MessageSeq,
  type MessagesPinned,
  NO_EXTRA,
  type PeerId,
  peerIdOfChat,
  type SendMessage,
  type UserId,
} from '@heliograph/schemas/avro'
import { channelReads, chats, lastSends, type RowRef } from '@heliograph/storage'
import { isSlowed, type Member, mayAdminister, maySend, refusedBySlowMode } from '../chat/rights.ts'
import { chatRefs, memberOf } from '../chat/state.ts'
import type { At, Decision, Rejection, Rows } from '../runtime/decider.ts'
import { pinCopy } from '../thread/discussed.ts'
import { placedInThread, placeRefs } from '../thread/placed.ts'
import { awaitingAfter, marksOf } from './awaiting.ts'
import { ptsOf } from './channel.ts'
import { type KeptMessage, keptMessage } from './keepers.ts'
import { openChat, unknown, withMailbox } from './members.ts'
import { nextPlace } from './sent.ts'

/** Sending where more than two may read: basic groups, and channels. */

const sendAsInvalid: Rejection = { code: 400, message: 'SEND_AS_PEER_INVALID' }

/** Beside what every message needs. */
export function needsOfPublicSend(command: SendMessage): RowRef[] {
  const { chatId, senderId } = command
  const refs = chatRefs(chatId, senderId)
  if (chatKindOf(chatId) === 'group') refs.push({ table: channelReads, key: { chatId } })
  else refs.push({ table: lastSends, key: { chatId, userId: senderId } }, ...placeRefs(command))
  return refs
}

export function sendToGroup(rows: Rows, command: SendMessage, at: At): Decision<MessageSent> {
  const { chatId, senderId, extra } = command
  const group = openChat(rows, chatId)
  if (group === undefined) return unknown(chatId)
  if (extra !== null && extra.postAs !== null) return { rejected: sendAsInvalid }
  const member = memberOf(rows, chatId, senderId)
  const rejected = maySend(group, member, extra?.kinds ?? [], at.date)
  if (rejected !== undefined) return { rejected }
  const chat = rows.get(chats, { chatId })
  const place = nextPlace(chat, senderId)
  const members = withMailbox(group.members)
  const awaiting = awaitingAfter(chat?.awaiting ?? [], marksOf(rows, chatId), senderId, place.seq, members)
  const answered = answeredMessage(rows, command)
  const mentioned = mentionedBy(command, answered).filter((userId) => members.includes(userId))
  return { events: [{ ...messageOf(command, answered, group, at), ...place, members, mentioned, awaiting }] }
}

export function sendToChannel(
  rows: Rows,
  command: SendMessage,
  at: At,
): Decision<MessageSent | MessagesPinned> {
  const { chatId, senderId } = command
  const channel = openChat(rows, chatId)
  if (channel === undefined) return unknown(chatId)
  const member = memberOf(rows, chatId, senderId)
  const isCopy = isPostOfLinked(channel, command)
  const rejected = isCopy ? undefined : channelRefusal(rows, channel, member, command, at)
  if (rejected !== undefined) return { rejected }
  const chat = rows.get(chats, { chatId })
  const answered = visibleTo(member, answeredMessage(rows, command))
  const event: MessageSent = {
    ...messageOf(command, answered, channel, at),
    ...nextPlace(chat, senderId),
    pts: ptsOf(chat) + 1,
  }
  if (channel.kind === 'broadcast') return { events: [asPost(event, channel)] }
  if (isCopy) return { events: [event, pinCopy(event)] }
  const placed = placedInThread(rows, channel, member, event)
  if ('rejected' in placed) return placed
  const mentioned = mentionedBy(command, answered)
  if (mentioned.length > 0) placed.mentioned = mentioned
  if (isSlowed(channel, member)) placed.slowed = true
  return { events: [placed] }
}

/** What the actor of a linked broadcast channel sends itself, for comments. */
function isPostOfLinked({ kind, linkedChatId }: ChatInfo, { extra }: SendMessage): boolean {
  const copyOf = extra?.copyOf
  if (kind !== 'supergroup' || linkedChatId === null || !copyOf?.sealedThere) return false
  if (copyOf.chatId !== linkedChatId) return false
  return extra?.postAs === peerIdOfChat(linkedChatId)
}

function channelRefusal(
  rows: Rows,
  channel: ChatInfo,
  member: Member,
  command: SendMessage,
  at: At,
): Rejection | undefined {
  const { chatId, senderId, extra } = command
  const refusal = maySend(channel, member, extra?.kinds ?? [], at.date)
  if (refusal !== undefined) return refusal
  if (!mayPostAs(channel, member, chatId, extra?.postAs ?? null)) return sendAsInvalid
  if (!isSlowed(channel, member)) return undefined
  const last = rows.get(lastSends, { chatId, userId: senderId })
  // The messages of an album are one.
  if (extra !== null && extra.groupedId !== null && extra.groupedId === last?.groupedId) return undefined
  return refusedBySlowMode(channel, member, last?.date ?? 0, at.date)
}

/** That other channels are the sender's own is known to the caller; anonymity is a right. */
function mayPostAs(
  channel: ChatInfo,
  member: Member,
  chatId: SendMessage['chatId'],
  postAs: PeerId | null,
): boolean {
  if (postAs === null) return true
  if (channel.kind === 'broadcast') return postAs === peerIdOfChat(chatId)
  return postAs === peerIdOfChat(chatId)
    ? mayAdminister(member, ADMIN_RIGHTS.anonymous)
    : isChannelPeer(postAs)
}

function answeredMessage(rows: Rows, command: SendMessage): KeptMessage | undefined {
  const { chatId, senderId, replyToSeq } = command
  return replyToSeq === null ? undefined : keptMessage(rows, chatId, replyToSeq, senderId)
}

/** Nobody answers what it does not see. */
function visibleTo(member: Member, answered: KeptMessage | undefined): KeptMessage | undefined {
  return answered !== undefined && (answered.row.seq ?? 0) > (member?.minSeq ?? 0) ? answered : undefined
}

/** Those named, and the author of the answered message where it wrote in its own name; never the sender. */
function mentionedBy({ senderId, extra }: SendMessage, answered: KeptMessage | undefined): UserId[] {
  const named = extra?.mentions ?? []
  if (named.length === 0 && answered === undefined) return []
  const mentioned = new Set(named.slice(0, MAX_MENTIONS))
  const author = answered?.row.postAs == null ? answered?.row.senderId : undefined
  if (author !== undefined && author !== null) mentioned.add(author as UserId)
  mentioned.delete(senderId)
  return [...mentioned]
}

function messageOf(
  command: SendMessage,
  answered: KeptMessage | undefined,
  { ttlSeconds }: ChatInfo,
  at: At,
): MessageSent {
  const { chatId, senderId, randomId, sealed, silent, extra, words } = command
  return {
    type: 'MessageSent',
    chatId,
    seq: 0 as MessageSeq,
    senderId,
    date: at.date,
    randomId,
    sealed,
    replyToSeq: answered === undefined ? null : (answered.row.seq as MessageSeq),
    silent,
    members: [],
    lastOtherSeq: 0 as MessageSeq,
    extra,
    words,
    pts: 0,
    expiresAt: ttlSeconds > 0 ? at.date + ttlSeconds : 0,
  }
}

/** What is posted in a broadcast channel stands in its name, and mentions nobody. */
function asPost(event: MessageSent, { linkedChatId }: ChatInfo): MessageSent {
  const { chatId, extra } = event
  const post = { ...event, extra: { ...(extra ?? NO_EXTRA), postAs: peerIdOfChat(chatId) } }
  return linkedChatId === null ? post : { ...post, discussedIn: linkedChatId }
}
