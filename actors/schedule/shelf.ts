import {
  type ChatId,
  type MessageSeq,
  privateChatMembers,
  type ScheduledGone,
  type ScheduledPut,
  type ScheduleMessage,
  type SendMessage,
  type UserId,
  WHEN_ONLINE,
} from '@heliograph/schemas/avro'
import {
  awaitedOnline,
  type Mutation,
  type RowKey,
  type RowOf,
  type RowRef,
  scheduledMessages,
  schedules,
} from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'
import { clearAlarm, setAlarm } from './alarms.ts'
import { extraOfText } from './extra-text.ts'

/** What one sender has scheduled in one chat. */

export type ScheduledRow = RowOf<typeof scheduledMessages>

export const shelfRef = (chatId: ChatId, senderId: UserId): RowRef => ({
  table: schedules,
  key: { chatId, senderId },
})
export const scheduledRef = (chatId: ChatId, senderId: UserId, id: number): RowRef => ({
  table: scheduledMessages,
  key: { chatId, senderId, id },
})

export interface Shelf {
  readonly ids: number[]
  readonly randomIds: bigint[]
  readonly lastId: number
}

export function shelfOf(rows: Rows, chatId: ChatId, senderId: UserId): Shelf {
  const row = rows.get(schedules, { chatId, senderId })
  const randomIds = (row?.randomIds ?? []).map(BigInt)
  return { ids: [...(row?.ids ?? [])], randomIds, lastId: row?.lastId ?? 0 }
}

export function without({ ids, randomIds, lastId }: Shelf, gone: readonly number[]): Shelf {
  const kept = [...ids.keys()].filter((index) => !gone.includes(ids[index]!))
  return { ids: kept.map((i) => ids[i]!), randomIds: kept.map((i) => randomIds[i]!), lastId }
}

/** The row of what is left; none where nothing is, but ids are not given out again. */
export function shelfRow({
  chatId,
  senderId,
  ids,
  randomIds,
  lastId,
}: ScheduledPut | ScheduledGone): Mutation {
  const row = { chatId, senderId, ids, randomIds: randomIds.map(String), lastId }
  return { kind: 'upsert', table: schedules, row }
}

/** The same, sent now. */
export function asSend(message: Omit<ScheduleMessage, 'type' | 'dueAt'>): SendMessage {
  const { chatId, senderId, randomId, sealed, replyToSeq, silent, extra, words } = message
  return { type: 'SendMessage', chatId, senderId, randomId, sealed, replyToSeq, silent, extra, words }
}

/** What a row says is to be sent. */
export function sendOfRow(chatId: ChatId, senderId: UserId, row: ScheduledRow): SendMessage {
  return asSend({
    chatId,
    senderId,
    randomId: row.randomId ?? 0n,
    sealed: row.sealed ?? Buffer.alloc(0),
    replyToSeq: row.replyToSeq as MessageSeq | null,
    silent: row.silent ?? false,
    extra: extraOfText(row.extra),
    words: row.words,
  })
}

interface Due {
  readonly chatId: ChatId
  readonly senderId: UserId
  readonly id: number
  readonly dueAt: number
}

/** Rows by which somebody finds that it is due. */
export function awaitDue(due: Due): Mutation {
  if (due.dueAt !== WHEN_ONLINE) return setAlarm(alarmOf(due))
  return { kind: 'upsert', table: awaitedOnline, row: awaitedKey(due) }
}

export function forgetDue(due: Due): Mutation {
  if (due.dueAt !== WHEN_ONLINE) return clearAlarm(alarmOf(due))
  return { kind: 'delete', table: awaitedOnline, key: awaitedKey(due) }
}

const alarmOf = ({ chatId, senderId, id, dueAt }: Due) =>
  ({ chatId, what: 'scheduled', dueAt, ownerId: senderId, id }) as const

function awaitedKey({ chatId, senderId, id }: Due): RowKey {
  const userId = privateChatMembers(chatId)?.find((member) => member !== senderId) ?? senderId
  return { userId, chatId, senderId, id }
}
