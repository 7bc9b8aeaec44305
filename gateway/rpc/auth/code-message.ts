import { privateChatId, type UserId } from '@heliograph/schemas/avro'
import { authorizations, phones } from '@heliograph/storage'
import { SERVICE_USER_ID } from '../directory/service-user.ts'
import { sealBody, textContent } from '../messages/content.ts'
import type { Services } from '../services.ts'

/**
 * Sends a log-in code into the account's own chat with the service user, where another session can read it. Nobody waits for
 * this: the answer to the caller is the same, and as fast, for known and unknown numbers.
 */
export function deliverCode(services: Services, phoneHmac: string, code: string): void {
  deliver(services, phoneHmac, code).catch((error: unknown) =>
    services.log.warn({ error: String(error) }, 'a log-in code was not delivered as a message'),
  )
}

async function deliver(services: Services, phoneHmac: string, code: string): Promise<void> {
  const userId = (await services.tables.get(phones, { phoneHmac }))?.userId as UserId | null | undefined
  if (userId === null || userId === undefined) return
  const sessions = await services.tables.range(authorizations, { userId }, { limit: 1 })
  if (sessions.length === 0) return
  const chatId = privateChatId(userId, SERVICE_USER_ID)
  const text = `Login code: ${code}. Give it to nobody, whoever asks: it opens your account.`
  const command = {
    type: 'SendMessage',
    chatId,
    senderId: SERVICE_USER_ID,
    randomId: services.random(8).readBigInt64LE(),
    sealed: await sealBody(services, chatId, textContent(text)),
    replyToSeq: null,
    silent: false,
  } as const
  await services.commands.ask('chat.commands', chatId, command, undefined)
}
