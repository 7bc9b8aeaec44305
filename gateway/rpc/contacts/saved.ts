import { phoneKey, type UserId, userKey } from '@heliograph/schemas/avro'
import type { CallContext } from '../handler.ts'
import { sealSetting } from '../sealed.ts'
import type { Services } from '../services.ts'
import { listSettings, readSetting, writeSetting } from '../settings.ts'

/** Numbers without an account that one user's address book may hold here. */
export const MAX_SAVED = 1_000
const PREFIX = 'saved-contact:'

/** An entry of an address book whose number has no account. */
export interface SavedContact {
  readonly phone: string
  readonly firstName: string
  readonly lastName: string
  /** Unix seconds. */
  readonly date: number
}

const nameOf = (phoneHmac: string): string => PREFIX + phoneHmac

export async function savedContacts(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<SavedContact[]> {
  const found = await listSettings(services, userId, PREFIX)
  return found.map(({ value }) => JSON.parse(value.toString()) as SavedContact)
}

export async function savedContact(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
  phoneHmac: string,
): Promise<SavedContact | undefined> {
  const value = await readSetting(services, userId, nameOf(phoneHmac))
  return value && (JSON.parse(value.toString()) as SavedContact)
}

/** Keeps an entry of the caller's address book until its number has an account, and asks the number's actor to tell then. */
export async function saveContact(
  { services, user, caller }: CallContext,
  phoneHmac: string,
  contact: SavedContact,
): Promise<void> {
  const name = nameOf(phoneHmac)
  const sealed = await sealSetting(services, user, name, Buffer.from(JSON.stringify(contact)))
  await Promise.all([
    services.commands.ask(
      'account.commands',
      userKey(user),
      { type: 'PutSetting', userId: user, name, sealed },
      caller,
    ),
    services.commands.ask(
      'account.commands',
      phoneKey(phoneHmac),
      { type: 'AwaitPhone', phoneHmac, userId: user },
      caller,
    ),
  ])
}

/** Forgets an entry of anybody's address book: it has become a contact. */
export async function forgetSaved(services: Services, userId: UserId, phoneHmac: string): Promise<void> {
  const command = { type: 'PutSetting', userId, name: nameOf(phoneHmac), sealed: null } as const
  await services.commands.ask('account.commands', userKey(userId), command, undefined)
}

/** Forgets all entries of the caller's address book that have not become contacts. */
export async function forgetAllSaved(context: CallContext): Promise<void> {
  const found = await listSettings(context.services, context.user, PREFIX)
  await Promise.all(found.map(({ name }) => writeSetting(context, name, null)))
}
