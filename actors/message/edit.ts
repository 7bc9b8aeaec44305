import {
  ADMIN_RIGHTS,
  type ChatInfo,
  chatKindOf,
  type EditMessage,
  type MailboxEdited,
  type MessageEdited,
  type MessageExtra,
  type MessageSeq,
  type PeerId,
  peerIdOf,
  type RecordHeader,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  chats,
  editAudiences,
  type Mutation,
  type messages,
  type RowOf,
  type RowRef,
} from '@heliograph/storage'
import { type Member, mayAdminister, mayPin, maySend } from '../chat/rights.ts'
import { chatRefs, memberOf } from '../chat/state.ts'
import { projectAmended } from '../poll/state.ts'
import type { At, Decision, Reaction, Rejection, Rows } from '../runtime/decider.ts'
import { movedBy, projectMove, tellChannel } from './channel.ts'
import { holdFiles, idsOf, releaseFiles } from './files.ts'
import { type KeptMessage, keptMessage, keptMessageRefs } from './keepers.ts'
import { loggedAs, projectLog } from './log.ts'
import { fanOut } from './mailbox.ts'
import { isSavedMessages, openChat, refusedOutside, unknown } from './members.ts'
import { messageRow } from './stored.ts'

/** How long after sending its author may edit a message; in Saved Messages for ever. */
export const EDIT_WINDOW_SECONDS = 48 * 3600

const messageIdInvalid = { rejected: { code: 400, message: 'MESSAGE_ID_INVALID' } } as const
const authorRequired = { rejected: { code: 403, message: 'MESSAGE_AUTHOR_REQUIRED' } } as const
const editTimeExpired = { rejected: { code: 400, message: 'MESSAGE_EDIT_TIME_EXPIRED' } } as const

export function needsOfEdit({ chatId, editorId, seq }: EditMessage): RowRef[] {
  const refs = keptMessageRefs(chatId, seq)
  const kind = chatKindOf(chatId)
  if (kind !== 'private') refs.push(...chatRefs(chatId, editorId))
  if (kind === 'channel') refs.push({ table: chats, key: { chatId } })
  return refs
}

/**
 * Its author edits a message for two days; in a broadcast whoever may edit posts, and in a supergroup an author who may pin,
 * at any time. Rejects with MESSAGE_ID_INVALID, MESSAGE_AUTHOR_REQUIRED, MESSAGE_EDIT_TIME_EXPIRED, and outsiders as
 * `refusedOutside` says. Who may not write in a group is rejected as `maySend` says.
 */
export function decideEdit(rows: Rows, command: EditMessage, at: At): Decision<MessageEdited> {
  const { chatId, editorId, seq } = command
  const message = keptMessage(rows, chatId, seq, editorId)
  if (chatKindOf(chatId) !== 'private') return decidePublicEdit(rows, command, message, at)
  if (message === undefined || message.row.service === true) return messageIdInvalid
  if (message.row.senderId !== editorId) return authorRequired
  if (isTooOld(message, at) && !isSavedMessages(chatId)) return editTimeExpired
  return { events: [edited(message, command, at)] }
}

const isTooOld = ({ row }: KeptMessage, at: At): boolean => at.date - (row.date ?? 0) > EDIT_WINDOW_SECONDS

function decidePublicEdit(
  rows: Rows,
  command: EditMessage,
  message: KeptMessage | undefined,
  at: At,
): Decision<MessageEdited> {
  const { chatId, editorId } = command
  const info = openChat(rows, chatId)
  if (info === undefined) return unknown(chatId)
  const member = memberOf(rows, chatId, editorId)
  const rejected = refusedOutside(info, member, at.date)
  if (rejected !== undefined) return { rejected }
  if (message === undefined || message.row.service === true) return messageIdInvalid
  const isAuthor = message.row.senderId === editorId
  const editsPosts = info.kind === 'broadcast' && mayAdminister(member, ADMIN_RIGHTS.editMessages)
  if (!isAuthor && !editsPosts) return authorRequired
  const unwritable = refusedEdit(info, member, command, at)
  if (unwritable !== undefined) return { rejected: unwritable }
  const atAnyTime = editsPosts || (info.kind === 'supergroup' && mayPin(info, member, at.date))
  if (!atAnyTime && isTooOld(message, at)) return editTimeExpired
  const event = edited(message, command, at)
  if (info.kind === 'group') event.keptBy = event.keptBy.filter((userId) => info.members.includes(userId))
  else Object.assign(event, movedBy(rows, chatId, 1), loggedAs(command.log, at))
  return { events: [event] }
}

/** Who may not send something may not edit a message into it either; posts are for those who may edit them. */
function refusedEdit(info: ChatInfo, member: Member, { extra }: EditMessage, at: At): Rejection | undefined {
  if (info.kind === 'broadcast' || member?.isIn !== true) return undefined
  return maySend(info, member, extra?.kinds ?? [], at.date)
}

function edited(message: KeptMessage, command: EditMessage, at: At): MessageEdited {
  const mentioned = (message.row.mentions ?? []) as readonly UserId[]
  return {
    ...changed(message, command, command.editorId, at.date),
    ...(mentioned.length === 0 ? {} : { mentioned: [...mentioned] }),
  }
}

/** What a message has in it from now on. */
type Change = Pick<EditMessage, 'chatId' | 'seq' | 'sealed' | 'extra' | 'words'>

/** A message that has something else in it, and is what it was otherwise. */
export function changed(
  { row, keptBy }: KeptMessage,
  { chatId, seq, sealed, extra, words }: Change,
  editorId: UserId,
  editDate: number,
): MessageEdited {
  return {
    type: 'MessageEdited',
    chatId,
    seq,
    editorId,
    senderId: row.senderId as UserId,
    date: row.date ?? 0,
    editDate,
    sealed,
    randomId: row.randomId ?? 0n,
    replyToSeq: row.replyToSeq as MessageSeq | null,
    silent: row.silent ?? false,
    members: [...((row.members ?? []) as readonly UserId[])],
    keptBy: [...keptBy],
    extra: extraAfter(row, extra),
    words,
    pts: 0,
    expiresAt: row.expiresAt ?? 0,
    ...lostFiles(idsOf(row.files), extra?.files ?? []),
  }
}

/** An edit changes what a message has in it, and not where it stands. */
export function extraAfter(row: RowOf<typeof messages>, extra: MessageExtra | null): MessageExtra | null {
  const threadSeq = (row.threadSeq ?? null) as MessageSeq | null
  const postAs = (row.postAs ?? null) as PeerId | null
  const groupedId = row.groupedId ?? null
  if (extra === null && threadSeq === null && postAs === null && groupedId === null) return null
  return {
    mentions: [],
    kinds: extra?.kinds ?? [],
    files: extra?.files ?? [],
    poll: extra?.poll ?? null,
    threadSeq,
    postAs,
    groupedId,
    copyOf: copyAfter(row),
    service: false,
    noForwards: extra?.noForwards ?? false,
  }
}

/** The new body is sealed here. */
function copyAfter({ copyOfChatId, copyOfSeq }: RowOf<typeof messages>): MessageExtra['copyOf'] {
  if (copyOfChatId === null || copyOfChatId === undefined) return null
  return { chatId: copyOfChatId, seq: copyOfSeq, sealedThere: false } as MessageExtra['copyOf']
}

export function lostFiles(
  before: readonly bigint[],
  after: readonly bigint[],
): Pick<MessageEdited, 'lostFiles'> {
  const lost = before.filter((id) => !after.includes(id))
  return lost.length === 0 ? {} : { lostFiles: lost }
}

export function projectEdited(event: MessageEdited): Mutation[] {
  const { chatId, counts, pts, editDate, seq, editorId } = event
  const date = event.amendedAt || editDate
  const rows = [...projectAudience(event), messageRow(event, editDate), ...projectAmended(event)]
  if (counts === undefined || counts === null) return rows
  const move = { chatId, kind: 'edit', pts, ptsCount: 1, date, seq } as const
  return [...rows, ...projectMove(move, counts), ...projectLog({ ...event, date }, editorId, 'edit')]
}

/** All members of a basic group share one body: who has left goes on seeing it only as long as it is the one that it was told. */
function projectAudience({ chatId, seq, editDate, keptBy }: MessageEdited): Mutation[] {
  if (chatKindOf(chatId) !== 'group') return []
  return [{ kind: 'upsert', table: editAudiences, row: { chatId, seq, editDate, toldTo: keptBy } }]
}

export function reactToEdited(event: MessageEdited, cause: RecordHeader): Reaction[] {
  const header = event.answers === false ? { ...cause, reply: null } : cause
  const told =
    chatKindOf(event.chatId) === 'channel'
      ? toldInChannel(event, header)
      : fanOut(event.keptBy, event.editorId, header, (userId) => editedFor(event, userId))
  return [...told, ...holdFiles(event), ...releaseFiles(event)]
}

function toldInChannel(event: MessageEdited, header: RecordHeader): Reaction[] {
  const { chatId, pts, editDate, seq } = event
  const date = event.amendedAt || editDate
  return tellChannel({ chatId, kind: 'edit', pts, ptsCount: 1, date, seq }, header, {
    senderId: event.senderId,
    silent: event.silent,
    messageDate: event.date,
    editDate,
    replyToSeq: event.replyToSeq,
    sealed: event.sealed,
    extra: event.extra,
    expiresAt: event.expiresAt,
    userIds: event.mentioned ?? [],
  })
}

function editedFor(event: MessageEdited, userId: UserId): MailboxEdited {
  const { chatId, seq, senderId, date, editDate, silent, replyToSeq, sealed, mentioned } = event
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
    mentioned: mentioned?.includes(userId) ?? false,
    expiresAt: event.expiresAt,
    ...(event.amendedAt ? { amendedAt: event.amendedAt } : {}),
  }
}
