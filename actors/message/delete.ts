import {
  ADMIN_RIGHTS,
  type ChatId,
  type ChatInfo,
  chatKindOf,
  type DeletedMessage,
  type DeleteMessages,
  MAX_DELETED_PER_COMMAND,
  type MessageSeq,
  type MessagesDeleted,
  peerIdOf,
  type RecordHeader,
  SERVICE_USER_ID,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  chats,
  editAudiences,
  type Mutation,
  messageKeepers,
  messages,
  pinnedMessages,
  type RowRef,
  unreadMentions,
} from '@heliograph/storage'
import { type Member, mayAdminister } from '../chat/rights.ts'
import { chatRefs, memberOf } from '../chat/state.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { projectLost, recounts } from '../thread/recount.ts'
import { besideOf, besideRefs, projectBeside } from './beside.ts'
import { movedBy, projectMove, tellChannel } from './channel.ts'
import { filesOfDeleted, releaseDeletedFiles } from './files.ts'
import { gapRefs, gapsAfter, projectGaps } from './gaps.ts'
import { type KeptMessage, keptMessage, keptMessageRefs, storedMessage } from './keepers.ts'
import { loggedAs, projectLog } from './log.ts'
import { fanOut } from './mailbox.ts'
import { openChat, refusedOutside, unknown } from './members.ts'

const limitInvalid = { rejected: { code: 400, message: 'LIMIT_INVALID' } } as const
const deleteForbidden = { rejected: { code: 403, message: 'MESSAGE_DELETE_FORBIDDEN' } } as const

export function needsOfDelete({ chatId, userId, seqs }: DeleteMessages): RowRef[] {
  if (seqs.length > MAX_DELETED_PER_COMMAND) return []
  const refs = ascending(seqs).flatMap((seq) => [
    ...keptMessageRefs(chatId, seq),
    { table: pinnedMessages, key: { chatId, seq } },
    ...besideRefs(chatId, seq),
  ])
  const kind = chatKindOf(chatId)
  if (kind !== 'private') refs.push(...chatRefs(chatId, userId))
  if (kind === 'channel') refs.push({ table: chats, key: { chatId } }, ...gapRefs(chatId, seqs))
  return refs
}

/**
 * Deletes those messages that the user still has. In a private chat either member may delete any of them for both; elsewhere
 * it takes its author, or the right to delete those of others, to delete a message for all, and in channels it is always for
 * all. No event where there is none. The service account deletes for all what has run out. Rejects with LIMIT_INVALID,
 * MESSAGE_DELETE_FORBIDDEN, CHANNEL_PRIVATE and, in channels, outsiders as `refusedOutside` says.
 */
export function decideDelete(rows: Rows, command: DeleteMessages, at: At): Decision<MessagesDeleted> {
  const { chatId, userId, seqs } = command
  if (seqs.length > MAX_DELETED_PER_COMMAND) return limitInvalid
  const isChannel = chatKindOf(chatId) === 'channel'
  const isExpiry = userId === SERVICE_USER_ID && command.forAll
  const found = ascending(seqs).flatMap((seq) => {
    const message = isExpiry ? expired(rows, command, seq, at) : keptMessage(rows, chatId, seq, userId)
    return message === undefined ? [] : [{ seq, message }]
  })
  const refused = isExpiry ? undefined : refusal(rows, command, found, at)
  if (refused !== undefined) return refused
  if (found.length === 0) return { events: [] }
  const gone = found.map(({ seq, message }) => deleted(command, seq, message))
  const event: MessagesDeleted = {
    type: 'MessagesDeleted',
    chatId,
    byUserId: userId,
    messages: gone,
    date: at.date,
    pts: 0,
    ...rest('files', filesOfDeleted(rows, chatId, gone)),
    ...rest('unpinned', unpinnedBy(rows, chatId, gone)),
    ...rest('beside', besideOf(rows, chatId, gone)),
    ...rest('replies', isChannel ? lostReplies(found) : []),
    ...rest(
      'gaps',
      isChannel
        ? gapsAfter(
            rows,
            chatId,
            found.map(({ seq }) => seq),
          )
        : [],
    ),
    ...rest(
      'mentions',
      found.flatMap(({ seq, message }) => lostMentions(command, seq, message)),
    ),
  }
  if (isChannel) Object.assign(event, movedBy(rows, chatId, gone.length), loggedAs(command.log, at))
  return { events: [event] }
}

type Found = { readonly seq: MessageSeq; readonly message: KeptMessage }
type Mentions = NonNullable<MessagesDeleted['mentions']>

function rest<K extends string, T>(key: K, items: T[]): { readonly [P in K]?: T[] } {
  return items.length === 0 ? {} : ({ [key]: items } as { [P in K]: T[] })
}

/** Of messages that are gone; what is pinned is read from one partition, which is not to fill up with deletions. */
function unpinnedBy(rows: Rows, chatId: ChatId, gone: readonly DeletedMessage[]): MessageSeq[] {
  const pinned = ({ seq, keptBy }: DeletedMessage) =>
    keptBy.length === 0 && rows.get(pinnedMessages, { chatId, seq }) !== undefined
  return gone.filter(pinned).map(({ seq }) => seq as MessageSeq)
}

function lostReplies(found: readonly Found[]): NonNullable<MessagesDeleted['replies']> {
  return found.flatMap(({ seq, message }) => {
    const topSeq = message.row.threadSeq ?? null
    return topSeq === null ? [] : [{ seq, topSeq: topSeq as MessageSeq }]
  })
}

function ascending(seqs: readonly MessageSeq[]): MessageSeq[] {
  return [...new Set(seqs)].sort((a, b) => a - b)
}

/** A message whose timer has run out. */
function expired(rows: Rows, { chatId }: DeleteMessages, seq: MessageSeq, at: At): KeptMessage | undefined {
  const message = storedMessage(rows, chatId, seq)
  const expiresAt = message?.row.expiresAt ?? 0
  return expiresAt > 0 && expiresAt <= at.date ? message : undefined
}

function refusal(rows: Rows, { chatId, userId, forAll }: DeleteMessages, found: readonly Found[], at: At) {
  const kind = chatKindOf(chatId)
  if (kind === 'private' || (kind === 'group' && !forAll)) return undefined
  const info = openChat(rows, chatId)
  if (info === undefined) return unknown(chatId)
  const member = memberOf(rows, chatId, userId)
  const rejected = refusedOutside(info, member, at.date)
  if (rejected !== undefined) return kind === 'group' ? deleteForbidden : { rejected }
  const allowed = found.every(({ message }) => mayDelete(info, member, userId, message))
  return allowed ? undefined : deleteForbidden
}

/** An author who may not post any more in a broadcast deletes nothing either. */
function mayDelete(info: ChatInfo, member: Member, userId: UserId, { row }: KeptMessage): boolean {
  if (mayAdminister(member, ADMIN_RIGHTS.deleteMessages)) return true
  if (row.senderId !== userId) return false
  return info.kind !== 'broadcast' || mayAdminister(member, ADMIN_RIGHTS.postMessages)
}

function deleted(
  { userId, forAll }: DeleteMessages,
  seq: MessageSeq,
  { keptBy }: KeptMessage,
): DeletedMessage {
  if (forAll || keptBy.length === 0) return { seq, lostBy: [...keptBy], keptBy: [] }
  return { seq, lostBy: [userId], keptBy: keptBy.filter((keeper) => keeper !== userId) }
}

function lostMentions(
  { userId, forAll }: DeleteMessages,
  seq: MessageSeq,
  { row, keptBy }: KeptMessage,
): Mentions {
  const mentioned = (row.mentions ?? []) as readonly UserId[]
  const isGone = forAll || keptBy.length === 0
  return mentioned.filter((each) => isGone || each === userId).map((each) => ({ seq, userId: each }))
}

export function projectDeleted(event: MessagesDeleted): Mutation[] {
  const { chatId, messages: gone, mentions = [], unpinned = [], replies = [] } = event
  const { counts, pts, date, byUserId } = event
  const rows = gone.flatMap((message) => keptOrGone(event, message))
  for (const { seq, userId } of mentions) {
    rows.push({ kind: 'delete', table: unreadMentions, key: { userId, chatId, seq } })
  }
  rows.push(...projectLost(chatId, replies))
  rows.push(...projectBeside(chatId, event.beside ?? []))
  rows.push(...projectGaps(chatId, event.gaps ?? []))
  for (const seq of unpinned) rows.push({ kind: 'delete', table: pinnedMessages, key: { chatId, seq } })
  if (counts === undefined || counts === null) return rows
  const seqs = seqsOf(event)
  const move = { chatId, kind: 'delete', pts, ptsCount: seqs.length, date, seqs } as const
  return [...rows, ...projectMove(move, counts), ...projectLog(event, byUserId, 'delete')]
}

const seqsOf = (event: MessagesDeleted): MessageSeq[] => event.messages.map(({ seq }) => seq as MessageSeq)

/** Tables with one row for a message, which goes with it. */
const ROWS_OF_ONE = {
  private: [messages, messageKeepers],
  group: [messages, messageKeepers, editAudiences],
  channel: [messages],
} as const

function keptOrGone({ chatId }: MessagesDeleted, { seq, keptBy }: DeletedMessage): Mutation[] {
  if (keptBy.length > 0) return [{ kind: 'upsert', table: messageKeepers, row: { chatId, seq, keptBy } }]
  const key = { chatId, seq }
  return ROWS_OF_ONE[chatKindOf(chatId)].map((table) => ({ kind: 'delete', table, key }))
}

export function reactToDeleted(event: MessagesDeleted, header: RecordHeader): Reaction[] {
  const told =
    chatKindOf(event.chatId) === 'channel' ? toldInChannel(event, header) : toldToLosers(event, header)
  return [...told, ...releaseDeletedFiles(event), ...recounts(event.chatId, event.replies ?? [])]
}

function toldInChannel(event: MessagesDeleted, header: RecordHeader): Reaction[] {
  const { chatId, pts, date } = event
  const seqs = seqsOf(event)
  return tellChannel({ chatId, kind: 'delete', pts, ptsCount: seqs.length, date, seqs }, header)
}

function toldToLosers(event: MessagesDeleted, header: RecordHeader): Reaction[] {
  const losers = [...new Set(event.messages.flatMap((message) => message.lostBy))]
  return fanOut(losers, event.byUserId, header, (userId) => ({
    type: 'MailboxDeleted',
    userId,
    peerId: peerIdOf(userId, event.chatId),
    seqs: lostTo(event, userId),
    date: event.date,
  }))
}

function lostTo(event: MessagesDeleted, userId: UserId): MessageSeq[] {
  return event.messages
    .filter((message) => message.lostBy.includes(userId))
    .map((message) => message.seq as MessageSeq)
}
