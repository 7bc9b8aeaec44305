import type { UserId } from '@heliograph/schemas/avro'
import { type RowOf, userScope, type users } from '@heliograph/storage'
import { openProfile, type Sealing } from '../sealed.ts'
import { SERVICE_USER_ID, SERVICE_USER_NAME, SERVICE_USER_PHONE } from './service-user.ts'

/** What the directory knows of a user, whoever looks. */
export interface UserFacts {
  readonly id: UserId
  readonly firstName: string
  readonly lastName: string
  readonly about: string
  /** Digits only. */
  readonly phone: string
  readonly username: string | undefined
  /** The account is there but its data key is gone. */
  readonly deleted: boolean
}

const nobody = { firstName: '', lastName: '', about: '', phone: '', username: undefined }

export const SERVICE_USER: UserFacts = {
  ...nobody,
  id: SERVICE_USER_ID,
  firstName: SERVICE_USER_NAME,
  phone: SERVICE_USER_PHONE,
  deleted: false,
}

/** Opens the row of a user. */
export async function factsOf(from: Sealing, id: UserId, row: RowOf<typeof users>): Promise<UserFacts> {
  const scope = userScope(id)
  const key = from.keyring.cached(scope) ?? (await from.keyring.find(scope))
  const profile = key && row.profile ? openProfile(from, id, key, row.profile) : undefined
  if (profile === undefined) return { ...nobody, id, deleted: true }
  const { firstName, lastName, about, phone } = profile
  return { id, firstName, lastName, about, phone, username: row.username ?? undefined, deleted: false }
}
