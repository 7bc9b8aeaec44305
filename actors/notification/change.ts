import type {
  MailboxContentsRead,
  MailboxDeleted,
  MailboxEdited,
  MailboxPinned,
  MailboxRead,
  MessageId,
} from '@heliograph/schemas/avro'
import { type Mutation, mailboxHistory, type RowRef } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'
import { dialogOf, dialogRef, dialogUpsert, withDeleted, withReadIn, withReadOut } from './dialog.ts'
import { deliveredRow, historyRef } from './history.ts'
import { type Counters, type Step, updateOf } from './step.ts'

const NO_MESSAGE = { msgId: 0, seq: 0 }

export function needsOfEdited(record: MailboxEdited): RowRef[] {
  return [historyRef(record, record.seq)]
}

/** One pts. */
export function foldEdited(
  rows: Rows,
  record: MailboxEdited,
  counters: Counters,
  origin: Buffer | undefined,
): Step {
  const { userId, peerId, seq, senderId, out, silent, editDate, sealed } = record
  const date = record.amendedAt || editDate
  const { msgId, replyToMsgId } = deliveredRow(rows, record, seq)
  return {
    lastMsgId: counters.msgId,
    rows: [],
    update: updateOf(
      { kind: 'edit', userId, peerId, pts: counters.pts + 1, ptsCount: 1, date, msgId, seq },
      origin,
      {
        senderId,
        out,
        silent,
        messageDate: record.date,
        editDate,
        replyToMsgId: replyToMsgId as MessageId,
        sealed,
        mentioned: record.mentioned,
        expiresAt: record.expiresAt,
      },
    ),
    answered: { msgId, seq, date },
  }
}

export function needsOfDeleted(record: MailboxDeleted): RowRef[] {
  return [dialogRef(record), ...record.seqs.map((seq) => historyRef(record, seq))]
}

/** As many pts as messages. */
export function foldDeleted(
  rows: Rows,
  record: MailboxDeleted,
  counters: Counters,
  offset: number,
  origin: Buffer | undefined,
): Step {
  const { userId, peerId, date, seqs } = record
  const messages = seqs.map((seq) => deliveredRow(rows, record, seq))
  const dialog = withDeleted(dialogOf(rows, record), messages, offset)
  const tombstones = messages.map(
    (message): Mutation => ({ kind: 'upsert', table: mailboxHistory, row: { ...message, deleted: true } }),
  )
  const count = seqs.length
  const update = updateOf(
    { kind: 'delete', userId, peerId, pts: counters.pts + count, ptsCount: count, date, ...NO_MESSAGE },
    origin,
  )
  return {
    lastMsgId: counters.msgId,
    rows: [...tombstones, dialogUpsert(dialog)],
    update: { ...update, msgIds: messages.map((message) => message.msgId as MessageId) },
    answered: { ...NO_MESSAGE, date },
  }
}

export function needsOfRead(record: MailboxRead): RowRef[] {
  return [dialogRef(record), historyRef(record, record.upToSeq)]
}

/** One pts. */
export function foldRead(
  rows: Rows,
  record: MailboxRead,
  counters: Counters,
  offset: number,
  origin: Buffer | undefined,
): Step {
  const { userId, peerId, date, upToSeq, out } = record
  const read = deliveredRow(rows, record, upToSeq)
  const before = dialogOf(rows, record)
  const dialog = out ? withReadOut(before, read, offset) : withReadIn(before, read, offset)
  const kind = out ? 'read-out' : 'read-in'
  const update = updateOf(
    { kind, userId, peerId, pts: counters.pts + 1, ptsCount: 1, date, msgId: read.msgId, seq: upToSeq },
    origin,
  )
  return {
    lastMsgId: counters.msgId,
    rows: [dialogUpsert(dialog)],
    update: { ...update, unread: out ? 0 : dialog.unread },
    answered: { ...NO_MESSAGE, date },
  }
}

export function needsOfMarked(record: MailboxPinned | MailboxContentsRead): RowRef[] {
  return record.seqs.map((seq) => historyRef(record, seq))
}

/** As many pts as messages that were pinned, are pinned no more, or whose contents were seen. */
export function foldMarked(
  rows: Rows,
  record: MailboxPinned | MailboxContentsRead,
  counters: Counters,
  origin: Buffer | undefined,
): Step {
  const { userId, peerId, date, seqs } = record
  const kind = record.type === 'MailboxContentsRead' ? 'contents' : record.pinned ? 'pin' : 'unpin'
  const count = seqs.length
  const update = updateOf(
    { kind, userId, peerId, pts: counters.pts + count, ptsCount: count, date, ...NO_MESSAGE },
    origin,
  )
  const msgIds = seqs.map((seq) => deliveredRow(rows, record, seq).msgId as MessageId)
  return {
    lastMsgId: counters.msgId,
    rows: [],
    update: { ...update, msgIds },
    answered: { ...NO_MESSAGE, date },
  }
}
