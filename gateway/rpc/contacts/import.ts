import type { UserId } from '@heliograph/schemas/avro'
import type { Call, Tl } from '@heliograph/schemas/tl'
import { cleanName, MAX_NAME_LENGTH } from '../account/names.ts'
import { phoneDigits, phoneHmac } from '../auth/phone.ts'
import type { CallContext, Handler } from '../handler.ts'
import { letsBy } from '../privacy/ask.ts'
import { renderUsers } from '../render/user.ts'
import { type NewContact, putContacts } from './book.ts'
import { accountsOfPhones } from './phones.ts'
import { MAX_SAVED, saveContact, savedContacts } from './saved.ts'

/** Numbers looked up in one call; the client is told to try the others again. */
export const MAX_IMPORTED = 1_000
/** Numbers that count as one more call: imports tell which numbers have accounts, so they must not run through all of them. */
const NUMBERS_PER_CALL = 50

/** What an import costs of its flood limit. */
export const importCost = (call: Call<'contacts.importContacts'>): number =>
  1 + Math.floor(call.contacts.length / NUMBERS_PER_CALL)

/**
 * Adds those numbers that have an account whose owner lets itself be found so, in the client's order. The others are kept, until
 * they have an account.
 */
export const importContacts: Handler<'contacts.importContacts'> = async (call, context) => {
  const { services, user, now } = context
  const inputs = call.contacts as readonly Tl<'inputPhoneContact'>[]
  const { found, missing } = await lookUp(inputs.slice(0, MAX_IMPORTED), context)
  const cards = new Map(found.map((contact) => [contact.id, cardOf(contact)]))
  cards.delete(user)
  if (cards.size > 0) await putContacts(context, [...cards.values()])
  await keepMissing(missing, context)
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

/** An entry of the client's address book. */
interface Entry {
  readonly input: Tl<'inputPhoneContact'>
  readonly phone: string
  readonly hmac: string
}
interface Found extends Entry {
  readonly id: UserId
  /** The number is in the caller's contacts already, note and all. */
  readonly note: string | null
}

async function lookUp(
  inputs: readonly Tl<'inputPhoneContact'>[],
  { services, user }: CallContext,
): Promise<{ readonly found: Found[]; readonly missing: Entry[] }> {
  const entries = inputs.flatMap((input): Entry[] => {
    const phone = phoneDigits(input.phone)
    return phone === undefined ? [] : [{ input, phone, hmac: phoneHmac(services.keyring, phone) }]
  })
  const ids = await accountsOfPhones(
    services,
    entries.map(({ hmac }) => hmac),
  )
  const known = [...new Set(ids.filter((id) => id !== undefined))]
  const views = new Map((await services.directory.views(user, known)).map((view, i) => [known[i]!, view]))
  const found: Found[] = []
  const missing: Entry[] = []
  for (const [i, entry] of entries.entries()) {
    const id = ids[i]
    const view = id && views.get(id)
    if (id && view && letsBy(view, user, 'AddedByPhone'))
      found.push({ ...entry, id, note: view.relation.card?.note ?? null })
    else if (id === undefined) missing.push(entry)
  }
  return { found, missing }
}

/** Those that there is room for, each number once. */
async function keepMissing(missing: readonly Entry[], context: CallContext): Promise<void> {
  if (missing.length === 0) return
  const kept = new Set((await savedContacts(context.services, context.user)).map(({ phone }) => phone))
  const entries = new Map(missing.map((entry) => [entry.phone, entry]))
  const fresh = [...entries.values()].filter(({ phone }) => !kept.has(phone))
  const room = Math.max(0, MAX_SAVED - kept.size)
  await Promise.all(
    fresh.slice(0, room).map(({ input, phone, hmac }) => {
      const { firstName, lastName } = namesOf(input, phone)
      return saveContact(context, hmac, { phone, firstName, lastName, date: context.now })
    }),
  )
}

function cardOf({ input, id, phone, note }: Found): NewContact {
  return { id, ...namesOf(input, phone), phone, note }
}

/** Where the client gives no name at all the number stands for it. */
function namesOf(input: Tl<'inputPhoneContact'>, phone: string) {
  const firstName = cleanName(input.firstName).slice(0, MAX_NAME_LENGTH)
  const lastName = cleanName(input.lastName).slice(0, MAX_NAME_LENGTH)
  return { firstName: firstName === '' && lastName === '' ? `+${phone}` : firstName, lastName }
}
