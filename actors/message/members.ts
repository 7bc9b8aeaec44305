import {
  type ChatId,
  type ChatInfo,
  privateChatMembers,
  SERVICE_USER_ID,
  type UserId,
} from '@heliograph/schemas/avro'
import { isDeactivated, type Member, maySend, outsider, unknownChat } from '../chat/rights.ts'
import { chatInfoOf } from '../chat/state.ts'
import type { Rejection, Rows } from '../runtime/decider.ts'

/** Who may act in a private chat. Undefined for groups and channels: their rows tell. */
export function membersOf(chatId: ChatId): readonly UserId[] | undefined {
  return privateChatMembers(chatId)
}

export function isMember(chatId: ChatId, userId: UserId): boolean {
  return membersOf(chatId)?.includes(userId) ?? false
}

/** Those members that messages are delivered to: service accounts have no mailbox. */
export function withMailbox(members: readonly UserId[]): UserId[] {
  return members.filter((member) => member !== SERVICE_USER_ID)
}

/** Saved Messages: the private chat of a user with itself. */
export function isSavedMessages(chatId: ChatId): boolean {
  return membersOf(chatId)?.length === 1
}

/** A group or channel that is there and has not been given up. */
export function openChat(rows: Rows, chatId: ChatId): ChatInfo | undefined {
  const info = chatInfoOf(rows, chatId)
  return info === undefined || isDeactivated(info) ? undefined : info
}

/** CHAT_ID_INVALID or CHANNEL_PRIVATE */
export const unknown = (chatId: ChatId): { readonly rejected: Rejection } => ({
  rejected: unknownChat(chatId),
})

/**
 * Why somebody who is not in a group or channel may do nothing with its messages; undefined for members, and for guests in the
 * comments of a channel.
 */
export function refusedOutside(info: ChatInfo, member: Member, date: number): Rejection | undefined {
  if (member?.isIn === true) return undefined
  const isOpen = info.kind === 'supergroup' && info.linkedChatId !== null
  if (isOpen && maySend(info, member, [], date) === undefined) return undefined
  return outsider(info, member, date)
}
