import { RpcError } from '@heliograph/schemas/tl'
import { requireTakeout } from '../account/takeout.ts'
import type { Handler } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { inputUserId } from '../peers.ts'
import { visibleStatus } from '../privacy/view.ts'
import { renderUser } from '../render/user.ts'
import { contactIds } from './book.ts'
import { forgetAllSaved, savedContacts } from './saved.ts'

const NEVER_SEEN = { _: 'userStatusEmpty' } as const

export const getContacts: Handler<'contacts.getContacts'> = async (call, context) => {
  const { services, user, now } = context
  const [ids, saved] = await Promise.all([contactIds(context), savedContacts(services, user)])
  if (call.hash !== 0n && call.hash === idsHash([saved.length, ...ids])) {
    return { _: 'contacts.contactsNotModified' }
  }
  const views = await services.directory.views(user, ids)
  return {
    _: 'contacts.contacts',
    contacts: ids.map((userId, i) => ({ _: 'contact', userId, mutual: views[i]!.relation.knownBy })),
    savedCount: saved.length,
    users: ids.map((id, i) => renderUser(user, id, views[i]!, now)),
  }
}

export const getContactIds: Handler<'contacts.getContactIDs'> = (_, context) => contactIds(context)

export const getStatuses: Handler<'contacts.getStatuses'> = async (_, context) => {
  const { services, user, now } = context
  const ids = await contactIds(context)
  const views = await services.directory.views(user, ids)
  return ids.map((userId, i) => {
    const { facts, own, relation, seen } = views[i]!
    const status = facts && !facts.deleted ? visibleStatus(facts, own, relation, seen, now) : NEVER_SEEN
    return { _: 'contactStatus', userId, status }
  })
}

/** The numbers without an account, for a take-out. */
export const getSaved: Handler<'contacts.getSaved'> = async (_, { services, user, caller }) => {
  requireTakeout(caller)
  const saved = await savedContacts(services, user)
  return saved.map((contact) => ({ _: 'savedPhoneContact', ...contact }))
}

export const resetSaved: Handler<'contacts.resetSaved'> = async (_, context) => {
  await forgetAllSaved(context)
  return true
}

/** Nobody asks to become a contact: a contact is added by its own side alone. */
export const acceptContact: Handler<'contacts.acceptContact'> = async (call, context) => {
  const id = inputUserId(call.id, context, 'CONTACT_ID_INVALID')
  const [view] = await context.services.directory.views(context.user, [id])
  if (view?.facts === undefined || view.facts.deleted) throw new RpcError(400, 'CONTACT_ADD_MISSING')
  throw new RpcError(400, 'CONTACT_REQ_MISSING')
}
