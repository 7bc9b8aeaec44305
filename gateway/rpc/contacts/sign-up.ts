import { type PutContacts, type UserId, userKey } from '@heliograph/schemas/avro'
import { awaitedPhones } from '@heliograph/storage'
import { isSilentAboutSignUps } from '../account/stored.ts'
import { sendServiceMessage } from '../auth/service-message.ts'
import { sealCard } from '../sealed.ts'
import type { Services } from '../services.ts'
import { forgetSaved, savedContact } from './saved.ts'

/** People who are told that a number in their address books has an account now. */
export const MAX_TOLD = 1_000

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
  if (await isSilentAboutSignUps(services, owner)) return
  const name = `${firstName} ${lastName}`.trim()
  await sendServiceMessage(
    services,
    owner,
    `${name} (+${phone}) has an account now and is among your contacts.`,
  )
}
