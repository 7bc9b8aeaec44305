import {
  type EditMessage,
  type MailboxEdited,
  type MessageEdited,
  type MessageSeq,
  peerIdOf,
  type RecordHeader,
  type UserId,
} from '@heliograph/schemas/avro'
import { type Mutation, messages, type RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { filesColumn, holdFiles, idsOf, releaseFiles } from './files.ts'
import { type KeptMessage, keptMessage, keptMessageRefs } from './keepers.ts'
import { fanOut } from './mailbox.ts'
import { isSavedMessages } from './members.ts'

/** How long after sending its author may edit a message; in Saved Messages for ever. */
export const EDIT_WINDOW_SECONDS = 48 * 3600

const messageIdInvalid = { rejected: { code: 400, message: 'MESSAGE_ID_INVALID' } } as const
const authorRequired = { rejected: { code: 400, message: 'MESSAGE_AUTHOR_REQUIRED' } } as const
const editTimeExpired = { rejected: { code: 400, message: 'MESSAGE_EDIT_TIME_EXPIRED' } } as const

export function needsOfEdit(command: EditMessage): RowRef[] {
  return keptMessageRefs(command.chatId, command.seq)
}

/** Rejects with MESSAGE_ID_INVALID, MESSAGE_AUTHOR_REQUIRED, MESSAGE_EDIT_TIME_EXPIRED. */
export function decideEdit(rows: Rows, command: EditMessage, at: At): Decision<MessageEdited> {
  const { chatId, editorId, seq } = command
  const message = keptMessage(rows, chatId, seq, editorId)
  if (message === undefined) return messageIdInvalid
  if (message.row.senderId !== editorId) return authorRequired
  const age = at.date - (message.row.date ?? 0)
  if (age > EDIT_WINDOW_SECONDS && !isSavedMessages(chatId)) return editTimeExpired
  return { events: [edited(message, command, at)] }
}

function edited({ row, keptBy }: KeptMessage, command: EditMessage, at: At): MessageEdited {
  const { chatId, editorId, seq, sealed, extra, words } = command
  return {
    type: 'MessageEdited',
    chatId,
    seq,
    editorId,
    senderId: row.senderId as UserId,
    date: row.date ?? 0,
    editDate: at.date,
    sealed,
    randomId: row.randomId ?? 0n,
    replyToSeq: row.replyToSeq as MessageSeq | null,
    silent: row.silent ?? false,
    members: [...((row.members ?? []) as readonly UserId[])],
    keptBy: [...keptBy],
    extra,
    words,
    pts: 0,
    expiresAt: 0,
    ...lostFiles(idsOf(row.files), extra?.files ?? []),
  }
}

function lostFiles(before: readonly bigint[], after: readonly bigint[]): Pick<MessageEdited, 'lostFiles'> {
  const lost = before.filter((id) => !after.includes(id))
  return lost.length === 0 ? {} : { lostFiles: lost }
}

export function projectEdited(event: MessageEdited): Mutation[] {
  const { chatId, seq, senderId, randomId, date, editDate, silent, replyToSeq, members, sealed } = event
  const files = filesColumn(event.extra)
  const row = { chatId, seq, senderId, randomId, date, editDate, silent, replyToSeq, members, sealed, files }
  return [{ kind: 'upsert', table: messages, row }]
}

export function reactToEdited(event: MessageEdited, header: RecordHeader): Reaction[] {
  const told = fanOut(event.keptBy, event.editorId, header, (userId) => editedFor(event, userId))
  return [...told, ...holdFiles(event), ...releaseFiles(event)]
}

function editedFor(event: MessageEdited, userId: UserId): MailboxEdited {
  const { chatId, seq, senderId, date, editDate, silent, replyToSeq, sealed } = event
  return {
    type: 'MailboxEdited',
    userId,
    peerId: peerIdOf(userId, chatId),
    chatId,
    seq,
    senderId,
    date,
    editDate,
    out: userId === senderId,
    silent,
    replyToSeq,
    sealed,
    mentioned: false,
    expiresAt: event.expiresAt,
  }
}
