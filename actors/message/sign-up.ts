import {
  CONTACT_SIGN_UP_KIND,
  type ReadHistory,
  type SendMessage,
  type UserId,
} from '@heliograph/schemas/avro'
import { messages, type RowRef } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

/**
 * The note "your contact is here now" begins the chat of somebody new with somebody who had its number. It is in the name of the
 * newcomer, who does not get it and learns nothing of who waited for it.
 */

export const notFirst = { rejected: { code: 400, message: 'CHAT_NOT_EMPTY' } } as const

/** A note is never anything but the first message: counts of a mailbox go on from the message before. */
const NOTE_SEQ = 1

export const isSignUp = ({ extra }: Pick<SendMessage, 'extra'>): boolean =>
  extra?.kinds.includes(CONTACT_SIGN_UP_KIND) ?? false

/** Who gets a message of a private chat. */
export function recipientsOf(
  command: Pick<SendMessage, 'extra' | 'senderId'>,
  members: readonly UserId[],
): readonly UserId[] {
  return isSignUp(command) ? members.filter((member) => member !== command.senderId) : members
}

/** What `toldOfRead` looks at. */
export function noteRefs({ chatId, upToSeq }: ReadHistory): RowRef[] {
  return upToSeq === NOTE_SEQ ? [{ table: messages, key: { chatId, seq: NOTE_SEQ } }] : []
}

/** Whom of a private chat a read concerns: nobody is told of what it never got. */
export function toldOfRead(
  rows: Rows,
  { chatId, readerId, upToSeq }: ReadHistory,
  members: readonly UserId[],
): readonly UserId[] {
  const row = upToSeq === NOTE_SEQ ? rows.get(messages, { chatId, seq: NOTE_SEQ }) : undefined
  const got = row?.members as readonly UserId[] | null | undefined
  return got ? members.filter((member) => member === readerId || got.includes(member)) : members
}
