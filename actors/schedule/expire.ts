import {
  type AlarmsCleared,
  type ChatEvent,
  type DeleteMessages,
  type ExpireMessages,
  MAX_DELETED_PER_COMMAND,
  type MessageSeq,
  SERVICE_USER_ID,
  type UserId,
} from '@heliograph/schemas/avro'
import { alarms, polls, type RowRef } from '@heliograph/storage'
import { decideDelete, needsOfDelete } from '../message/delete.ts'
import { storedMessage } from '../message/keepers.ts'
import { closedEvent } from '../poll/close.ts'
import type { At, Decision, Rows } from '../runtime/decider.ts'
import { alarmKey, expiry, pollEnd } from './alarms.ts'

const limitInvalid = { rejected: { code: 400, message: 'LIMIT_INVALID' } } as const

export function needsOfExpire(command: ExpireMessages): RowRef[] {
  const { chatId, seqs, dueAt } = command
  if (seqs.length > MAX_DELETED_PER_COMMAND) return []
  const set = seqs.flatMap((seq) => [
    { table: alarms, key: alarmKey(expiry(chatId, seq, dueAt)) },
    { table: alarms, key: alarmKey(pollEnd(chatId, seq, dueAt)) },
    { table: polls, key: { chatId, seq } },
  ])
  return [...set, ...needsOfDelete(deletionOf(command, seqs))]
}

function deletionOf({ chatId }: ExpireMessages, seqs: ExpireMessages['seqs']): DeleteMessages {
  return { type: 'DeleteMessages', chatId, userId: SERVICE_USER_ID, seqs, forAll: true }
}

/**
 * Deletes for all what has run out and is still there, closes polls that are still open, and clears the alarms; nothing where they
 * are cleared already.
 */
export function decideExpire(rows: Rows, command: ExpireMessages, at: At): Decision<ChatEvent> {
  const { chatId, dueAt, seqs } = command
  if (seqs.length > MAX_DELETED_PER_COMMAND) return limitInvalid
  if (dueAt > at.date) return { events: [] }
  const isSet = (alarmOf: typeof expiry) => (seq: MessageSeq) =>
    rows.get(alarms, alarmKey(alarmOf(chatId, seq, dueAt))) !== undefined
  const expired = seqs.filter(isSet(expiry))
  const ended = seqs.filter(isSet(pollEnd))
  const events: ChatEvent[] = []
  if (expired.length > 0) {
    const deleted = decideDelete(rows, deletionOf(command, expired), at)
    if ('rejected' in deleted) return deleted
    events.push(...deleted.events, cleared(command, 'expire', expired))
  }
  if (ended.length > 0) {
    const left = ended.filter((seq) => !expired.includes(seq))
    events.push(...left.flatMap((seq) => closed(rows, command, seq, at)), cleared(command, 'poll', ended))
  }
  return { events }
}

/** The end of a poll that is there and has not been closed by hand. */
function closed(rows: Rows, { chatId }: ExpireMessages, seq: MessageSeq, at: At): ChatEvent[] {
  const poll = rows.get(polls, { chatId, seq })
  const message = storedMessage(rows, chatId, seq)
  if (poll === undefined || message === undefined || (poll.closedAt ?? 0) > 0) return []
  return [closedEvent(poll, { chatId, seq, userId: SERVICE_USER_ID }, message.keptBy, at)]
}

function cleared(
  { chatId, dueAt }: ExpireMessages,
  what: 'expire' | 'poll',
  ids: readonly MessageSeq[],
): AlarmsCleared {
  return { type: 'AlarmsCleared', chatId, what, dueAt, ids: [...ids], ownerId: 0 as UserId }
}
