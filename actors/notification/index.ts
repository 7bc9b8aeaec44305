import type {
  MailboxRecord,
  MailboxRepeated,
  MailboxUpdate,
  RecordHeader,
  Reply,
  ReplyAddress,
} from '@heliograph/schemas/avro'
import {
  type AnyRow,
  type Mutation,
  mailboxCounters,
  mailboxUpdates,
  type RowKey,
  type RowRef,
  userChannel,
} from '@heliograph/storage'
import { answer } from '../answer.ts'
import type { At, Fold, Folded, Publication, Rows } from '../runtime/decider.ts'
import {
  foldDeleted,
  foldEdited,
  foldMarked,
  foldRead,
  needsOfDeleted,
  needsOfEdited,
  needsOfMarked,
  needsOfRead,
} from './change.ts'
import { deliveredRow, historyRef } from './history.ts'
import { foldMessage, needsOfMessage } from './message.ts'
import type { Counters, Step } from './step.ts'

/** pts of a mailbox that nothing has moved; clients expect at least 1. */
export const FIRST_PTS = 1

/**
 * The notification actor: counts each user's message ids and pts, and keeps its history, dialogs, unread counts and
 * updates. Every record but `MailboxRepeated` moves pts by a number that the record alone tells, so what is counted does
 * not depend on rows that a crash may have left ahead of the counters. Publications of a user go out in the order of pts.
 */
export const notificationFold: Fold<MailboxRecord> = {
  group: 'notification',
  topic: 'mailbox.events',
  counterTable: mailboxCounters,
  recountable: true,
  counterKey,
  needs,
  fold,
}

function counterKey(record: MailboxRecord): RowKey {
  return { userId: record.userId }
}

/** But for the counters, which the loop sees to. */
function needs(record: MailboxRecord): RowRef[] {
  switch (record.type) {
    case 'MailboxMessage':
      return needsOfMessage(record)
    case 'MailboxRepeated':
      return [historyRef(record, record.seq)]
    case 'MailboxEdited':
      return needsOfEdited(record)
    case 'MailboxDeleted':
      return needsOfDeleted(record)
    case 'MailboxRead':
      return needsOfRead(record)
    default:
      return needsOfMarked(record)
  }
}

function fold(rows: Rows, record: MailboxRecord, { reply }: RecordHeader, at: At): Folded {
  const counters = countersOf(rows, record)
  if (record.type === 'MailboxRepeated') return repeated(rows, record, counters, reply, at)
  const step = stepOf(rows, record, counters, at, reply?.session)
  const { userId, pts, ptsCount, date } = step.update
  const lastDate = Math.max(counters.date, date)
  const counter = counterRow({ userId, msgId: step.lastMsgId, pts, date: lastDate }, at)
  step.rows.push(updateRow(step.update))
  const publication: Publication = {
    kind: 'publication',
    channel: userChannel(userId),
    record: step.update,
  }
  if (reply === null) return { rows: step.rows, counter, reactions: [publication] }
  const { answered } = step
  const mailbox = {
    msgId: answered.msgId,
    seq: answered.seq,
    date: answered.date,
    pts,
    ptsCount,
    expiresAt: step.update.expiresAt,
  } as MailboxAnswer
  // The answer first: it is its session that waits, and that session is not sent the publication.
  return { rows: step.rows, counter, reactions: [answer(reply, { mailbox }), publication] }
}

type MailboxAnswer = NonNullable<Reply['mailbox']>

function countersOf(rows: Rows, { userId }: MailboxRecord): Counters {
  const row = rows.get(mailboxCounters, { userId })
  return { userId, msgId: row?.msgId ?? 0, pts: row?.pts ?? FIRST_PTS, date: row?.date ?? 0 }
}

function stepOf(
  rows: Rows,
  record: Exclude<MailboxRecord, MailboxRepeated>,
  counters: Counters,
  { offset }: At,
  origin: Buffer | undefined,
): Step {
  switch (record.type) {
    case 'MailboxMessage':
      return foldMessage(rows, record, counters, offset, origin)
    case 'MailboxEdited':
      return foldEdited(rows, record, counters, origin)
    case 'MailboxDeleted':
      return foldDeleted(rows, record, counters, offset, origin)
    case 'MailboxRead':
      return foldRead(rows, record, counters, offset, origin)
    default:
      return foldMarked(rows, record, counters, origin)
  }
}

/**
 * The id and date that the message got the first time, with the pts of now and a count of 0: a client that has seen the
 * first answer's pts stays as it is, one that is behind sees the gap and takes the difference.
 */
function repeated(
  rows: Rows,
  record: MailboxRepeated,
  counters: Counters,
  reply: ReplyAddress | null,
  at: At,
): Folded {
  const counter = counterRow(counters, at)
  if (reply === null) return { rows: [], counter, reactions: [] }
  const { msgId, date } = deliveredRow(rows, record, record.seq)
  const mailbox = {
    msgId,
    seq: record.seq,
    date,
    pts: counters.pts,
    ptsCount: 0,
    expiresAt: 0,
  } as MailboxAnswer
  return { rows: [], counter, reactions: [answer(reply, { mailbox })] }
}

function counterRow({ userId, msgId, pts, date }: Counters, { offset }: At): AnyRow {
  return { userId, msgId, pts, date, offset }
}

function updateRow(update: MailboxUpdate): Mutation {
  const { userId, pts, ptsCount, date, kind, peerId, msgId, seq, msgIds } = update
  return {
    kind: 'upsert',
    table: mailboxUpdates,
    row: { userId, pts, ptsCount, date, kind, peerId, msgId, seq, msgIds },
  }
}
