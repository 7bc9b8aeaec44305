import type { AlarmsCleared, ChatId, UserId } from '@heliograph/schemas/avro'
import { ALARM_SHARDS, alarms, type Mutation, type RowKey } from '@heliograph/storage'

/** What alarms are for: a scheduled message to be sent, a message to be deleted by its chat's timer, a poll to be closed. */
export type AlarmKind = 'scheduled' | 'expire' | 'poll'

export interface Alarm {
  readonly chatId: ChatId
  readonly what: AlarmKind
  /** Unix seconds. */
  readonly dueAt: number
  /** scheduled: whose; 0 nobody's. */
  readonly ownerId: UserId
  /** scheduled: its id; otherwise the seq. */
  readonly id: number
}

const NOBODY = 0 as UserId

const ofMessage =
  (what: 'expire' | 'poll') =>
  (chatId: ChatId, seq: number, dueAt: number): Alarm => ({
    chatId,
    what,
    dueAt,
    ownerId: NOBODY,
    id: seq,
  })
export const expiry = ofMessage('expire')
export const pollEnd = ofMessage('poll')

/** The place of an alarm. All of a chat are in one part. */
export function alarmKey({ chatId, what, dueAt, ownerId, id }: Alarm): RowKey & { chatId: ChatId } {
  return { shard: shardOf(chatId), dueAt, chatId, what, ownerId, id }
}

export const setAlarm = (alarm: Alarm): Mutation => ({ kind: 'upsert', table: alarms, row: alarmKey(alarm) })
export const clearAlarm = (alarm: Alarm): Mutation => ({
  kind: 'delete',
  table: alarms,
  key: alarmKey(alarm),
})

export function projectCleared({ chatId, what, dueAt, ids, ownerId }: AlarmsCleared): Mutation[] {
  return ids.map((id) => clearAlarm({ chatId, what: what as AlarmKind, dueAt, ownerId, id }))
}

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a, so that chats spread evenly. */
function shardOf(chatId: ChatId): number {
  let hash = FNV_OFFSET
  for (let i = 0; i < chatId.length; i++) hash = Math.imul(hash ^ chatId.charCodeAt(i), FNV_PRIME)
  return (hash >>> 0) % ALARM_SHARDS
}
