import type { UserId } from '@heliograph/schemas/avro'
import { phones } from '@heliograph/storage'
import type { Services } from '../services.ts'
import { hasOtherSession, sendServiceMessage } from './service-message.ts'

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
  if (!(await hasOtherSession(services, userId))) return
  const text = `Login code: ${code}. Give it to nobody, whoever asks: it opens your account.`
  await sendServiceMessage(services, userId, text)
}
