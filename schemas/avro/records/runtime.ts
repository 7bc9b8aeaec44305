import { bytes, int, long, type RecordOf, record, text } from '../dsl.ts'

/** First record of a new owner in an events partition; older epochs behind it are void. */
export const OwnerAnnounced = record('OwnerAnnounced', { owner: text, epoch: int })

/** A record that its actor could not handle, and later ones of that actor. `key` and `value` are the record's own. */
export const DeadLetter = record('DeadLetter', {
  group: text,
  topic: text,
  partition: int,
  offset: long,
  key: text,
  reason: text,
  value: bytes,
})

/**
 * What an operator was about to do or read, in the topic `audit`: stored before it is done. `who` is the account of the
 * operating system, as `user@host`; when is the record's timestamp.
 */
export const AuditEntry = record('AuditEntry', { who: text, what: text, reason: text })

export type OwnerAnnounced = RecordOf<typeof OwnerAnnounced>
export type DeadLetter = RecordOf<typeof DeadLetter>
export type AuditEntry = RecordOf<typeof AuditEntry>
