import { MAX_CONTACTS_PER_COMMAND, type UserId, userKey } from '@heliograph/schemas/avro'
import { contacts } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { sealCard } from '../sealed.ts'

/** Contacts of one account that are read at once. */
export const MAX_CONTACTS = 10_000

export interface NewContact {
  readonly id: UserId
  readonly firstName: string
  readonly lastName: string
  /** Digits, or empty where the number is not known. */
  readonly phone: string
  /** What the owner noted about it; the former note goes where there is none. */
  readonly note: string | null
  /** The owner's own picture of it, an encoded `photo`; the former one stays where nothing is said. */
  readonly photo?: Buffer | null
}

/** Ids of the caller's contacts, ascending. */
export async function contactIds({ services, user }: CallContext): Promise<UserId[]> {
  const rows = await services.tables.range(contacts, { userId: user }, { limit: MAX_CONTACTS })
  return rows.map((row) => row.contactId as UserId)
}

/** Writes cards into the caller's contacts, durably. */
export async function putContacts(context: CallContext, cards: readonly NewContact[]): Promise<void> {
  const { services, user, caller } = context
  const views = await services.directory.views(
    user,
    cards.map(({ id }) => id),
  )
  const before = new Map(cards.map(({ id }, i) => [id, views[i]!.relation.card?.photo ?? null]))
  for (let from = 0; from < cards.length; from += MAX_CONTACTS_PER_COMMAND) {
    const chunk = cards.slice(from, from + MAX_CONTACTS_PER_COMMAND)
    const entries = await Promise.all(
      chunk.map(async ({ id, ...card }) => ({
        contactId: id,
        sealed: await sealCard(services, user, { photo: before.get(id) ?? null, ...card }),
      })),
    )
    const command = { type: 'PutContacts', userId: user, contacts: entries } as const
    await services.commands.ask('account.commands', userKey(user), command, caller)
  }
  services.directory.contactsChanged(user)
}

/** Takes users out of the caller's contacts, durably. */
export async function removeContacts(context: CallContext, ids: readonly UserId[]): Promise<void> {
  const { services, user, caller } = context
  for (let from = 0; from < ids.length; from += MAX_CONTACTS_PER_COMMAND) {
    const contactIds = ids.slice(from, from + MAX_CONTACTS_PER_COMMAND)
    const command = { type: 'DeleteContacts', userId: user, contactIds } as const
    await services.commands.ask('account.commands', userKey(user), command, caller)
  }
  services.directory.contactsChanged(user)
}
