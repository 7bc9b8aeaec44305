import type { MailboxRecord, RecordHeader, ReplyAddress, UserId } from '@heliograph/schemas/avro'
import { answer } from '../answer.ts'
import type { Consequence, Reaction } from '../runtime/decider.ts'

/** A record for the mailbox of its user; keyed by the user id in decimal. */
export function toMailbox(record: MailboxRecord, reply: ReplyAddress | null): Consequence {
  return { kind: 'record', topic: 'mailbox.events', key: String(record.userId), record, reply }
}

/**
 * One mailbox record for each of `users`. The caller's own carries the reply address, since its mailbox knows the id and
 * pts that the answer needs; a caller without a mailbox (a service account) is answered at once.
 */
export function fanOut(
  users: readonly UserId[],
  caller: UserId,
  header: RecordHeader,
  recordFor: (userId: UserId) => MailboxRecord,
): Reaction[] {
  const reactions: Reaction[] = users.map((userId) =>
    toMailbox(recordFor(userId), userId === caller ? header.reply : null),
  )
  if (header.reply !== null && !users.includes(caller)) reactions.push(answer(header.reply))
  return reactions
}
