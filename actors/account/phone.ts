import {
  type AwaitPhone,
  type ClaimPhone,
  FIRST_USER_ID,
  type PhoneAwaited,
  type PhoneCommand,
  type PhoneReleased,
  type PhoneReserved,
  type RecordHeader,
  type ReleasePhone,
  USER_ID_LIMIT,
  type UserId,
} from '@heliograph/schemas/avro'
import { awaitedPhones, type Mutation, phones, type RowRef } from '@heliograph/storage'
import { answer } from '../answer.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'

type PhoneEvent = PhoneReserved | PhoneReleased | PhoneAwaited

const occupied = { rejected: { code: 400, message: 'PHONE_NUMBER_OCCUPIED' } } as const
const nothing = { events: [] } as const

export function needsOfPhone(command: PhoneCommand): RowRef[] {
  const { phoneHmac } = command
  if (command.type !== 'AwaitPhone') return [{ table: phones, key: { phoneHmac } }]
  return [{ table: awaitedPhones, key: { phoneHmac, userId: command.userId } }]
}

/** A number that has a user id keeps it until it is released; the event is repeated, since the caller wants the id. */
export function decidePhone(rows: Rows, command: PhoneCommand, at: At): Decision<PhoneEvent> {
  if (command.type === 'AwaitPhone') return awaited(rows, command, at)
  const { phoneHmac } = command
  const owner = (rows.get(phones, { phoneHmac })?.userId ?? undefined) as UserId | undefined
  switch (command.type) {
    case 'ReservePhone':
      return { events: [{ type: 'PhoneReserved', phoneHmac, userId: owner ?? allocatedId(at) }] }
    case 'ClaimPhone':
      return claimed(owner, command)
    case 'ReleasePhone':
      return released(owner, command)
  }
}

function claimed(owner: UserId | undefined, command: ClaimPhone): Decision<PhoneEvent> {
  const { phoneHmac, userId, replaces } = command
  if (owner !== undefined && owner !== userId && owner !== replaces) return occupied
  return { events: [{ type: 'PhoneReserved', phoneHmac, userId }] }
}

function released(owner: UserId | undefined, { phoneHmac, userId }: ReleasePhone): Decision<PhoneEvent> {
  return owner === userId ? { events: [{ type: 'PhoneReleased', phoneHmac, userId }] } : nothing
}

function awaited(rows: Rows, { phoneHmac, userId }: AwaitPhone, at: At): Decision<PhoneEvent> {
  if (rows.get(awaitedPhones, { phoneHmac, userId }) !== undefined) return nothing
  return { events: [{ type: 'PhoneAwaited', phoneHmac, userId, date: at.date }] }
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

export function projectPhone(event: PhoneEvent): Mutation[] {
  const { phoneHmac, userId } = event
  switch (event.type) {
    case 'PhoneReserved':
      return [{ kind: 'upsert', table: phones, row: { phoneHmac, userId } }]
    case 'PhoneReleased':
      return [{ kind: 'delete', table: phones, key: { phoneHmac } }]
    case 'PhoneAwaited':
      return [{ kind: 'upsert', table: awaitedPhones, row: { phoneHmac, userId, date: event.date } }]
  }
}

export function reactToPhone({ userId }: PhoneReserved, { reply }: RecordHeader): Reaction[] {
  return reply === null ? [] : [answer(reply, { userId })]
}
