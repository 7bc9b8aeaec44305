import {
  type ContactsDeleted,
  type ContactsPut,
  type DeleteContacts,
  MAX_CONTACTS_PER_COMMAND,
  type PeerId,
  type PutContacts,
  type RecordHeader,
  type UserId,
} from '@heliograph/schemas/avro'
import { contacts, type Mutation, type RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { accountUpdate, answered } from './user-channel.ts'

const limitInvalid = { rejected: { code: 400, message: 'LIMIT_INVALID' } } as const
const nothing = { events: [] } as const

/** Cards are sealed anew each time, so whether one is the same as before cannot be seen: putting needs no rows. */
export function needsOfContacts(command: PutContacts | DeleteContacts): RowRef[] {
  if (command.type === 'PutContacts' || command.contactIds.length > MAX_CONTACTS_PER_COMMAND) return []
  return command.contactIds.map((contactId) => contactRef(command.userId, contactId))
}

function contactRef(userId: UserId, contactId: UserId): RowRef {
  return { table: contacts, key: { userId, contactId } }
}

/** Adds or replaces. Rejects more than `MAX_CONTACTS_PER_COMMAND` with LIMIT_INVALID. */
export function decidePutContacts(command: PutContacts, at: At): Decision<ContactsPut> {
  if (command.contacts.length > MAX_CONTACTS_PER_COMMAND) return limitInvalid
  if (command.contacts.length === 0) return nothing
  const { userId } = command
  return { events: [{ type: 'ContactsPut', userId, contacts: command.contacts, date: at.date }] }
}

/** Deletes those that are there. */
export function decideDeleteContacts(rows: Rows, command: DeleteContacts): Decision<ContactsDeleted> {
  const { userId } = command
  if (command.contactIds.length > MAX_CONTACTS_PER_COMMAND) return limitInvalid
  const contactIds = [...new Set(command.contactIds)].filter(
    (contactId) => rows.get(contacts, { userId, contactId }) !== undefined,
  )
  return contactIds.length === 0 ? nothing : { events: [{ type: 'ContactsDeleted', userId, contactIds }] }
}

export function projectContactsPut({ userId, contacts: entries, date }: ContactsPut): Mutation[] {
  return entries.map(({ contactId, sealed }) => ({
    kind: 'upsert',
    table: contacts,
    row: { userId, contactId, sealed, date },
  }))
}

export function projectContactsDeleted({ userId, contactIds }: ContactsDeleted): Mutation[] {
  return contactIds.map((contactId) => ({ kind: 'delete', table: contacts, key: { userId, contactId } }))
}

/** The update names the contact where it is about one, and none (0) where it is about several. */
export function reactToContacts(event: ContactsPut | ContactsDeleted, header: RecordHeader): Reaction[] {
  const ids = event.type === 'ContactsPut' ? event.contacts.map((entry) => entry.contactId) : event.contactIds
  const peerId = (ids.length === 1 ? ids[0] : 0) as PeerId
  return [...answered(header), accountUpdate(event.userId, 'contacts', header, { peerId })]
}
