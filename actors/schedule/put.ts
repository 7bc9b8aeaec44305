import {
  type ChatId,
  type EditScheduled,
  MAX_SCHEDULED,
  type MessageSeq,
  peerIdOf,
  privateChatMembers,
  type RecordHeader,
  type ScheduledPut,
  type ScheduleMessage,
  type ScheduleRepeated,
  type UserId,
  WHEN_ONLINE,
} from '@heliograph/schemas/avro'
import { type Mutation, type RowRef, scheduledMessages } from '@heliograph/storage'
import { accountUpdate } from '../account/user-channel.ts'
import { answer } from '../answer.ts'
import { holdDocuments, releaseDocuments } from '../media/holding.ts'
import { decideSend, needsOfSend } from '../message/send.ts'
import type { At, Decision, Reaction, Rejection, Rows } from '../runtime/decider.ts'
import { extraOfText, extraText } from './extra-text.ts'
import { asSend, awaitDue, forgetDue, scheduledRef, shelfOf, shelfRef, shelfRow } from './shelf.ts'

/** How far ahead a message may be scheduled. */
export const MAX_SCHEDULE_SECONDS = 366 * 24 * 3600

const tooMuch = { rejected: { code: 400, message: 'SCHEDULE_TOO_MUCH' } } as const
const tooLate: Rejection = { code: 400, message: 'SCHEDULE_DATE_TOO_LATE' }
const statusPrivate: Rejection = { code: 400, message: 'SCHEDULE_STATUS_PRIVATE' }
const messageIdInvalid = { rejected: { code: 400, message: 'MESSAGE_ID_INVALID' } } as const

export function needsOfSchedule(command: ScheduleMessage): RowRef[] {
  return [...needsOfSend(asSend(command)), shelfRef(command.chatId, command.senderId)]
}

/**
 * Keeps a message until it is due. Rejects as `decideSend` would now, and with SCHEDULE_TOO_MUCH, SCHEDULE_DATE_TOO_LATE,
 * SCHEDULE_STATUS_PRIVATE ("when online" elsewhere than in a private chat).
 */
export function decideSchedule(
  rows: Rows,
  command: ScheduleMessage,
  at: At,
): Decision<ScheduledPut | ScheduleRepeated> {
  const { type: _, chatId, senderId, randomId, dueAt } = command
  const shelf = shelfOf(rows, chatId, senderId)
  const place = shelf.randomIds.indexOf(randomId)
  if (place >= 0) return { events: [repeated(command, shelf.ids[place]!, at)] }
  const sent = decideSend(rows, asSend(command), at)
  if ('rejected' in sent) return sent
  if (sent.events[0]?.type === 'SendRepeated') return { events: [repeated(command, 0, at)] }
  const rejected = refusedDate(chatId, dueAt, at)
  if (rejected !== undefined) return { rejected }
  if (shelf.ids.length >= MAX_SCHEDULED) return tooMuch
  const id = shelf.lastId + 1
  return {
    events: [
      {
        ...command,
        type: 'ScheduledPut',
        id,
        date: at.date,
        editDate: 0,
        formerDueAt: 0,
        ids: [...shelf.ids, id],
        randomIds: [...shelf.randomIds, randomId],
        lastId: id,
        lostFiles: [],
      },
    ],
  }
}

function repeated({ chatId, senderId }: ScheduleMessage, id: number, at: At): ScheduleRepeated {
  return { type: 'ScheduleRepeated', chatId, senderId, id, date: at.date }
}

function refusedDate(chatId: ChatId, dueAt: number, at: At): Rejection | undefined {
  if (dueAt === WHEN_ONLINE) return privateChatMembers(chatId)?.length === 2 ? undefined : statusPrivate
  return dueAt > at.date + MAX_SCHEDULE_SECONDS ? tooLate : undefined
}

export function needsOfEditScheduled({ chatId, senderId, id }: EditScheduled): RowRef[] {
  return [shelfRef(chatId, senderId), scheduledRef(chatId, senderId, id)]
}

/** Another body or date. Rejects with MESSAGE_ID_INVALID, and as `decideSchedule` for the date. */
export function decideEditScheduled(rows: Rows, command: EditScheduled, at: At): Decision<ScheduledPut> {
  const { chatId, senderId, id, dueAt, extra } = command
  const row = rows.get(scheduledMessages, { chatId, senderId, id })
  if (row === undefined) return messageIdInvalid
  const rejected = refusedDate(chatId, dueAt, at)
  if (rejected !== undefined) return { rejected }
  const files = extraOfText(row.extra)?.files ?? []
  return {
    events: [
      {
        ...command,
        ...shelfOf(rows, chatId, senderId),
        type: 'ScheduledPut',
        randomId: row.randomId ?? 0n,
        replyToSeq: row.replyToSeq as MessageSeq | null,
        silent: row.silent ?? false,
        date: row.date ?? 0,
        editDate: at.date,
        formerDueAt: row.dueAt ?? 0,
        lostFiles: files.filter((file) => extra?.files.includes(file) !== true),
      },
    ],
  }
}

export function projectPut(event: ScheduledPut): Mutation[] {
  const { chatId, senderId, id, randomId, replyToSeq, silent, sealed, extra, words, dueAt, formerDueAt } =
    event
  const { date, editDate } = event
  const message = { chatId, senderId, id, randomId, replyToSeq, silent, sealed, words, dueAt, date, editDate }
  const row = { ...message, extra: extraText(extra) }
  const rows: Mutation[] = [{ kind: 'upsert', table: scheduledMessages, row }, shelfRow(event)]
  if (formerDueAt !== 0 && formerDueAt !== dueAt) rows.push(forgetDue({ ...event, dueAt: formerDueAt }))
  rows.push(awaitDue(event))
  return rows
}

/** How a scheduled message stands among the holders of a document. */
export const scheduledHolder = (chatId: ChatId, senderId: UserId, id: number): string =>
  `scheduled:${chatId}:${senderId}:${id}`

export function reactToPut(event: ScheduledPut, header: RecordHeader): Reaction[] {
  const { chatId, senderId, id, extra, lostFiles } = event
  const about = { peerId: peerIdOf(senderId, chatId), name: `put/${id}` }
  const holder = scheduledHolder(chatId, senderId, id)
  return [
    ...answerId(event, header),
    accountUpdate(senderId, 'scheduled', header, about),
    ...holdDocuments(extra?.files ?? [], holder),
    ...releaseDocuments(lostFiles, holder),
  ]
}

/** The id of the scheduled message, where answers have that of a message. */
export function answerId({ id, date }: ScheduledPut | ScheduleRepeated, { reply }: RecordHeader): Reaction[] {
  const channel = { seq: id as MessageSeq, date, pts: 0, ptsCount: 0 }
  return reply === null ? [] : [answer(reply, { channel })]
}
