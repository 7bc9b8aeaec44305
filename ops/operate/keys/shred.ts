import { chatScope, type Keyring, type KeyScope, userScope } from '@heliograph/storage'
import { InvalidOption } from '../../start/options/fields.ts'
import { type Auditing, audit } from '../audit.ts'

export const KINDS = ['chat', 'user'] as const
export type Kind = (typeof KINDS)[number]

const CHAT_ID = /^(u\d+-\d+|[gc]\d+)$/
const USER_ID = /^[1-9]\d*$/

/**
 * The scope of a data key, as an operator names it.
 * @throws InvalidOption for an id of another form
 */
export function scopeOf(kind: Kind, id: string): KeyScope {
  if (!(kind === 'chat' ? CHAT_ID : USER_ID).test(id))
    throw new InvalidOption(`${id}: not a ${kind} id, such as ${kind === 'chat' ? 'u1000-1001' : '1000'}`)
  return kind === 'chat' ? chatScope(id) : userScope(Number(id))
}

/**
 * Erases a data key, and with it all that was sealed under it: of a chat its messages so far, of a user profile, contacts,
 * drafts and settings. It is written down first, and cannot be undone. What is said later gets a new key.
 * @throws InvalidOption where there is no key
 */
export async function shred(
  stores: Auditing & { readonly keyring: Keyring },
  scope: KeyScope,
  reason: string,
): Promise<void> {
  if ((await stores.keyring.find(scope)) === undefined)
    throw new InvalidOption(`${scope}: has no data key; there is nothing to erase`)
  await audit(stores, `shred ${scope}`, reason)
  await stores.keyring.shred(scope)
}
