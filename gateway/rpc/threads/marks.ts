import {
  type ChatId,
  chatIdOf,
  chatKindOf,
  isChannelPeer,
  numberOfChat,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { chatInfos, discussions, type RowOf, type RowRef, type Tables, threads } from '@heliograph/storage'
import type { ChatFacts } from '../directory/chat-facts.ts'
import type { HistoryEntry, MessageRow } from '../messages/mailbox/history.ts'
import { renderPeer } from '../render/peer.ts'

/** What a message in its chat shows of threads. */
export interface ThreadMarks {
  /** What stands in the thread that it begins. */
  readonly replies?: Tl<'messageReplies'>
  /** The thread that it is in is a topic. */
  readonly isForumTopic?: true
}

interface Placed {
  readonly entry: Pick<HistoryEntry, 'peerId' | 'seq'>
  readonly row: Pick<MessageRow, 'threadSeq'> | undefined
}

type InfoRow = RowOf<typeof chatInfos>
type ThreadRow = RowOf<typeof threads>
type DiscussionRow = RowOf<typeof discussions>

const NOTHING: ThreadMarks = {}
const TOPIC: ThreadMarks = { isForumTopic: true }

/**
 * Of the messages of a page, in order: the replies in supergroups, and the comments of posts that have a discussion group. Costs two
 * or three reads, however many messages, where there are channels among them.
 */
export async function threadMarksOf(
  tables: Tables,
  viewer: UserId,
  placed: readonly Placed[],
): Promise<ThreadMarks[]> {
  const chatIds = new Set<ChatId>()
  for (const { entry } of placed) {
    if (isChannelPeer(entry.peerId)) chatIds.add(chatIdOf(viewer, entry.peerId))
  }
  if (chatIds.size === 0) return placed.map(() => NOTHING)
  const infos = await infosOf(tables, chatIds)
  const places = await Promise.all([
    repliesIn(tables, viewer, placed, infos),
    commentsOn(tables, viewer, placed, infos),
  ])
  return placed.map(({ entry, row }, index) => {
    const replies = places[0][index] ?? places[1][index]
    const isTopic = (row?.threadSeq ?? null) !== null && isForum(infos.get(chatIdOf(viewer, entry.peerId)))
    if (replies === undefined) return isTopic ? TOPIC : NOTHING
    return isTopic ? { replies, isForumTopic: true } : { replies }
  })
}

async function infosOf(tables: Tables, chatIds: ReadonlySet<ChatId>): Promise<Map<ChatId, InfoRow>> {
  const rows = await tables.getMany([...chatIds].map((chatId) => ({ table: chatInfos, key: { chatId } })))
  const infos = new Map<ChatId, InfoRow>()
  for (const [index, chatId] of [...chatIds].entries()) {
    if (rows[index] !== undefined) infos.set(chatId, rows[index] as InfoRow)
  }
  return infos
}

const isForum = (info: InfoRow | undefined): boolean => info?.flags?.includes('forum') === true

type Replies = (Tl<'messageReplies'> | undefined)[]

async function repliesIn(
  tables: Tables,
  viewer: UserId,
  placed: readonly Placed[],
  infos: ReadonlyMap<ChatId, InfoRow>,
): Promise<Replies> {
  const { refs, at } = refsFor(placed, ({ entry }) => {
    const chatId = chatIdOf(viewer, entry.peerId)
    if (infos.get(chatId)?.kind !== 'supergroup') return undefined
    return { table: threads, key: { chatId, topSeq: entry.seq } }
  })
  const rows = await readAll(tables, refs)
  return at.map((place, index) => {
    if (place === undefined) return undefined
    const row = rows[place] as ThreadRow | undefined
    if (row === undefined || (row.replies ?? 0) === 0) return unanswered(placed[index]!.row?.threadSeq)
    return { _: 'messageReplies', replies: row.replies ?? 0, repliesPts: 0, maxId: row.lastSeq ?? 0 }
  })
}

async function commentsOn(
  tables: Tables,
  viewer: UserId,
  placed: readonly Placed[],
  infos: ReadonlyMap<ChatId, InfoRow>,
): Promise<Replies> {
  const { refs, at } = refsFor(placed, ({ entry }) => {
    const chatId = chatIdOf(viewer, entry.peerId)
    const info = infos.get(chatId)
    if (info?.kind !== 'broadcast' || !info.linkedChatId) return undefined
    const key = { postChatId: chatId, postSeq: entry.seq, chatId: info.linkedChatId }
    return { table: discussions, key }
  })
  const copies = (await readAll(tables, refs)) as (DiscussionRow | undefined)[]
  const found = copies.filter((copy) => copy !== undefined)
  const counted = await readAll(
    tables,
    found.map(({ chatId, topSeq }) => ({ table: threads, key: { chatId: chatId!, topSeq: topSeq! } })),
  )
  const rows = new Map(found.map((copy, index) => [copy, counted[index] as ThreadRow | undefined]))
  return at.map((place) => {
    const copy = place === undefined ? undefined : copies[place]
    return copy === undefined ? undefined : comments(copy, rows.get(copy))
  })
}

function comments({ chatId }: DiscussionRow, row: ThreadRow | undefined): Tl<'messageReplies'> {
  const repliers = (row?.repliers ?? []) as readonly PeerId[]
  return {
    _: 'messageReplies',
    comments: true,
    replies: row?.replies ?? 0,
    repliesPts: 0,
    channelId: numberOfChat(chatId as ChatId),
    ...(repliers.length > 0 && { recentRepliers: repliers.map(renderPeer) }),
    ...(row !== undefined && { maxId: row.lastSeq ?? 0 }),
  }
}

/** The references of those that have one, and for each of the messages the place of its own. */
function refsFor(
  placed: readonly Placed[],
  refOf: (message: Placed) => RowRef | undefined,
): { refs: RowRef[]; at: (number | undefined)[] } {
  const refs: RowRef[] = []
  const at = placed.map((message) => {
    const ref = isChannelPeer(message.entry.peerId) ? refOf(message) : undefined
    return ref === undefined ? undefined : refs.push(ref) - 1
  })
  return { refs, at }
}

const readAll = (tables: Tables, refs: readonly RowRef[]) => (refs.length === 0 ? [] : tables.getMany(refs))

/**
 * What a message of a supergroup shows before anybody has answered it: clients count from there, and take a message without it for one
 * that begins no thread. Undefined for one that is in a thread itself.
 */
const unanswered = (threadSeq: number | null | undefined): Tl<'messageReplies'> | undefined =>
  (threadSeq ?? null) === null ? { _: 'messageReplies', replies: 0, repliesPts: 0 } : undefined

/** What a new message or post shows: nobody has answered or commented it yet. Undefined where nobody can. */
export function freshReplies(
  facts: Pick<ChatFacts, 'kind' | 'linkedChatId'> | undefined,
  threadSeq: number | null | undefined,
): Tl<'messageReplies'> | undefined {
  if (facts?.kind === 'supergroup') return unanswered(threadSeq)
  if (facts?.kind !== 'broadcast' || facts.linkedChatId === undefined) return undefined
  const channelId = numberOfChat(facts.linkedChatId)
  return { _: 'messageReplies', comments: true, replies: 0, repliesPts: 0, channelId }
}

/** How posts stand that were copied into a discussion group; undefined for other messages. */
export function copiedFrom(
  copy: { readonly chatId: ChatId; readonly seq: number } | undefined,
): { readonly peerId: PeerId; readonly msgId: number } | undefined {
  if (copy === undefined || chatKindOf(copy.chatId) !== 'channel') return undefined
  return { peerId: peerIdOfChat(copy.chatId), msgId: copy.seq }
}
