import {
  BANNED_RIGHTS,
  type ChatChanged,
  type ChatFlag,
  type ChatInfo,
  type EditChat,
  type UnlinkChat,
} from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import { serviceRefs } from '../message/service.ts'
import type { At, Rejection, Rows } from '../runtime/decider.ts'
import { type ChatDecision, chatChanged, inLiveChat, nothing, untold } from './change.ts'
import { refusedEdit } from './edit-rights.ts'
import {
  chatAboutNotModified,
  chatLinkExists,
  chatNotModified,
  linkNotModified,
  prehistoryHidden,
  rejected,
  usernameNotModified,
} from './rejections.ts'
import { unknownChat } from './rights.ts'
import { chatInfoOf, chatRefs, memberOf } from './state.ts'

export function needsOfEditChat({ chatId, byUserId }: EditChat): RowRef[] {
  return [...chatRefs(chatId, byUserId), ...serviceRefs(chatId)]
}

/**
 * Rejects with what the right that the change needs says (`edit-rights.ts`), with CHAT_NOT_MODIFIED, CHAT_ABOUT_NOT_MODIFIED,
 * USERNAME_NOT_MODIFIED and LINK_NOT_MODIFIED where nothing changes, CHAT_LINK_EXISTS and MEGAGROUP_PREHISTORY_HIDDEN for a history that is hidden
 * in a public or linked chat.
 */
export function decideEditChat(rows: Rows, command: EditChat, at: At): ChatDecision {
  return inLiveChat(rows, command.chatId, (info) => {
    const refused = refusedEdit(info, memberOf(rows, command.chatId, command.byUserId), command, at.date)
    if (refused !== undefined) return rejected(refused)
    const next = edited(info, command)
    if (isSame(info, next) && !ELSEWHERE.has(command.change)) return unmodified(command)
    const unfit = unfitEdit(info, next, command)
    if (unfit !== undefined) return unfit
    return chatChanged(rows, next, command, command, at, differences(info, next))
  })
}

/** The names that the operator gave the chat are kept by another actor; here they are told of, and logged. */
const ELSEWHERE: ReadonlySet<string> = new Set(['usernames'])

function edited(info: ChatInfo, command: EditChat): ChatInfo {
  const { username, linkedChatId } = command
  const defaultBanned = command.defaultBanned ?? info.defaultBanned
  return {
    ...info,
    profile: command.profile ?? info.profile,
    username: username === null ? info.username : username || null,
    flags: flagsAfter(info, command),
    defaultBanned: defaultBanned & ~BANNED_RIGHTS.viewMessages,
    slowModeSeconds: command.slowModeSeconds ?? info.slowModeSeconds,
    ttlSeconds: command.ttlSeconds ?? info.ttlSeconds,
    linkedChatId: linkedChatId === null ? info.linkedChatId : linkedChatId || null,
    reactions: command.allReactions ? null : (command.reactions ?? info.reactions),
    reactionsLimit: command.reactionsLimit ?? info.reactionsLimit,
    files: command.change === 'photo' ? command.files : info.files,
  }
}

/** A public chat shows its history to everybody. */
function flagsAfter(info: ChatInfo, { setFlags, clearFlags, username }: EditChat): ChatFlag[] {
  const flags = new Set(info.flags)
  for (const flag of setFlags) flags.add(flag)
  for (const flag of clearFlags) flags.delete(flag)
  if (username) flags.delete('hiddenHistory')
  return [...flags]
}

const PLAIN_FIELDS = [
  'username',
  'defaultBanned',
  'slowModeSeconds',
  'ttlSeconds',
  'linkedChatId',
  'reactionsLimit',
] as const

function isSame(info: ChatInfo, next: ChatInfo): boolean {
  return (
    info.profile.equals(next.profile) &&
    PLAIN_FIELDS.every((field) => info[field] === next[field]) &&
    isSameList(info.flags, next.flags) &&
    isSameList(info.reactions, next.reactions) &&
    isSameList(info.files, next.files)
  )
}

function isSameList<T>(one: readonly T[] | null, other: readonly T[] | null): boolean {
  if (one === null || other === null) return one === other
  return one.length === other.length && one.every((value) => other.includes(value))
}

function unmodified({ change }: EditChat): { rejected: Rejection } {
  switch (change) {
    case 'username':
      return usernameNotModified
    case 'linked':
      return linkNotModified
    case 'about':
      return chatAboutNotModified
    default:
      return chatNotModified
  }
}

function unfitEdit(info: ChatInfo, next: ChatInfo, { change }: EditChat) {
  const hides = next.flags.includes('hiddenHistory')
  if (!hides) return undefined
  if (change === 'linked' && next.linkedChatId !== null) return prehistoryHidden
  const isNew = !info.flags.includes('hiddenHistory')
  return isNew && (next.username !== null || next.linkedChatId !== null) ? chatLinkExists : undefined
}

/** What the chat has given up, and the files that it begins and ceases to refer to. */
function differences(
  info: ChatInfo,
  next: ChatInfo,
): Pick<ChatChanged, 'files' | 'lostFiles' | 'formerUsername' | 'formerLinkedChatId'> {
  return {
    files: next.files.filter((id) => !info.files.includes(id)),
    lostFiles: info.files.filter((id) => !next.files.includes(id)),
    formerUsername: info.username === next.username ? null : info.username,
    formerLinkedChatId: info.linkedChatId === next.linkedChatId ? null : info.linkedChatId,
  }
}

export function needsOfUnlink({ chatId }: UnlinkChat): RowRef[] {
  return chatRefs(chatId)
}

/** Nothing to do where the chat is linked to another by now. */
export function decideUnlink(rows: Rows, { chatId, fromChatId }: UnlinkChat, at: At): ChatDecision {
  const info = chatInfoOf(rows, chatId)
  if (info === undefined) return rejected(unknownChat(chatId))
  if (info.linkedChatId !== fromChatId) return nothing
  const deed = { chatId, byUserId: info.creatorId, change: 'unlink' }
  return chatChanged(rows, { ...info, linkedChatId: null }, deed, untold, at)
}
