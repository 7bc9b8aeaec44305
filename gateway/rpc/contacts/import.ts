import type { UserId } from '@heliograph/schemas/avro'
import type { Call, Tl } from '@heliograph/schemas/tl'
import { cleanName, MAX_NAME_LENGTH } from '../account/names.ts'
import { phoneDigits, phoneHmac } from '../auth/phone.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderUsers } from '../render/user.ts'
import { type NewContact, putContacts } from './book.ts'
import { accountsOfPhones } from './phones.ts'

/** Numbers looked up in one call; the client is told to try the others again. */
export const MAX_IMPORTED = 1_000
/** Numbers that count as one more call: imports tell which numbers have accounts, so they must not run through all of them. */
const NUMBERS_PER_CALL = 50

/** What an import costs of its flood limit. */
export const importCost = (call: Call<'contacts.importContacts'>): number =>
  1 + Math.floor(call.contacts.length / NUMBERS_PER_CALL)

interface Found {
  readonly input: Tl<'inputPhoneContact'>
  readonly id: UserId
  readonly phone: string
}

/** Adds those numbers that have an account, in the client's order. */
export const importContacts: Handler<'contacts.importContacts'> = async (call, context) => {
  const { services, user, now } = context
  const inputs = call.contacts as readonly Tl<'inputPhoneContact'>[]
  const found = await lookUp(inputs.slice(0, MAX_IMPORTED), context)
  const cards = new Map(found.map((contact) => [contact.id, cardOf(contact)]))
  cards.delete(user)
  if (cards.size > 0) await putContacts(context, [...cards.values()])
  return {
    _: 'contacts.importedContacts',
    imported: found.map(({ id, input }) => ({
      _: 'importedContact',
      userId: id,
      clientId: input.clientId,
    })),
    popularInvites: [],
    retryContacts: inputs.slice(MAX_IMPORTED).map((input) => input.clientId),
    users: await renderUsers(
      services.directory,
      user,
      found.map(({ id }) => id),
      now,
    ),
  }
}

async function lookUp(
  inputs: readonly Tl<'inputPhoneContact'>[],
  { services }: CallContext,
): Promise<Found[]> {
  const numbers = inputs.flatMap((input) => {
    const phone = phoneDigits(input.phone)
    return phone === undefined ? [] : [{ input, phone }]
  })
  const hmacs = numbers.map(({ phone }) => phoneHmac(services.keyring, phone))
  const ids = await accountsOfPhones(services, hmacs)
  return numbers.flatMap((number, i) => (ids[i] === undefined ? [] : [{ ...number, id: ids[i] }]))
}

/** Where the client gives no name at all the number stands for it. */
function cardOf({ input, id, phone }: Found): NewContact {
  const firstName = cleanName(input.firstName).slice(0, MAX_NAME_LENGTH)
  const lastName = cleanName(input.lastName).slice(0, MAX_NAME_LENGTH)
  return { id, firstName: firstName === '' && lastName === '' ? `+${phone}` : firstName, lastName, phone }
}
