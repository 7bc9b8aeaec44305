import type { Profile, UserId } from '@heliograph/schemas/avro'
import { decodeObject, type TlType } from '@heliograph/schemas/tl'
import {
  type DataKey,
  type RowOf,
  type usernameCollections,
  userScope,
  type users,
} from '@heliograph/storage'
import { decodePrivacy, type OpenedPrivacy } from '../privacy/settings.ts'
import { openPrivacy, openProfile, type Sealing } from '../sealed.ts'
import { SERVICE_USER_ID, SERVICE_USER_NAME, SERVICE_USER_PHONE } from './service-user.ts'
import { type Named, usernamesOf } from './usernames.ts'

/** What the directory knows of a user, whoever looks. */
export interface UserFacts extends Named {
  readonly id: UserId
  readonly firstName: string
  readonly lastName: string
  readonly about: string
  /** Digits only. */
  readonly phone: string
  /** The account is there but its data key is gone, or it has been deleted. */
  readonly deleted: boolean
  readonly birthday: Profile['birthday']
  readonly color: TlType<'PeerColor'> | undefined
  readonly profileColor: TlType<'PeerColor'> | undefined
  readonly emojiStatus: TlType<'EmojiStatus'> | undefined
  readonly photo?: TlType<'Photo'> | undefined
  /** For those who may not see the other. */
  readonly fallbackPhoto?: TlType<'Photo'> | undefined
  /** Undefined where the user has kept all defaults. */
  readonly privacy: OpenedPrivacy | undefined
}

const nobody = {
  firstName: '',
  lastName: '',
  about: '',
  phone: '',
  username: undefined,
  birthday: null,
  color: undefined,
  profileColor: undefined,
  emojiStatus: undefined,
  privacy: undefined,
}

export const SERVICE_USER: UserFacts = {
  ...nobody,
  id: SERVICE_USER_ID,
  firstName: SERVICE_USER_NAME,
  phone: SERVICE_USER_PHONE,
  deleted: false,
}

type UserRow = RowOf<typeof users>

/** Opens the row of a user. */
export async function factsOf(
  from: Sealing,
  id: UserId,
  row: UserRow,
  collection?: RowOf<typeof usernameCollections>,
): Promise<UserFacts> {
  if (row.deletedAt !== null) return { ...nobody, id, deleted: true }
  const scope = userScope(id)
  const key = from.keyring.cached(scope) ?? (await from.keyring.find(scope))
  const profile = key && row.profile ? openProfile(from, id, key, row.profile) : undefined
  if (key === undefined || profile === undefined) return { ...nobody, id, deleted: true }
  const { firstName, lastName, about, phone, birthday } = profile
  return {
    id,
    firstName,
    lastName,
    about,
    phone,
    username: row.username ?? undefined,
    usernames: usernamesOf(row.username ?? undefined, collection),
    deleted: false,
    birthday,
    color: tl<'PeerColor'>(profile.color),
    profileColor: tl<'PeerColor'>(profile.profileColor),
    emojiStatus: tl<'EmojiStatus'>(profile.emojiStatus),
    photo: tl<'Photo'>(profile.photo ?? null),
    fallbackPhoto: tl<'Photo'>(profile.fallbackPhoto ?? null),
    privacy: privacyOf(id, key, row),
  }
}

function privacyOf(id: UserId, key: DataKey, row: UserRow): OpenedPrivacy | undefined {
  const opened = row.privacy ? openPrivacy(id, key, row.privacy) : undefined
  return opened && decodePrivacy(opened)
}

function tl<N extends 'PeerColor' | 'EmojiStatus' | 'Photo'>(bytes: Buffer | null): TlType<N> | undefined {
  return bytes === null ? undefined : (decodeObject(bytes) as unknown as TlType<N>)
}
