import type { UserId } from '@heliograph/schemas/avro'
import { type Result, RpcError, type TlType } from '@heliograph/schemas/tl'
import { blocked } from '@heliograph/storage'
import { cleanName, MAX_NAME_LENGTH } from '../account/names.ts'
import { phoneDigits, phoneHmac } from '../auth/phone.ts'
import type { CallContext, Handler } from '../handler.ts'
import { inputUserId } from '../peers.ts'
import { changePrivacy } from '../privacy/change.ts'
import { defaultRules, type PrivacyRule } from '../privacy/rules.ts'
import { peerSettings } from '../render/peer-settings.ts'
import { renderUser } from '../render/user.ts'
import { putContacts, removeContacts } from './book.ts'
import { noteOf } from './note.ts'
import { accountsOfPhones } from './phones.ts'

/** Users that one call may delete. */
export const MAX_DELETED_CONTACTS = 1_000

/** Without a number, or a note, the former card's is kept. */
export const addContact: Handler<'contacts.addContact'> = async (call, context) => {
  const { services, user } = context
  const id = inputUserId(call.id, context, 'CONTACT_ID_INVALID')
  const [view] = await services.directory.views(user, [id])
  if (id === user || view?.facts === undefined) throw new RpcError(400, 'CONTACT_ID_INVALID')
  const firstName = requireName(call.firstName)
  const lastName = cleanName(call.lastName).slice(0, MAX_NAME_LENGTH)
  const phone = phoneDigits(call.phone) ?? view.relation.card?.phone ?? ''
  const note = call.note === undefined ? (view.relation.card?.note ?? null) : noteOf(call.note.text)
  await putContacts(context, [{ id, firstName, lastName, phone, note }])
  if (call.addPhonePrivacyException) await showNumberTo(context, id)
  return contactsChanged(context, [id])
}

/** Makes the user an exception of the rules that keep the caller's number. */
async function showNumberTo(context: CallContext, id: UserId): Promise<void> {
  await changePrivacy(context, 'PhoneNumber', (privacy) => {
    const before = privacy.rules.get('PhoneNumber') ?? defaultRules('PhoneNumber')
    const allowed = before.flatMap((rule) => (rule._ === 'privacyValueAllowUsers' ? rule.users : []))
    const others = before.filter(({ _ }) => _ !== 'privacyValueAllowUsers')
    const exception: PrivacyRule = { _: 'privacyValueAllowUsers', users: [...new Set([...allowed, id])] }
    return { ...privacy, rules: new Map(privacy.rules).set('PhoneNumber', [exception, ...others]) }
  })
}

export const deleteContacts: Handler<'contacts.deleteContacts'> = async (call, context) => {
  if (call.id.length > MAX_DELETED_CONTACTS) throw new RpcError(400, 'LIMIT_INVALID')
  const ids = call.id.map((input) => inputUserId(input, context, 'CONTACT_ID_INVALID'))
  if (ids.length > 0) await removeContacts(context, ids)
  return contactsChanged(context, ids)
}

export const deleteByPhones: Handler<'contacts.deleteByPhones'> = async (call, context) => {
  if (call.phones.length > MAX_DELETED_CONTACTS) throw new RpcError(400, 'LIMIT_INVALID')
  const hmacs = call.phones
    .map(phoneDigits)
    .filter((digits) => digits !== undefined)
    .map((digits) => phoneHmac(context.services.keyring, digits))
  const ids = (await accountsOfPhones(context.services, hmacs)).filter((id) => id !== undefined)
  if (ids.length > 0) await removeContacts(context, ids)
  return true
}

/** Tells the caller how it now stands to these users. */
async function contactsChanged(
  { services, user, now }: CallContext,
  ids: readonly UserId[],
): Promise<Result<'contacts.addContact'>> {
  const refs = ids.map((peerId) => ({ table: blocked, key: { userId: user, peerId } }))
  const [views, rows] = await Promise.all([
    services.directory.views(user, ids),
    services.tables.getMany(refs),
  ])
  const updates = ids.map(
    (userId, i): TlType<'Update'> => ({
      _: 'updatePeerSettings',
      peer: { _: 'peerUser', userId },
      settings: peerSettings(user, userId, views[i]!, rows[i] !== undefined),
    }),
  )
  const users = ids.map((id, i) => renderUser(user, id, views[i]!, now))
  return { _: 'updates', updates, users, chats: [], date: now, seq: 0 }
}

function requireName(name: string): string {
  const clean = cleanName(name).slice(0, MAX_NAME_LENGTH)
  if (clean === '') throw new RpcError(400, 'CONTACT_NAME_EMPTY')
  return clean
}
