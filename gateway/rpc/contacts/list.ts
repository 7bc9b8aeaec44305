import { RpcError } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { userStatus } from '../presence.ts'
import { renderUser } from '../render/user.ts'
import { contactIds } from './book.ts'

/** Numbers that the caller imported without an account behind them; none are kept. */
const SAVED_COUNT = 0

export const getContacts: Handler<'contacts.getContacts'> = async (call, context) => {
  const { services, user, now } = context
  const ids = await contactIds(context)
  if (call.hash !== 0n && call.hash === idsHash([SAVED_COUNT, ...ids])) {
    return { _: 'contacts.contactsNotModified' }
  }
  const views = await services.directory.views(user, ids)
  return {
    _: 'contacts.contacts',
    contacts: ids.map((userId, i) => ({ _: 'contact', userId, mutual: views[i]!.relation.knownBy })),
    savedCount: SAVED_COUNT,
    users: ids.map((id, i) => renderUser(user, id, views[i]!, now)),
  }
}

export const getContactIds: Handler<'contacts.getContactIDs'> = (_, context) => contactIds(context)

export const getStatuses: Handler<'contacts.getStatuses'> = async (_, context) => {
  const { services, user, now } = context
  const ids = await contactIds(context)
  const views = await services.directory.views(user, ids)
  return ids.map((userId, i) => ({
    _: 'contactStatus',
    userId,
    status: userStatus(views[i]!.seen, now),
  }))
}

/** Nobody's birthday is known, and nobody is met by anything but a number or a name. */
export const getBirthdays: Handler<'contacts.getBirthdays'> = () => ({
  _: 'contacts.contactBirthdays',
  contacts: [],
  users: [],
})

export const acceptContact = (_: unknown, _context: CallContext): never => {
  throw new RpcError(400, 'CONTACT_REQ_MISSING')
}
