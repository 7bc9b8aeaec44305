import {
  FIRST_USER_ID,
  type PhoneReserved,
  type RecordHeader,
  type ReservePhone,
  USER_ID_LIMIT,
  type UserId,
} from '@heliograph/schemas/avro'
import { type Mutation, phones, type RowRef } from '@heliograph/storage'
import { answer } from '../answer.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'

export function needsOfPhone({ phoneHmac }: ReservePhone): RowRef[] {
  return [{ table: phones, key: { phoneHmac } }]
}

/** A number that has a user id keeps it; the event is repeated, since the caller wants the id. */
export function decidePhone(rows: Rows, { phoneHmac }: ReservePhone, at: At): Decision<PhoneReserved> {
  const earlier = rows.get(phones, { phoneHmac })?.userId as UserId | undefined
  return { events: [{ type: 'PhoneReserved', phoneHmac, userId: earlier ?? allocatedId(at) }] }
}

/**
 * The place of a command in the log, as one number: no two commands share partition and offset, partition counts are
 * frozen, and offsets are never given twice, so no two reservations give one id, without any counter to keep.
 */
function allocatedId({ offset, partition, partitions }: At): UserId {
  const id = FIRST_USER_ID + offset * partitions + partition
  if (id >= USER_ID_LIMIT) throw new Error(`user ids are used up at offset ${offset} of ${partition}`)
  return id as UserId
}

export function projectPhone({ phoneHmac, userId }: PhoneReserved): Mutation[] {
  return [{ kind: 'upsert', table: phones, row: { phoneHmac, userId } }]
}

export function reactToPhone({ userId }: PhoneReserved, { reply }: RecordHeader): Reaction[] {
  return reply === null ? [] : [answer(reply, { userId })]
}
