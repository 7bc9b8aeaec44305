import { MAX_CONTACTS_PER_COMMAND, privateChatId, type UserId, userKey } from '@heliograph/schemas/avro'
import { authorizations, chatScope, contacts, userScope, users } from '@heliograph/storage'
import type { AuthKeyId } from '../../mtproto/ports.ts'
import type { Asker } from '../commander.ts'
import { MAX_CONTACTS } from '../contacts/book.ts'
import type { Services } from '../services.ts'
import { clearShelves } from '../stickers/shelf.ts'
import { sessionsOf } from './sessions.ts'

/**
 * Ends an account for ever: frees its number and name, ends its sessions, and erases its data keys, so that its profile,
 * contacts, settings and notes to itself cannot be read by anybody any more. Every step may be repeated.
 * @param idleSince spares an account that has been used since then (Unix seconds); null: no matter
 * @returns whether the account is gone
 */
export async function eraseAccount(
  services: Services,
  userId: UserId,
  idleSince: number | null,
  asker: Asker,
): Promise<boolean> {
  const command = { type: 'DeleteUser', userId, idleSince } as const
  await services.commands.ask('account.commands', userKey(userId), command, asker)
  const row = await services.tables.get(users, { userId })
  if (row === undefined || row.deletedAt === null) return false
  await finishErasure(services, userId, asker)
  return true
}

/** What is left to do for an account that has been deleted. */
export async function finishErasure(services: Services, userId: UserId, asker: Asker): Promise<void> {
  await endSessions(services, userId, asker)
  await forgetContacts(services, userId, asker)
  await clearShelves({ services, user: userId, caller: asker })
  await services.keyring.shred(userScope(userId))
  await services.keyring.shred(chatScope(privateChatId(userId, userId)))
  services.directory.profileChanged(userId)
}

/** Whether a deleted account has something left that is to be erased. */
export async function isUnfinished(services: Services, userId: UserId): Promise<boolean> {
  if ((await services.keyring.find(userScope(userId))) !== undefined) return true
  return (await services.tables.range(authorizations, { userId }, { limit: 1 })).length > 0
}

async function endSessions(services: Services, userId: UserId, asker: Asker): Promise<void> {
  const rows = await sessionsOf(services, userId)
  await Promise.all(rows.map(({ authKeyId }) => services.authKeys.logOut(authKeyId as AuthKeyId, asker)))
}

/** Others see by them that they are known to the user. */
async function forgetContacts(services: Services, userId: UserId, asker: Asker): Promise<void> {
  const rows = await services.tables.range(contacts, { userId }, { limit: MAX_CONTACTS })
  for (let from = 0; from < rows.length; from += MAX_CONTACTS_PER_COMMAND) {
    const chunk = rows.slice(from, from + MAX_CONTACTS_PER_COMMAND)
    const contactIds = chunk.map(({ contactId }) => contactId as UserId)
    const command = { type: 'DeleteContacts', userId, contactIds } as const
    await services.commands.ask('account.commands', userKey(userId), command, asker)
  }
  services.directory.contactsChanged(userId)
}
