import type { MailboxUpdate, MessageId, MessageSeq, PeerId, UserId } from '@heliograph/schemas/avro'
import type { Mutation } from '@heliograph/storage'

/** What a user's mailbox has counted so far. */
export interface Counters {
  readonly userId: UserId
  /** The last message id given; 0 none. */
  readonly msgId: number
  readonly pts: number
  readonly date: number
}

/** What one record of a mailbox does to it. */
export interface Step {
  /** The message id that the record gave, or the last one given before. */
  readonly lastMsgId: number
  /** Rows derived from the record, but for that in `mailbox_updates`. */
  readonly rows: Mutation[]
  readonly update: MailboxUpdate
  /** The message that an answer names; 0 where none is meant. */
  readonly answered: { readonly msgId: number; readonly seq: number; readonly date: number }
}

export type UpdateKind = 'message' | 'edit' | 'delete' | 'read-in' | 'read-out' | 'pin' | 'unpin' | 'contents'

/** How a record moves a mailbox on: the values that every kind of update has. */
export interface Movement {
  readonly kind: UpdateKind
  readonly userId: UserId
  readonly peerId: PeerId
  /** pts after it. */
  readonly pts: number
  readonly ptsCount: number
  readonly date: number
  readonly msgId: number
  readonly seq: number
}
type Details = Pick<
  MailboxUpdate,
  | 'senderId'
  | 'out'
  | 'silent'
  | 'messageDate'
  | 'editDate'
  | 'replyToMsgId'
  | 'sealed'
  | 'mentioned'
  | 'expiresAt'
>

const NO_BYTES = Buffer.alloc(0)
const noDetails: Details = {
  senderId: 0 as UserId,
  out: false,
  silent: false,
  messageDate: 0,
  editDate: 0,
  replyToMsgId: 0 as MessageId,
  sealed: NO_BYTES,
  mentioned: false,
  expiresAt: 0,
}

/** The update to publish; `origin` is the session that caused it, if it is one of this user. */
export function updateOf(
  movement: Movement,
  origin: Buffer | undefined,
  details: Details = noDetails,
): MailboxUpdate {
  return {
    type: 'MailboxUpdate',
    userId: movement.userId,
    pts: movement.pts,
    ptsCount: movement.ptsCount,
    date: movement.date,
    kind: movement.kind,
    peerId: movement.peerId,
    msgId: movement.msgId as MessageId,
    seq: movement.seq as MessageSeq,
    senderId: details.senderId,
    out: details.out,
    silent: details.silent,
    messageDate: details.messageDate,
    editDate: details.editDate,
    replyToMsgId: details.replyToMsgId,
    msgIds: [],
    unread: 0,
    sealed: details.sealed,
    origin: origin ?? NO_BYTES,
    mentioned: details.mentioned,
    expiresAt: details.expiresAt,
  }
}
