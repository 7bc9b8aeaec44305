import { privateChatId, type UserId } from '@heliograph/schemas/avro'
import { authorizations } from '@heliograph/storage'
import { SERVICE_USER_ID } from '../directory/service-user.ts'
import { sealBody, textContent } from '../messages/content.ts'
import { wordsFor } from '../search-index/index.ts'
import type { Services } from '../services.ts'

/** Writes into the account's own chat with the service user, where its sessions read it. */
export async function sendServiceMessage(services: Services, userId: UserId, text: string): Promise<void> {
  const chatId = privateChatId(userId, SERVICE_USER_ID)
  const sealed = await sealBody(services, chatId, textContent(text))
  const command = {
    type: 'SendMessage',
    chatId,
    senderId: SERVICE_USER_ID,
    randomId: services.random(8).readBigInt64LE(),
    sealed,
    replyToSeq: null,
    silent: false,
    extra: null,
    words: wordsFor(services.keyring, chatId, text),
  } as const
  await services.commands.ask('chat.commands', chatId, command, undefined)
}

/** Whether the account is logged in on a key other than `authKeyId`. */
export async function hasOtherSession(
  { tables }: Pick<Services, 'tables'>,
  userId: UserId,
  authKeyId?: string,
): Promise<boolean> {
  const sessions = await tables.range(authorizations, { userId }, { limit: 2 })
  return sessions.some((session) => session.authKeyId !== authKeyId)
}
