import { type ChatId, chatIdOf, isChannelPeer, type UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { type AnyRow, type DataKey, messages, type RowRef, type Tables } from '@heliograph/storage'
import { type MessageHead, renderMessage } from '../../render/message.ts'
import type { Services } from '../../services.ts'
import { copiedFrom, threadMarksOf } from '../../threads/marks.ts'
import { readBeside } from '../../views/beside.ts'
import type { Content } from '../content.ts'
import { chatKey, openBody } from '../content.ts'
import { broadcastsAmong } from './broadcast.ts'
import type { HistoryEntry, MessageRow } from './history.ts'
import { changedUnseen, type LeftGroups, leftGroups } from './left-groups.ts'
import { readMarks } from './marks.ts'

/** A message with its opened body; `content` is undefined where it cannot be read. */
export interface OpenedMessage {
  readonly entry: HistoryEntry
  readonly content: Content | undefined
  /** There is no row of it: not yet, or its deletion has not reached the mailbox. */
  readonly isAbsent: boolean
  /** The viewer has left the group, and the body was changed since: it is shown as an empty message. */
  readonly isHidden?: true
  readonly editDate: number
  readonly silent: boolean
  readonly row: MessageRow | undefined
  /** A post of a broadcast channel. */
  readonly isPost: boolean
}

type Reading = Pick<Services, 'tables' | 'keyring' | 'codec'> & Partial<Pick<Services, 'nowMs'>>

/** Waits until a body is looked for again: chats and mailboxes are written by different actors, and either may be first. */
const ABSENT_RETRY_MS = [5, 20, 80, 320] as const

/** Reads and opens the bodies of messages of any chats of the viewer, in order. */
export async function openMessages(
  services: Reading,
  viewer: UserId,
  entries: readonly HistoryEntry[],
): Promise<OpenedMessage[]> {
  const opened = await readMessages(services, viewer, entries)
  return concealed(services.tables, viewer, opened, await leftBy(services.tables, viewer, opened))
}

/** Groups that the viewer has left, of those that the messages are in. */
const leftBy = (tables: Tables, viewer: UserId, opened: readonly OpenedMessage[]): Promise<LeftGroups> =>
  leftGroups(
    tables,
    viewer,
    opened.map(({ entry }) => chatIdOf(viewer, entry.peerId)),
  )

/** Messages with those hidden that were changed since the viewer left. */
async function concealed(
  tables: Tables,
  viewer: UserId,
  opened: readonly OpenedMessage[],
  left: LeftGroups,
): Promise<OpenedMessage[]> {
  const chatIds = opened.map(({ entry }) => chatIdOf(viewer, entry.peerId))
  const rows = opened.map(({ row }) => row)
  const unseen = await changedUnseen(tables, viewer, left, chatIds, rows)
  return opened.map((message, i) => (unseen[i] ? hidden(message) : message))
}

/** `openMessages`, before it is known which groups the viewer has left. */
async function readMessages(
  services: Reading,
  viewer: UserId,
  entries: readonly HistoryEntry[],
): Promise<OpenedMessage[]> {
  if (entries.length === 0) return []
  const chatIds = entries.map((entry) => chatIdOf(viewer, entry.peerId))
  const rows = await bodyRows(services.tables, entries, chatIds)
  const keys = await chatKeys(services, new Set(chatIds.map((chatId, i) => sealedIn(chatId, rows[i]))))
  const broadcasts = await broadcastsAmong(services.tables, postChats(entries, chatIds, rows))
  return entries.map((entry, index) => {
    const row = rows[index]
    const sealedChat = sealedIn(chatIds[index]!, row)
    return {
      entry,
      isAbsent: row === undefined,
      content: openBody(services, sealedChat, keys.get(sealedChat), row?.sealed ?? null),
      editDate: row?.editDate ?? 0,
      silent: row?.silent === true,
      row,
      isPost: broadcasts.has(chatIds[index]!),
    }
  })
}

const hidden = ({ entry, editDate }: OpenedMessage): OpenedMessage => ({
  entry,
  isAbsent: false,
  isHidden: true,
  content: undefined,
  editDate,
  silent: false,
  row: undefined,
  isPost: false,
})

/** The chat whose key opens the body: that of the original for a copy which is sealed there. */
export function sealedIn(chatId: ChatId, row: MessageRow | undefined): ChatId {
  return row?.sealedThere === true && row.copyOfChatId !== null ? (row.copyOfChatId as ChatId) : chatId
}

/** Channels among whose messages there may be posts: such stand in the channel's own name. */
function postChats(
  entries: readonly HistoryEntry[],
  chatIds: readonly ChatId[],
  rows: readonly (MessageRow | undefined)[],
): Set<ChatId> {
  const found = new Set<ChatId>()
  for (let i = 0; i < entries.length; i++) {
    const { peerId } = entries[i]!
    if (isChannelPeer(peerId) && rows[i] !== undefined) found.add(chatIds[i]!)
  }
  return found
}

/** The rows as they are, once those that are absent have had some time to come. */
async function bodyRows(
  tables: Tables,
  entries: readonly HistoryEntry[],
  chatIds: readonly ChatId[],
): Promise<(MessageRow | undefined)[]> {
  const rows: (MessageRow | undefined)[] = entries.map((entry) => entry.row)
  const refOf = (index: number): RowRef => ({
    table: messages,
    key: { chatId: chatIds[index]!, seq: entries[index]!.seq },
  })
  for (let attempt = 0; ; attempt++) {
    const absent = [...rows.keys()].filter((index) => rows[index] === undefined)
    if (absent.length === 0) return rows
    const found: (AnyRow | undefined)[] = await tables.getMany(absent.map(refOf))
    for (const [place, index] of absent.entries()) rows[index] = found[place] as MessageRow | undefined
    const waitMs = ABSENT_RETRY_MS[attempt]
    if (waitMs === undefined || found.every((row) => row !== undefined)) return rows
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

async function chatKeys(services: Reading, chatIds: Iterable<ChatId>): Promise<Map<ChatId, DataKey>> {
  const keys = new Map<ChatId, DataKey>()
  for (const chatId of chatIds) {
    const key = chatKey(services, chatId)
    const found = key instanceof Promise ? await key : key
    if (found !== undefined) keys.set(chatId, found)
  }
  return keys
}

export function renderOpened(viewer: UserId, message: OpenedMessage): TlType<'Message'> {
  return renderMessage(viewer, headOf(viewer, message), message.content)
}

/** What a viewer's own answer says around the body of an opened message. */
export function headOf(viewer: UserId, { entry, editDate, silent, row, isPost }: OpenedMessage): MessageHead {
  const { msgId, peerId, senderId, out, date, replyToMsgId } = entry
  const head = { msgId, peerId, senderId, out, date, editDate, silent, replyToMsgId }
  const expiresAt = row?.expiresAt ?? 0
  if (peerId > 0) return expiresAt === 0 ? head : { ...head, expiresAt }
  return {
    ...head,
    expiresAt,
    isPost,
    postAs: row?.postAs ?? null,
    mentioned: isMentioned(viewer, row),
    ...(isChannelPeer(peerId) && row ? placeOf(row) : {}),
  }
}

const isMentioned = (viewer: UserId, row: MessageRow | undefined): boolean =>
  row?.mentions?.includes(viewer) === true

/** The thread that a message of a channel is in, or the post that it is a copy of. */
function placeOf({ threadSeq, sealedThere, copyOfChatId, copyOfSeq }: MessageRow): Partial<MessageHead> {
  if (threadSeq) return { threadMsgId: threadSeq }
  if (sealedThere !== true || !copyOfChatId || !copyOfSeq) return {}
  const from = copiedFrom({ chatId: copyOfChatId as ChatId, seq: copyOfSeq })
  return from === undefined ? {} : { copiedFrom: from }
}

/** `openMessages`, rendered as they stand in their chats. Who has left is asked once, when all has been read. */
export async function renderEntries(
  services: Reading,
  viewer: UserId,
  entries: readonly HistoryEntry[],
): Promise<TlType<'Message'>[]> {
  const { tables } = services
  const opened = await readMessages(services, viewer, entries)
  const standing = await readStanding(services, viewer, opened)
  const left = await leftBy(tables, viewer, opened)
  return standing(left, await concealed(tables, viewer, opened, left))
}

/** Opened messages as they stand in their chats: with what others have done to them. */
export async function renderStanding(
  services: Pick<Reading, 'tables' | 'nowMs'>,
  viewer: UserId,
  opened: readonly OpenedMessage[],
): Promise<TlType<'Message'>[]> {
  const standing = await readStanding(services, viewer, opened)
  return standing(await leftBy(services.tables, viewer, opened), opened)
}

/** What renders the messages that were read, or fewer of what they say. */
type Standing = (left: LeftGroups, shown: readonly OpenedMessage[]) => TlType<'Message'>[]

async function readStanding(
  { tables, nowMs = Date.now }: Pick<Reading, 'tables' | 'nowMs'>,
  viewer: UserId,
  opened: readonly OpenedMessage[],
): Promise<Standing> {
  if (opened.length === 0) return () => []
  const mentions = opened.map(({ entry, row }) => ({
    entry,
    mentioned: entry.peerId < 0 && isMentioned(viewer, row),
  }))
  const [readOfMarks, threads, readOfBeside] = await Promise.all([
    readMarks(tables, viewer, mentions),
    threadMarksOf(tables, viewer, opened),
    readBeside(tables, viewer, opened, Math.floor(nowMs() / 1000)),
  ])
  return (left, shown) => {
    const marks = readOfMarks(left)
    const beside = readOfBeside(left)
    return shown.map((message, i) => {
      const head = { ...headOf(viewer, message), ...marks[i]!, ...threads[i]!, ...beside[i]! }
      return renderMessage(viewer, head, message.content)
    })
  }
}
