import type { TlType } from '@heliograph/schemas/tl'

/** What a user decides who may see or do it (core.telegram.org/api/privacy), by TL constructor without `privacyKey`. */
export type PrivacyKey =
  TlType<'PrivacyKey'> extends { readonly _: infer N }
    ? N extends `privacyKey${infer K}`
      ? K
      : never
    : never
export type PrivacyRule = TlType<'PrivacyRule'>

/** Rules of one key, ready to be asked; order does not matter, the narrower rule wins. */
export interface Audience {
  readonly allowed: ReadonlySet<number>
  readonly denied: ReadonlySet<number>
  /** Groups and channels by their bare ids. */
  readonly allowedChats: readonly number[]
  readonly deniedChats: readonly number[]
  readonly closeFriends: boolean
  /** Undefined where nothing is said of contacts in particular. */
  readonly contacts: boolean | undefined
  readonly everybody: boolean
}

/** How the one who asks stands to the owner of the rules. */
export interface Standing {
  readonly id: number
  /** Whether it is among the owner's contacts. */
  readonly isContact: boolean
  readonly isCloseFriend: boolean
  /** Of the chats that the owner's rules name, those that it is in. */
  readonly sharedChats: ReadonlySet<number>
}

const CONTACTS_BY_DEFAULT: ReadonlySet<PrivacyKey> = new Set(['PhoneNumber', 'Birthday', 'PhoneP2P'])

/** Whether somebody may while the user has said nothing. */
export function admitsByDefault(key: PrivacyKey, isContact: boolean): boolean {
  return isContact || !CONTACTS_BY_DEFAULT.has(key)
}

/** `admitsByDefault` as clients are told of it. */
export function defaultRules(key: PrivacyKey): PrivacyRule[] {
  if (!CONTACTS_BY_DEFAULT.has(key)) return [{ _: 'privacyValueAllowAll' }]
  return [{ _: 'privacyValueAllowContacts' }, { _: 'privacyValueDisallowAll' }]
}

/** Nobody here is a bot or has a premium subscription: rules about those admit and refuse nobody. */
export function audienceOf(rules: readonly PrivacyRule[]): Audience {
  const names = new Set(rules.map(({ _ }) => _))
  const contacts = names.has('privacyValueAllowContacts')
    ? true
    : names.has('privacyValueDisallowContacts')
      ? false
      : undefined
  return {
    allowed: new Set(listed(rules, 'privacyValueAllowUsers', 'users')),
    denied: new Set(listed(rules, 'privacyValueDisallowUsers', 'users')),
    allowedChats: listed(rules, 'privacyValueAllowChatParticipants', 'chats'),
    deniedChats: listed(rules, 'privacyValueDisallowChatParticipants', 'chats'),
    closeFriends: names.has('privacyValueAllowCloseFriends'),
    contacts,
    everybody: names.has('privacyValueAllowAll') && !names.has('privacyValueDisallowAll'),
  }
}

function listed(rules: readonly PrivacyRule[], name: PrivacyRule['_'], field: 'users' | 'chats'): number[] {
  return rules.flatMap((rule) =>
    rule._ === name ? (rule as unknown as Record<string, number[]>)[field]! : [],
  )
}

/** Whether the rules admit who stands so to their owner. Exceptions by name go before those by chat, and those before kinds. */
export function admits(audience: Audience, asking: Standing): boolean {
  if (audience.denied.has(asking.id)) return false
  if (audience.allowed.has(asking.id)) return true
  if (isIn(audience.deniedChats, asking)) return false
  if (isIn(audience.allowedChats, asking)) return true
  if (audience.closeFriends && asking.isCloseFriend) return true
  if (asking.isContact && audience.contacts !== undefined) return audience.contacts
  return audience.everybody
}

function isIn(chats: readonly number[], { sharedChats }: Standing): boolean {
  return chats.length > 0 && sharedChats.size > 0 && chats.some((chat) => sharedChats.has(chat))
}
