import { type ChatId, chatIdOf, GAP_BLOCK_SEQS, GENERAL_TOPIC, isChannelPeer } from '@heliograph/schemas/avro'
import { chats, messageGaps, messages, type Tables, threads, topics } from '@heliograph/storage'
import { dialogOf, type Mailbox } from './history.ts'

/** How far a chat goes. */
export interface Extent {
  /** The last message ever, 0 none. */
  readonly topSeq: number
  /** Messages that are not deleted. */
  readonly count: number
  /** Otherwise there may be some more or less of them: where a channel's history is hidden from the user up to somewhere. */
  readonly exact: boolean
  /** Channels. */
  readonly pts: number
}

/** pts of a channel that nothing has happened to yet. */
export const FIRST_CHANNEL_PTS = 1
/** Blocks of deleted messages that one count looks at, and threads of a forum. */
const MAX_BLOCKS = 10_000
const MAX_THREADS = 10_000

/** Its last message and pts. */
export async function topOf(mailbox: Mailbox): Promise<Pick<Extent, 'topSeq' | 'pts'>> {
  const { tables, userId, peerId, threadSeq } = mailbox
  if (!isChannelPeer(peerId)) return { topSeq: (await dialogOf(mailbox))?.topSeq ?? 0, pts: 0 }
  const chatId = chatIdOf(userId, peerId)
  const row = await tables.get(chats, { chatId })
  const pts = row?.pts ?? FIRST_CHANNEL_PTS
  if (threadSeq === undefined || threadSeq === GENERAL_TOPIC) return { topSeq: row?.lastSeq ?? 0, pts }
  const thread = await tables.get(threads, { chatId, topSeq: threadSeq })
  return { topSeq: thread?.lastSeq ?? 0, pts }
}

/** How far the chat goes, whatever its kind. */
export async function extentOf(mailbox: Mailbox): Promise<Extent> {
  const { tables, userId, peerId, threadSeq, floorSeq = 0 } = mailbox
  if (!isChannelPeer(peerId)) {
    const dialog = await dialogOf(mailbox)
    return { topSeq: dialog?.topSeq ?? 0, count: dialog?.messageCount ?? 0, exact: true, pts: 0 }
  }
  const top = await topOf(mailbox)
  const chatId = chatIdOf(userId, peerId)
  if (threadSeq !== undefined && threadSeq !== GENERAL_TOPIC)
    return { ...top, count: await countInThread(tables, chatId, threadSeq), exact: true }
  const whole = await liveCount(tables, chatId, top.topSeq, floorSeq)
  if (threadSeq === undefined) return { ...top, ...whole }
  const count = Math.max(0, whole.count - (await countInTopics(tables, chatId)))
  return { ...top, count, exact: whole.exact && floorSeq === 0 }
}

/** Messages of a channel above `floorSeq` that are not deleted. */
async function liveCount(
  tables: Tables,
  chatId: ChatId,
  topSeq: number,
  floorSeq: number,
): Promise<Pick<Extent, 'count' | 'exact'>> {
  const visible = topSeq - floorSeq
  if (visible <= 0) return { count: 0, exact: true }
  const first = Math.floor(floorSeq / GAP_BLOCK_SEQS)
  const rows = await tables.range(messageGaps, { chatId }, { from: first, limit: MAX_BLOCKS })
  let gone = 0
  let unsure = 0
  for (const { block, deleted } of rows) {
    if (block === first && floorSeq > 0) unsure = deleted ?? 0
    else gone += deleted ?? 0
  }
  // Of the block that is hidden in part it is not known where its deleted messages were.
  const end = Math.min(topSeq, (first + 1) * GAP_BLOCK_SEQS - 1)
  const share = Math.round((unsure * (end - floorSeq)) / GAP_BLOCK_SEQS)
  return { count: Math.max(0, visible - gone - share), exact: unsure === 0 }
}

/** The first message of a topic is in it; that of another thread is not. */
async function countInThread(tables: Tables, chatId: ChatId, topSeq: number): Promise<number> {
  const key = { chatId, topSeq }
  const [thread, topic, first] = await Promise.all([
    tables.get(threads, key),
    tables.get(topics, key),
    tables.get(messages, { chatId, seq: topSeq }),
  ])
  return (thread?.replies ?? 0) + (topic !== undefined && first !== undefined ? 1 : 0)
}

/** Messages of a forum that stand in topics other than General, their first ones included. */
async function countInTopics(tables: Tables, chatId: ChatId): Promise<number> {
  const [inThreads, all] = await Promise.all([
    tables.range(threads, { chatId }, { limit: MAX_THREADS }),
    tables.range(topics, { chatId }, { limit: MAX_THREADS }),
  ])
  const firsts = all.filter(({ topSeq, deleted }) => topSeq !== GENERAL_TOPIC && deleted !== true)
  return inThreads.reduce((sum, { replies }) => sum + (replies ?? 0), firsts.length)
}
