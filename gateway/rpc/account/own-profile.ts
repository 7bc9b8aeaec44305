import { type Profile, userKey } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { userScope, users } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { openProfile, sealProfile } from '../sealed.ts'

export type ProfileFields = Omit<Profile, 'type'>

/** The profile of a new account. */
export function newProfile(firstName: string, lastName: string, phone: string): ProfileFields {
  const nothing = { birthday: null, color: null, profileColor: null, emojiStatus: null }
  return { firstName, lastName, about: '', phone, ...nothing }
}

/** The caller's profile as it is stored now; 400 USER_ID_INVALID where the account is gone. */
export async function ownProfile({
  services,
  user,
}: Pick<CallContext, 'services' | 'user'>): Promise<ProfileFields> {
  const row = await services.tables.get(users, { userId: user })
  const key = await services.keyring.find(userScope(user))
  const opened = row?.profile && key && openProfile(services, user, key, row.profile)
  if (opened) return opened
  // An account whose data key was erased may be filled again.
  if (row !== undefined && row.deletedAt === null) return newProfile('', '', '')
  throw new RpcError(400, 'USER_ID_INVALID')
}

/** Writes the profile whole, durably. */
export async function changeProfile(context: CallContext, change: Partial<ProfileFields>): Promise<void> {
  const { services, user, caller } = context
  const profile = await sealProfile(services, user, { ...(await ownProfile(context)), ...change })
  const command = { type: 'UpdateProfile', userId: user, profile } as const
  await services.commands.ask('account.commands', userKey(user), command, caller)
  services.directory.profileChanged(user)
}
