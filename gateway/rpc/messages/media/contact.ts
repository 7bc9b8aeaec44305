import type { Tl } from '@heliograph/schemas/tl'
import { contacts } from '@heliograph/storage'
import { accountOfPhone } from '../../auth/log-in.ts'
import { phoneDigits, phoneHmac } from '../../auth/phone.ts'
import type { CallContext } from '../../handler.ts'

/**
 * A contact with the user whose number it is, where that is a contact of the sender: for others a card would tell whether somebody
 * has an account.
 */
export async function knownContact(
  { services, user }: CallContext,
  media: Tl<'messageMediaContact'>,
): Promise<Tl<'messageMediaContact'>> {
  const phone = phoneDigits(media.phoneNumber)
  const userId = phone && (await accountOfPhone(services, phoneHmac(services.keyring, phone)))
  if (!userId) return media
  if (userId === user) return { ...media, userId }
  const contact = await services.tables.get(contacts, { userId: user, contactId: userId })
  return contact === undefined ? media : { ...media, userId }
}
