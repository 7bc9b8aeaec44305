import type { RecordCodec, UserId } from '@heliograph/schemas/avro'
import { ClientDescription, ContactCard, Profile, userKey } from '@heliograph/schemas/avro'
import { AUTH_KEYS_SCOPE, type DataKey, type Keyring, userScope } from '@heliograph/storage'
import { open, type SealedFor, seal } from '@heliograph/topics'

/** What sealing needs of the services. */
export interface Sealing {
  readonly keyring: Keyring
  readonly codec: RecordCodec
}

const profileContext = (id: UserId) => ({ topic: 'account.events', key: userKey(id), type: Profile.name })
const privacyContext = (id: UserId) => ({ topic: 'account.events', key: userKey(id), type: 'Privacy' })
const cardContext = (owner: UserId) => ({
  topic: 'account.events',
  key: userKey(owner),
  type: ContactCard.name,
})
const settingContext = (id: UserId, name: string) => ({
  topic: 'account.events',
  key: userKey(id),
  type: `Setting:${name}`,
})
const clientContext = (authKeyId: string) => ({
  topic: 'account.events',
  key: `key:${authKeyId}`,
  type: ClientDescription.name,
})

/** Seals a user's profile under the user's data key. */
export async function sealProfile(to: Sealing, id: UserId, profile: Omit<Profile, 'type'>): Promise<Buffer> {
  const { key } = await to.keyring.obtain(userScope(id))
  return seal(key, profileContext(id), to.codec.encodeBare({ type: 'Profile', ...profile }))
}

/** Undefined where the key is gone or the bytes are not a sealed profile. */
export function openProfile(from: Sealing, id: UserId, key: DataKey, sealed: Buffer): Profile | undefined {
  const record = openRecord(from, key, profileContext(id), sealed)
  return record?.type === 'Profile' ? record : undefined
}

/** Seals a user's privacy settings under the user's data key. */
export async function sealPrivacy(to: Sealing, id: UserId, privacy: Buffer): Promise<Buffer> {
  const { key } = await to.keyring.obtain(userScope(id))
  return seal(key, privacyContext(id), privacy)
}

export function openPrivacy(id: UserId, key: DataKey, sealed: Buffer): Buffer | undefined {
  return open(key.key, privacyContext(id), sealed)
}

/** Seals what `owner` calls one of its contacts. */
export async function sealCard(to: Sealing, owner: UserId, card: Omit<ContactCard, 'type'>): Promise<Buffer> {
  const { key } = await to.keyring.obtain(userScope(owner))
  return seal(key, cardContext(owner), to.codec.encodeBare({ type: 'ContactCard', ...card }))
}

export function openCard(
  from: Sealing,
  owner: UserId,
  key: DataKey,
  sealed: Buffer,
): ContactCard | undefined {
  const record = openRecord(from, key, cardContext(owner), sealed)
  return record?.type === 'ContactCard' ? record : undefined
}

/** Seals the value of a setting; it opens only under the same name. */
export async function sealSetting(to: Sealing, id: UserId, name: string, value: Buffer): Promise<Buffer> {
  const { key } = await to.keyring.obtain(userScope(id))
  return seal(key, settingContext(id, name), value)
}

export function openSetting(id: UserId, name: string, key: DataKey, sealed: Buffer): Buffer | undefined {
  return open(key.key, settingContext(id, name), sealed)
}

export async function sealClient(
  to: Sealing,
  authKeyId: string,
  client: Omit<ClientDescription, 'type'>,
): Promise<Buffer> {
  const { key } = await to.keyring.obtain(AUTH_KEYS_SCOPE)
  return seal(key, clientContext(authKeyId), to.codec.encodeBare({ type: 'ClientDescription', ...client }))
}

export async function openClient(
  from: Sealing,
  authKeyId: string,
  sealed: Buffer,
): Promise<ClientDescription | undefined> {
  const key = await from.keyring.find(AUTH_KEYS_SCOPE)
  const record = key && openRecord(from, key, clientContext(authKeyId), sealed)
  return record?.type === 'ClientDescription' ? record : undefined
}

function openRecord(from: Sealing, key: DataKey, context: SealedFor, sealed: Buffer) {
  const plain = open(key.key, context, sealed)
  return plain && from.codec.decodeBare<Profile | ContactCard | ClientDescription>(plain)
}
