import { type ChatId, privateChatMembers, SERVICE_USER_ID, type UserId } from '@heliograph/schemas/avro'

/** Who may act in a chat, by the kind of chat that its id tells. Undefined for a kind that is not served. */
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
