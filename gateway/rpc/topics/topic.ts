import { type ChatId, GENERAL_TOPIC, type PeerId, type UserId } from '@heliograph/schemas/avro'
import { chatScope, type DataKey, type RowOf, topics } from '@heliograph/storage'
import { open, seal } from '@heliograph/topics'
import type { ChatFacts } from '../directory/chat-facts.ts'
import type { Services } from '../services.ts'

/** Topics of forums, between their rows and what clients see. */

export interface Topic {
  readonly id: number
  readonly creatorId: UserId
  /** Who made it, as a peer. */
  readonly fromId: PeerId
  readonly date: number
  readonly title: string
  readonly iconColor: number
  readonly iconEmojiId: bigint
  readonly closed: boolean
  readonly hidden: boolean
  /** 0 not pinned; otherwise its place among those that are. */
  readonly pinned: number
}

/** Colours that clients offer; the first where none is chosen. Source: core.telegram.org/api/forum. */
export const ICON_COLORS = [0x6fb9f0, 0xffd67e, 0xcb86db, 0x8eee98, 0xff93b2, 0xfb6f5f] as const
const GENERAL_TITLE = 'General'
const MAX_TOPICS = 1_000

type TopicRow = RowOf<typeof topics>
type Reading = Pick<Services, 'tables' | 'keyring'>

const titleContext = (chatId: ChatId) => ({ topic: 'chat.events', key: chatId, type: 'TopicTitle' })

export async function sealTitle(
  { keyring }: Pick<Services, 'keyring'>,
  chatId: ChatId,
  title: string,
): Promise<Buffer> {
  return seal((await keyring.obtain(chatScope(chatId))).key, titleContext(chatId), Buffer.from(title))
}

function openTitle(chatId: ChatId, key: DataKey | undefined, sealed: Buffer | null): string {
  if (key === undefined || sealed === null || sealed.length === 0) return ''
  return open(key.key, titleContext(chatId), sealed)?.toString() ?? ''
}

/** All topics of a forum that are not deleted, General among them. */
export async function topicsOf({ tables, keyring }: Reading, facts: ChatFacts): Promise<Topic[]> {
  const { chatId } = facts
  const rows = await tables.range(topics, { chatId }, { limit: MAX_TOPICS })
  const key = await keyring.find(chatScope(chatId))
  const found = rows.filter(({ deleted }) => deleted !== true).map((row) => topicOf(chatId, key, row))
  return found.some(({ id }) => id === GENERAL_TOPIC) ? found : [general(facts), ...found]
}

/** Those of these topics that there are, in the order of the ids; undefined for the others. */
export async function findTopics(
  { tables, keyring }: Reading,
  facts: ChatFacts,
  ids: readonly number[],
): Promise<(Topic | undefined)[]> {
  const { chatId } = facts
  const rows = await tables.getMany(ids.map((topSeq) => ({ table: topics, key: { chatId, topSeq } })))
  const key = await keyring.find(chatScope(chatId))
  return ids.map((id, index) => {
    const row = rows[index] as TopicRow | undefined
    if (row === undefined) return id === GENERAL_TOPIC ? general(facts) : undefined
    return row.deleted === true ? undefined : topicOf(chatId, key, row)
  })
}

function topicOf(chatId: ChatId, key: DataKey | undefined, row: TopicRow): Topic {
  const id = row.topSeq ?? 0
  const title = openTitle(chatId, key, row.title)
  return {
    id,
    creatorId: (row.creatorId ?? 0) as UserId,
    fromId: (row.postAs ?? row.creatorId ?? 0) as PeerId,
    date: row.date ?? 0,
    title: title === '' && id === GENERAL_TOPIC ? GENERAL_TITLE : title,
    iconColor: row.iconColor || ICON_COLORS[0],
    iconEmojiId: row.iconEmojiId ?? 0n,
    closed: row.closed === true,
    hidden: row.hidden === true,
    pinned: row.pinned ?? 0,
  }
}

/** As long as nobody has changed it. */
function general({ creatorId, createdAt }: ChatFacts): Topic {
  return {
    id: GENERAL_TOPIC,
    creatorId,
    fromId: creatorId as number as PeerId,
    date: createdAt,
    title: GENERAL_TITLE,
    iconColor: ICON_COLORS[0],
    iconEmojiId: 0n,
    closed: false,
    hidden: false,
    pinned: 0,
  }
}
