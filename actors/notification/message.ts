import type { MailboxMessage, MessageId } from '@heliograph/schemas/avro'
import { mailboxHistory, mailboxMessages, type RowRef } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'
import { dialogOf, dialogRef, dialogUpsert, withMessage } from './dialog.ts'
import { type HistoryRow, historyRef, historyRow } from './history.ts'
import { type Counters, type Step, updateOf } from './step.ts'

export function needsOfMessage(record: MailboxMessage): RowRef[] {
  const refs = [dialogRef(record), historyRef(record, seqBefore(record))]
  if (record.replyToSeq !== null) refs.push(historyRef(record, record.replyToSeq))
  return refs
}

/** The next message id, one pts; an incoming message is unread. */
export function foldMessage(
  rows: Rows,
  record: MailboxMessage,
  counters: Counters,
  offset: number,
  origin: Buffer | undefined,
): Step {
  const { userId, peerId, seq, senderId, date, out, silent, sealed } = record
  const message = received(rows, record, counters.msgId + 1)
  const { msgId } = message
  const replyToMsgId = message.replyToMsgId as MessageId
  const dialog = withMessage(dialogOf(rows, record), message, offset)
  return {
    lastMsgId: msgId,
    rows: [
      { kind: 'upsert', table: mailboxHistory, row: message },
      { kind: 'upsert', table: mailboxMessages, row: { userId, msgId, peerId, seq } },
      dialogUpsert(dialog),
    ],
    update: updateOf(
      { kind: 'message', userId, peerId, pts: counters.pts + 1, ptsCount: 1, date, msgId, seq },
      origin,
      {
        senderId,
        out,
        silent,
        messageDate: date,
        editDate: 0,
        replyToMsgId,
        sealed,
        mentioned: record.mentioned,
        expiresAt: record.expiresAt,
      },
    ),
    answered: { msgId, seq, date },
  }
}

/** The last message of the chat that this user got before: not the one before it in the chat where it had left. */
function seqBefore({ seq, previousSeq }: MailboxMessage): number {
  return previousSeq ?? seq - 1
}

/**
 * The count of incoming messages goes on from the row before in the chat, which never changes, rather than from the
 * dialog, which after a crash may be ahead.
 */
function received(rows: Rows, record: MailboxMessage, msgId: number): HistoryRow {
  const { userId, peerId, seq, senderId, out, date, replyToSeq } = record
  const before = historyRow(rows, record, seqBefore(record))?.incomingCount ?? 0
  const replied = replyToSeq === null ? undefined : historyRow(rows, record, replyToSeq)
  return {
    userId,
    peerId,
    seq,
    msgId,
    senderId,
    out,
    date,
    replyToMsgId: replied?.msgId ?? 0,
    incomingCount: before + (out ? 0 : 1),
    deleted: false,
  }
}
