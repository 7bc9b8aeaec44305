import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatId,
  type ChatInfo,
  GENERAL_TOPIC,
  type MessageSeq,
  type PeerId,
  type Topic,
  type UserId,
} from '@heliograph/schemas/avro'
import { type RowOf, topics } from '@heliograph/storage'
import { type Member, mayAdminister, memberMay, outsider } from '../chat/rights.ts'
import { chatInfoOf, memberOf } from '../chat/state.ts'
import { openChat, unknown } from '../message/members.ts'
import type { At, Rejection, Rows } from '../runtime/decider.ts'

/** Topics of forums, and who may do what with them. Source: core.telegram.org/api/forum. */

const FORUM_MISSING: Rejection = { code: 400, message: 'CHANNEL_FORUM_MISSING' }
const TOPIC_CLOSED: Rejection = { code: 400, message: 'TOPIC_CLOSED' }
const TOPIC_DELETED: Rejection = { code: 400, message: 'TOPIC_DELETED' }
const ADMIN_REQUIRED: Rejection = { code: 400, message: 'CHAT_ADMIN_REQUIRED' }

export const isForum = (info: ChatInfo): boolean => info.kind === 'supergroup' && info.flags.includes('forum')

/** Undefined for a topic that never was; General is always there. */
export function topicOf(rows: Rows, chatId: ChatId, topSeq: number): Topic | undefined {
  const row = rows.get(topics, { chatId, topSeq })
  if (row !== undefined) return topicOfRow(row)
  if (topSeq !== GENERAL_TOPIC) return undefined
  const info = chatInfoOf(rows, chatId)
  return info === undefined ? undefined : general(info)
}

/** General, as long as nobody has changed it: its name is for readers to give. */
function general({ creatorId, createdAt }: ChatInfo): Topic {
  return {
    topSeq: GENERAL_TOPIC as MessageSeq,
    creatorId,
    postAs: null,
    date: createdAt,
    title: Buffer.alloc(0),
    iconColor: 0,
    iconEmojiId: 0n,
    closed: false,
    hidden: false,
    pinned: 0,
    deleted: false,
  }
}

function topicOfRow(row: RowOf<typeof topics>): Topic {
  return {
    topSeq: row.topSeq as MessageSeq,
    creatorId: (row.creatorId ?? 0) as UserId,
    postAs: row.postAs as PeerId | null,
    date: row.date ?? 0,
    title: row.title ?? Buffer.alloc(0),
    iconColor: row.iconColor ?? 0,
    iconEmojiId: row.iconEmojiId ?? 0n,
    closed: row.closed ?? false,
    hidden: row.hidden ?? false,
    pinned: row.pinned ?? 0,
    deleted: row.deleted ?? false,
  }
}

/** A forum with the member that acts in it. */
export interface Forum {
  readonly info: ChatInfo
  readonly member: Member
}

/** Rejects with CHANNEL_PRIVATE, CHANNEL_FORUM_MISSING, and outsiders as `outsider` says. */
export function forumOf(
  rows: Rows,
  chatId: ChatId,
  userId: UserId,
  at: At,
): Forum | { readonly rejected: Rejection } {
  const info = openChat(rows, chatId)
  if (info === undefined) return unknown(chatId)
  const member = memberOf(rows, chatId, userId)
  if (member?.isIn !== true) return { rejected: outsider(info, member, at.date) }
  return isForum(info) ? { info, member } : { rejected: FORUM_MISSING }
}

export const managesTopics = (member: Member): boolean => mayAdminister(member, ADMIN_RIGHTS.manageTopics)

/** Who may make topics: administrators with that right, and members unless it is forbidden to them. */
export function mayCreate({ info, member }: Forum, date: number): Rejection | undefined {
  if (managesTopics(member) || memberMay(info, member, BANNED_RIGHTS.manageTopics, date)) return undefined
  return ADMIN_REQUIRED
}

/** A member changes the topics that it made itself. */
export function mayEdit({ member }: Forum, topic: Topic, userId: UserId): Rejection | undefined {
  const isOwn = topic.creatorId === userId && topic.topSeq !== GENERAL_TOPIC
  return managesTopics(member) || isOwn ? undefined : ADMIN_REQUIRED
}

/** Why nobody but those who manage topics, and who made it, may write in a topic. */
export function refusedIn(topic: Topic, member: Member, userId: UserId): Rejection | undefined {
  if (topic.deleted) return TOPIC_DELETED
  const isOpen = !topic.closed || managesTopics(member) || topic.creatorId === userId
  return isOpen ? undefined : TOPIC_CLOSED
}
