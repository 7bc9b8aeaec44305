import { type ChatId, chatIdOf, type UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import {
  type AnyRow,
  type DataKey,
  messages,
  type RowOf,
  type RowRef,
  type Tables,
} from '@heliograph/storage'
import { type MessageHead, renderMessage } from '../../render/message.ts'
import type { Services } from '../../services.ts'
import type { Content } from '../content.ts'
import { chatKey, openBody } from '../content.ts'
import type { HistoryEntry } from './history.ts'

/** A message with its opened body; `content` is undefined where it cannot be read. */
export interface OpenedMessage {
  readonly entry: HistoryEntry
  readonly content: Content | undefined
  /** There is no row of it: not yet, or its deletion has not reached the mailbox. */
  readonly isAbsent: boolean
  readonly editDate: number
  readonly silent: boolean
}

type Reading = Pick<Services, 'tables' | 'keyring' | 'codec'>

/** Waits until a body is looked for again: chats and mailboxes are written by different actors, and either may be first. */
const ABSENT_RETRY_MS = [5, 20, 80, 320] as const

/** Reads and opens the bodies of messages of any chats of the viewer, in order. */
export async function openMessages(
  services: Reading,
  viewer: UserId,
  entries: readonly HistoryEntry[],
): Promise<OpenedMessage[]> {
  if (entries.length === 0) return []
  const chatIds = entries.map((entry) => chatIdOf(viewer, entry.peerId))
  const rows = await bodyRows(
    services.tables,
    entries.map((entry, index) => ({ table: messages, key: { chatId: chatIds[index]!, seq: entry.seq } })),
  )
  const keys = await chatKeys(services, chatIds)
  return entries.map((entry, index) => {
    const row = rows[index] as RowOf<typeof messages> | undefined
    const chatId = chatIds[index]!
    return {
      entry,
      isAbsent: row === undefined,
      content: openBody(services, chatId, keys.get(chatId), row?.sealed ?? null),
      editDate: row?.editDate ?? 0,
      silent: row?.silent === true,
    }
  })
}

/** The rows as they are, once those that are absent have had some time to come. */
async function bodyRows(tables: Tables, refs: readonly RowRef[]): Promise<(AnyRow | undefined)[]> {
  const rows = await tables.getMany(refs)
  for (const waitMs of ABSENT_RETRY_MS) {
    const absent = [...rows.keys()].filter((index) => rows[index] === undefined)
    if (absent.length === 0) break
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    const found = await tables.getMany(absent.map((index) => refs[index]!))
    for (const [place, index] of absent.entries()) rows[index] = found[place]
  }
  return rows
}

async function chatKeys(services: Reading, chatIds: readonly ChatId[]): Promise<Map<ChatId, DataKey>> {
  const keys = new Map<ChatId, DataKey>()
  for (const chatId of new Set(chatIds)) {
    const key = await chatKey(services, chatId)
    if (key !== undefined) keys.set(chatId, key)
  }
  return keys
}

export function renderOpened(viewer: UserId, message: OpenedMessage): TlType<'Message'> {
  return renderMessage(viewer, headOf(message), message.content)
}

function headOf({ entry, editDate, silent }: OpenedMessage): MessageHead {
  return {
    msgId: entry.msgId,
    peerId: entry.peerId,
    senderId: entry.senderId,
    out: entry.out,
    date: entry.date,
    editDate,
    silent,
    replyToMsgId: entry.replyToMsgId,
  }
}

/** `openMessages`, rendered. */
export async function renderEntries(
  services: Reading,
  viewer: UserId,
  entries: readonly HistoryEntry[],
): Promise<TlType<'Message'>[]> {
  const opened = await openMessages(services, viewer, entries)
  return opened.map((message) => renderOpened(viewer, message))
}
