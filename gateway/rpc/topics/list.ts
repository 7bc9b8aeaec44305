import { type ChatId, GENERAL_TOPIC, type PeerId, type UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import {
  channelReads,
  messages,
  type RowOf,
  type Tables,
  threadMessages,
  threads,
  unreadMentions,
  unreadReactions,
} from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { namedIn } from '../messages/answers.ts'
import { topOf } from '../messages/mailbox/extent.ts'
import { type HistoryEntry, liveEntries } from '../messages/mailbox/history.ts'
import { locateIn } from '../messages/mailbox/locate.ts'
import { type ChannelMailbox, openChannel } from '../messages/mailbox/open.ts'
import { clampLimit } from '../messages/mailbox/paging.ts'
import { renderEntries } from '../messages/mailbox/rendered.ts'
import { peerNumber, renderPeer } from '../render/peer.ts'
import { MAX_COUNTED_UNREAD, threadReads, unreadInThread } from '../threads/reads.ts'
import { topicDrafts } from './drafts.ts'
import { type Forum, reachForum } from './forum.ts'
import { findTopics, type Topic, topicsOf } from './topic.ts'

/** Topics that one call may name. */
const MAX_NAMED = 100
/** Unread mentions, and messages with unseen reactions or votes, of a forum that are counted. */
const MAX_COUNTED_UNSEEN = 100

/** `messages.getForumTopics`: pinned topics first, the others by their last message; paged by the last topic that was seen. */
export const getForumTopics: Handler<'messages.getForumTopics'> = async (call, context) => {
  const forum = await reachForum(context, call.peer)
  const all = await topicsOf(context.services, forum.facts)
  const wanted = call.q?.trim().toLowerCase() ?? ''
  const shown = wanted === '' ? all : all.filter(({ title }) => title.toLowerCase().includes(wanted))
  const ordered = await inOrder(context, forum, shown)
  const last = call.offsetTopic > 0 ? ordered.findIndex(({ id }) => id === call.offsetTopic) : -1
  return answer(context, forum, ordered.slice(last + 1, last + 1 + clampLimit(call.limit)), shown.length)
}

/** `messages.getForumTopicsByID`: in the order asked for; `forumTopicDeleted` for those that there are not. */
export const getForumTopicsById: Handler<'messages.getForumTopicsByID'> = async (call, context) => {
  const forum = await reachForum(context, call.peer)
  if (call.topics.length === 0) throw new RpcError(400, 'TOPICS_EMPTY')
  const ids = [...new Set(call.topics)].slice(0, MAX_NAMED)
  const found = await findTopics(context.services, forum.facts, ids)
  const present = found.filter((topic) => topic !== undefined)
  const answered = await answer(context, forum, present, ids.length)
  let next = 0
  const topics = ids.map(
    (id, index): TlType<'ForumTopic'> =>
      found[index] === undefined ? { _: 'forumTopicDeleted', id } : answered.topics[next++]!,
  )
  return { ...answered, topics }
}

async function inOrder(
  { services }: CallContext,
  { chatId }: Forum,
  all: readonly Topic[],
): Promise<Topic[]> {
  const rows = await services.tables.getMany(
    all.map(({ id }) => ({ table: threads, key: { chatId, topSeq: id } })),
  )
  const lastSeqs = new Map(all.map(({ id }, index) => [id, Number(rows[index]?.lastSeq ?? id)]))
  const rank = ({ pinned }: Topic) => (pinned > 0 ? pinned : Number.MAX_SAFE_INTEGER)
  return [...all].sort((a, b) => rank(a) - rank(b) || lastSeqs.get(b.id)! - lastSeqs.get(a.id)!)
}

/** Topics with their last messages, as the caller sees them. */
async function answer(
  context: CallContext,
  forum: Forum,
  topics: readonly Topic[],
  count: number,
): Promise<Tl<'messages.forumTopics'>> {
  const { services, user } = context
  const mailbox = await openChannel(context, forum.peerId)
  const [tops, shown, { pts }] = await Promise.all([
    topsOf(mailbox, forum, topics),
    statesOf(context, forum, topics, mailbox),
    topOf(mailbox),
  ])
  const entries = tops.filter((top) => top !== undefined)
  const messages = await renderEntries(services, user, entries)
  const rendered = topics.map((topic, index) =>
    renderTopic(context, forum, topic, tops[index]?.msgId ?? topic.id, shown[index]!),
  )
  const peers = [forum.peerId, ...rendered.map(({ fromId }) => peerNumber(fromId))]
  const { users, chats } = await namedIn(context, messages, peers)
  return { _: 'messages.forumTopics', count, topics: rendered, messages, chats, users, pts }
}

/** The last message of each topic that is there, in order. */
async function topsOf(
  mailbox: ChannelMailbox,
  { chatId }: Forum,
  topics: readonly Topic[],
): Promise<(HistoryEntry | undefined)[]> {
  const { tables } = mailbox
  const seqs = await Promise.all(
    topics.map(async ({ id }) => {
      if (id === GENERAL_TOPIC) return lastOfGeneral(mailbox)
      const range = { descending: true, limit: 1 }
      const [last] = await tables.range(threadMessages, { chatId, topSeq: id }, range)
      return last?.seq ?? id
    }),
  )
  return locateIn(mailbox, seqs)
}

async function lastOfGeneral(mailbox: ChannelMailbox): Promise<number> {
  const { topSeq } = await topOf(mailbox)
  const general = { ...mailbox, threadSeq: GENERAL_TOPIC }
  const [last] = await liveEntries(general, { from: 1, to: topSeq, descending: true }, 0, 1)
  return last?.seq ?? GENERAL_TOPIC
}

/** What the caller has read of a topic, and written in it. */
interface TopicState {
  readonly readSeq: number
  readonly readOutSeq: number
  readonly unread: number
  readonly mentions: number
  readonly reactions: number
  readonly votes: number
  readonly draft: Tl<'draftMessage'> | undefined
}

async function statesOf(
  { services, user }: CallContext,
  { chatId, peerId }: Forum,
  topics: readonly Topic[],
  mailbox: ChannelMailbox,
): Promise<TopicState[]> {
  const { tables } = services
  const ids = topics.map(({ id }) => id)
  const [reads, drafts, mentions, reactions, votes, marks] = await Promise.all([
    threadReads(services, user, chatId, ids),
    topicDrafts(services, user, peerId),
    byTopic(tables, chatId, await mentionsIn(tables, user, chatId)),
    byTopic(tables, chatId, await unseenIn(tables, user, chatId, 'reactions')),
    byTopic(tables, chatId, await unseenIn(tables, user, chatId, 'votes')),
    tables.get(channelReads, { chatId }),
  ])
  const readOutSeq = (marks?.topReaderId === user ? marks?.secondReadSeq : marks?.topReadSeq) ?? 0
  return Promise.all(
    ids.map(async (id, index) => {
      // What is hidden from the caller counts as read; General is read with the forum.
      const own = id === GENERAL_TOPIC ? Math.max(reads[index]!, mailbox.readSeq) : reads[index]!
      const readSeq = Math.max(own, mailbox.floorSeq)
      const unread =
        id === GENERAL_TOPIC
          ? await unreadInGeneral(mailbox, readSeq)
          : await unreadInThread(services, user, chatId, id, readSeq)
      return {
        readSeq,
        readOutSeq,
        unread,
        mentions: mentions.get(id) ?? 0,
        reactions: reactions.get(id) ?? 0,
        votes: votes.get(id) ?? 0,
        draft: drafts.get(id),
      }
    }),
  )
}

/** Messages of others in General that the user has not read, at most `MAX_COUNTED_UNREAD`. */
async function unreadInGeneral(mailbox: ChannelMailbox, readSeq: number): Promise<number> {
  const { topSeq } = await topOf(mailbox)
  const general = { ...mailbox, threadSeq: GENERAL_TOPIC }
  const range = { from: readSeq + 1, to: topSeq, descending: false }
  const unread = await liveEntries(general, range, 0, MAX_COUNTED_UNREAD)
  return unread.filter(({ out }) => !out).length
}

async function mentionsIn(tables: Tables, userId: UserId, chatId: ChatId): Promise<number[]> {
  const rows = await tables.range(unreadMentions, { userId, chatId }, { limit: MAX_COUNTED_UNSEEN })
  return rows.map(({ seq }) => seq!)
}

async function unseenIn(
  tables: Tables,
  userId: UserId,
  chatId: ChatId,
  kind: 'reactions' | 'votes',
): Promise<number[]> {
  const range = { limit: MAX_COUNTED_UNSEEN }
  const rows = await tables.range(unreadReactions, { userId, kind, chatId }, range)
  return rows.map(({ seq }) => seq!)
}

/** How many of these messages are in each topic. */
async function byTopic(
  tables: Tables,
  chatId: ChatId,
  seqs: readonly number[],
): Promise<Map<number, number>> {
  const rows = await tables.getMany(seqs.map((seq) => ({ table: messages, key: { chatId, seq } })))
  const counts = new Map<number, number>()
  for (const row of rows as (RowOf<typeof messages> | undefined)[]) {
    if (row === undefined) continue
    const topic = row.threadSeq ?? GENERAL_TOPIC
    counts.set(topic, (counts.get(topic) ?? 0) + 1)
  }
  return counts
}

function renderTopic(
  { user }: CallContext,
  { peerId }: Forum,
  topic: Topic,
  topMessage: number,
  { readSeq, readOutSeq, unread, mentions, reactions, votes, draft }: TopicState,
): Tl<'forumTopic'> {
  return {
    ...plainTopic(peerId, topic),
    ...(topic.creatorId === user && { my: true }),
    topMessage,
    readInboxMaxId: readSeq,
    readOutboxMaxId: readOutSeq,
    unreadCount: unread,
    unreadMentionsCount: mentions,
    unreadReactionsCount: reactions,
    unreadPollVotesCount: votes,
    ...(draft !== undefined && { draft }),
  }
}

/** A topic for everybody alike. */
export function plainTopic(peerId: PeerId, topic: Topic): Tl<'forumTopic'> {
  const { id, date, title, iconColor, iconEmojiId, fromId, closed, hidden, pinned } = topic
  return {
    _: 'forumTopic',
    id,
    date,
    peer: renderPeer(peerId),
    title,
    iconColor,
    ...(iconEmojiId !== 0n && { iconEmojiId }),
    ...(closed && { closed }),
    ...(hidden && { hidden }),
    ...(pinned > 0 && { pinned: true }),
    fromId: renderPeer(fromId),
    notifySettings: { _: 'peerNotifySettings' },
    topMessage: id,
    readInboxMaxId: 0,
    readOutboxMaxId: 0,
    unreadCount: 0,
    unreadMentionsCount: 0,
    unreadReactionsCount: 0,
    unreadPollVotesCount: 0,
  }
}
