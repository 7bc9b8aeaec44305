import { dialogs, MAX_DELETED_UNREAD, type Mutation, type RowOf, type RowRef } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'
import type { Conversation, HistoryRow } from './history.ts'

/** A row of `dialogs`, every column set. */
export type Dialog = { [C in keyof RowOf<typeof dialogs>]: NonNullable<RowOf<typeof dialogs>[C]> }

export function dialogRef({ userId, peerId }: Conversation): RowRef {
  return { table: dialogs, key: { userId, peerId } }
}

/** The dialog as of some record; an empty one where there is none yet. */
export function dialogOf(rows: Rows, { userId, peerId }: Conversation): Dialog {
  return (rows.get(dialogs, { userId, peerId }) as Dialog | undefined) ?? emptyDialog(userId, peerId)
}

function emptyDialog(userId: number, peerId: number): Dialog {
  return {
    userId,
    peerId,
    topSeq: 0,
    topMsgId: 0,
    topDate: 0,
    incomingCount: 0,
    messageCount: 0,
    unread: 0,
    readInSeq: 0,
    readInMaxId: 0,
    readOutSeq: 0,
    readOutMaxId: 0,
    deletedUnread: [],
    offset: -1,
  }
}

/**
 * Whether a dialog includes the record at `offset` already. Rows are written before the counters, so after a crash a record
 * may be counted again whose dialog is there: the dialog counts for itself, by its own offset, and nothing of it flows into
 * message ids or pts.
 */
function includes(dialog: Dialog, offset: number): boolean {
  return dialog.offset >= offset
}

export function dialogUpsert(dialog: Dialog): Mutation {
  return { kind: 'upsert', table: dialogs, row: dialog }
}

/** Column by column: this is on the way of every message, and copying a row takes several times as long. */
export function withMessage(dialog: Dialog, message: HistoryRow, offset: number): Dialog {
  if (includes(dialog, offset)) return dialog
  return {
    userId: dialog.userId,
    peerId: dialog.peerId,
    topSeq: message.seq,
    topMsgId: message.msgId,
    topDate: message.date,
    incomingCount: message.incomingCount,
    messageCount: dialog.messageCount + 1,
    unread: dialog.unread + (message.out ? 0 : 1),
    readInSeq: dialog.readInSeq,
    readInMaxId: dialog.readInMaxId,
    readOutSeq: dialog.readOutSeq,
    readOutMaxId: dialog.readOutMaxId,
    deletedUnread: dialog.deletedUnread,
    offset,
  }
}

/** Everything incoming above the read message is unread, but for what was deleted. */
export function withReadIn(dialog: Dialog, read: HistoryRow, offset: number): Dialog {
  if (includes(dialog, offset)) return dialog
  const deletedUnread = dialog.deletedUnread.filter((seq) => seq > read.seq)
  const unread = dialog.incomingCount - read.incomingCount - deletedUnread.length
  return {
    ...dialog,
    readInSeq: read.seq,
    readInMaxId: read.msgId,
    deletedUnread,
    // Below 0 never; above the truth only where more than MAX_DELETED_UNREAD were deleted unread (see withDeleted).
    unread: Math.max(unread, 0),
    offset,
  }
}

/** The message itself need not be the user's own: all of the user's own at or below it are read. */
export function withReadOut(dialog: Dialog, read: HistoryRow, offset: number): Dialog {
  if (includes(dialog, offset)) return dialog
  return { ...dialog, readOutSeq: read.seq, readOutMaxId: read.msgId, offset }
}

/**
 * Of too many the lowest are forgotten: a read that goes beyond those is exact again, and `unread` as counted down here
 * always is.
 */
export function withDeleted(dialog: Dialog, messages: readonly HistoryRow[], offset: number): Dialog {
  if (includes(dialog, offset)) return dialog
  const unseen = messages.filter((message) => !message.out && message.seq > dialog.readInSeq)
  const deletedUnread = [...dialog.deletedUnread, ...unseen.map((message) => message.seq)].sort(
    (a, b) => a - b,
  )
  return {
    ...dialog,
    messageCount: dialog.messageCount - messages.length,
    unread: dialog.unread - unseen.length,
    deletedUnread: deletedUnread.slice(-MAX_DELETED_UNREAD),
    offset,
  }
}
