import type { ChatId, MessageSeq, ReadMarks, UserId } from '@heliograph/schemas/avro'
import { channelReads, type Mutation } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

/**
 * Who is told that what it sent to a basic group has been read: a member's mark is how far any other has read, so two readers
 * (the furthest, and the furthest of the others) give the marks of all. `chats.awaiting` names those with messages beyond
 * their marks; whoever leaves drops out of it, so that a member in it has got every message since its first there.
 */

const NONE: ReadMarks = {
  topReaderId: 0 as UserId,
  topReadSeq: 0 as MessageSeq,
  secondReadSeq: 0 as MessageSeq,
}
/** Numbers in `chats.awaiting` for each member: the user, its first seq that may be unread, its last. */
const STRIDE = 3

export function marksOf(rows: Rows, chatId: ChatId): ReadMarks {
  const row = rows.get(channelReads, { chatId })
  if (row === undefined) return NONE
  const { topReaderId, topReadSeq, secondReadSeq } = row
  return { topReaderId, topReadSeq, secondReadSeq } as ReadMarks
}

export function marksUpsert(chatId: ChatId, { topReaderId, topReadSeq, secondReadSeq }: ReadMarks): Mutation {
  return {
    kind: 'upsert',
    table: channelReads,
    row: { chatId, topReaderId, topReadSeq, secondReadSeq },
  }
}

/** How far anybody but `userId` has read. */
function markOf({ topReaderId, topReadSeq, secondReadSeq }: ReadMarks, userId: number): number {
  return userId === topReaderId ? secondReadSeq : topReadSeq
}

/** `awaiting` after `senderId` has sent `seq` to `members`. */
export function awaitingAfter(
  awaiting: readonly number[],
  marks: ReadMarks,
  senderId: UserId,
  seq: MessageSeq,
  members: readonly UserId[],
): number[] {
  const after: number[] = []
  let first: number = seq
  for (let i = 0; i < awaiting.length; i += STRIDE) {
    const [userId, since, last] = [awaiting[i]!, awaiting[i + 1]!, awaiting[i + 2]!]
    if (markOf(marks, userId) >= last || !members.includes(userId as UserId)) continue
    if (userId === senderId) first = since
    else after.push(userId, since, last)
  }
  if (members.includes(senderId)) after.push(senderId, first, seq)
  return after
}

/** `marks` after `readerId` has read up to `upToSeq`. */
export function marksAfter(marks: ReadMarks, readerId: UserId, upToSeq: MessageSeq): ReadMarks {
  const { topReaderId, topReadSeq, secondReadSeq } = marks
  if (upToSeq <= topReadSeq) {
    const furtherSecond = readerId !== topReaderId && upToSeq > secondReadSeq
    return furtherSecond ? { ...marks, secondReadSeq: upToSeq } : marks
  }
  const second = readerId === topReaderId ? secondReadSeq : topReadSeq
  return { topReaderId: readerId, topReadSeq: upToSeq, secondReadSeq: second }
}

/** Those of `members` who had something at or below `upToSeq` that nobody but themselves had read. */
export function readOf(
  awaiting: readonly number[],
  marks: ReadMarks,
  readerId: UserId,
  upToSeq: MessageSeq,
  members: readonly UserId[],
): UserId[] {
  const told: UserId[] = []
  for (let i = 0; i < awaiting.length; i += STRIDE) {
    const [userId, first, last] = [awaiting[i] as UserId, awaiting[i + 1]!, awaiting[i + 2]!]
    const mark = markOf(marks, userId)
    if (userId === readerId || first > upToSeq || last <= mark || upToSeq <= mark) continue
    if (members.includes(userId)) told.push(userId)
  }
  return told
}
