import {
  type ChatEvent,
  type DeleteMessages,
  type ExpireMessages,
  MAX_DELETED_PER_COMMAND,
  SERVICE_USER_ID,
  type UserId,
} from '@heliograph/schemas/avro'
import { alarms, type RowRef } from '@heliograph/storage'
import { decideDelete, needsOfDelete } from '../message/delete.ts'
import type { At, Decision, Rows } from '../runtime/decider.ts'
import { alarmKey, expiry } from './alarms.ts'

const limitInvalid = { rejected: { code: 400, message: 'LIMIT_INVALID' } } as const

export function needsOfExpire(command: ExpireMessages): RowRef[] {
  const { chatId, seqs, dueAt } = command
  if (seqs.length > MAX_DELETED_PER_COMMAND) return []
  const set = seqs.map((seq) => ({ table: alarms, key: alarmKey(expiry(chatId, seq, dueAt)) }))
  return [...set, ...needsOfDelete(deletionOf(command, seqs))]
}

function deletionOf({ chatId }: ExpireMessages, seqs: ExpireMessages['seqs']): DeleteMessages {
  return { type: 'DeleteMessages', chatId, userId: SERVICE_USER_ID, seqs, forAll: true }
}

/** Deletes for all what has run out and is still there, and clears its alarms; nothing where they are cleared already. */
export function decideExpire(rows: Rows, command: ExpireMessages, at: At): Decision<ChatEvent> {
  const { chatId, dueAt, seqs } = command
  if (seqs.length > MAX_DELETED_PER_COMMAND) return limitInvalid
  const ids = seqs.filter((seq) => rows.get(alarms, alarmKey(expiry(chatId, seq, dueAt))) !== undefined)
  if (ids.length === 0 || dueAt > at.date) return { events: [] }
  const deleted = decideDelete(rows, deletionOf(command, ids), at)
  if ('rejected' in deleted) return deleted
  const ownerId = 0 as UserId
  return {
    events: [...deleted.events, { type: 'AlarmsCleared', chatId, what: 'expire', dueAt, ids, ownerId }],
  }
}
