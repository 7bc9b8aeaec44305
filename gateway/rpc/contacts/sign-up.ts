import {
  CONTACT_SIGN_UP_KIND,
  NO_EXTRA,
  type PutContacts,
  privateChatId,
  type SendMessage,
  type UserId,
  userKey,
} from '@heliograph/schemas/avro'
import { encodeObject, RpcError } from '@heliograph/schemas/tl'
import { awaitedPhones } from '@heliograph/storage'
import { isSilentAboutSignUps } from '../account/stored.ts'
import { sealBody, textContent } from '../messages/content.ts'
import { sealCard } from '../sealed.ts'
import type { Services } from '../services.ts'
import { forgetSaved, savedContact } from './saved.ts'

/** People who are told that a number in their address books has an account now. */
export const MAX_TOLD = 1_000
const RANDOM_ID_BYTES = 8
/**
 * Makes the new account a contact of everybody who has its number in an address book, and tells those who want to hear of it.
 * Nobody waits for this. The new user does not learn who they are.
 */
export function announceSignUp(services: Services, newcomer: UserId, phoneHmac: string): void {
  announce(services, newcomer, phoneHmac).catch((error: unknown) =>
    services.log.warn({ error: String(error) }, 'a sign-up was not announced to all who waited for it'),
  )
}

async function announce(services: Services, newcomer: UserId, phoneHmac: string): Promise<void> {
  const waiting = await services.tables.range(awaitedPhones, { phoneHmac }, { limit: MAX_TOLD })
  for (const { userId } of waiting) await tell(services, userId as UserId, newcomer, phoneHmac)
}

async function tell(services: Services, owner: UserId, newcomer: UserId, phoneHmac: string): Promise<void> {
  const saved = await savedContact(services, owner, phoneHmac)
  if (saved === undefined || owner === newcomer) return
  const { firstName, lastName, phone } = saved
  const sealed = await sealCard(services, owner, { firstName, lastName, phone, note: null })
  const command = {
    type: 'PutContacts' as const,
    userId: owner,
    contacts: [{ contactId: newcomer, sealed }],
  } satisfies PutContacts
  await services.commands.ask('account.commands', userKey(owner), command, undefined)
  services.directory.contactsChanged(owner)
  await forgetSaved(services, owner, phoneHmac)
  await beginChat(services, owner, newcomer)
}

/**
 * Begins the chat of the two with a note that somebody is here now. Only `owner` gets it, without a sound where it does not want to
 * hear of sign-ups; there is none where the two have been quicker to write.
 */
async function beginChat(services: Services, owner: UserId, newcomer: UserId): Promise<void> {
  const chatId = privateChatId(owner, newcomer)
  const action = Buffer.from(encodeObject({ _: 'messageActionContactSignUp' }))
  const content = { ...textContent(''), action }
  const command: SendMessage = {
    type: 'SendMessage',
    chatId,
    senderId: newcomer,
    randomId: services.random(RANDOM_ID_BYTES).readBigInt64LE(),
    sealed: await sealBody(services, chatId, content),
    replyToSeq: null,
    silent: await isSilentAboutSignUps(services, owner),
    extra: { ...NO_EXTRA, kinds: [CONTACT_SIGN_UP_KIND], service: true },
    words: null,
  }
  await services.commands.ask('chat.commands', chatId, command, undefined).catch((error: unknown) => {
    if (!(error instanceof RpcError) || error.code >= 500) throw error
  })
}
