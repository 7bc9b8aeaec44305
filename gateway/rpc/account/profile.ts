import {
  type AccountCommand,
  type AccountKey,
  type UserId,
  userKey,
  usernameKey,
} from '@heliograph/schemas/avro'
import { type Result, RpcError } from '@heliograph/schemas/tl'
import { usernames } from '@heliograph/storage'
import { isCollected } from '../directory/usernames.ts'
import type { CallContext, Handler } from '../handler.ts'
import { setOffline, setOnline } from '../presence.ts'
import { renderUsers } from '../render/user.ts'
import { userIsOnline } from '../scheduled/when-online.ts'
import { noteActive } from './activity.ts'
import { isUsername, requireAbout, requireFirstName, requireLastName } from './names.ts'
import { changeProfile } from './own-profile.ts'

export const updateProfile: Handler<'account.updateProfile'> = async (call, context) => {
  await changeProfile(context, {
    ...(call.firstName !== undefined && { firstName: requireFirstName(call.firstName) }),
    ...(call.lastName !== undefined && { lastName: requireLastName(call.lastName) }),
    ...(call.about !== undefined && { about: requireAbout(call.about) }),
  })
  return self(context)
}

/** Whether nobody else has the name. */
export const checkUsername: Handler<'account.checkUsername'> = async (call, { services, user }) => {
  if (!isUsername(call.username)) throw new RpcError(400, 'USERNAME_INVALID')
  const owner = await ownerOf(services, call.username)
  return owner === undefined || owner === user
}

/**
 * Takes a name, which only its first claimant gets, then gives up the former one. An empty name takes none. Only the case of
 * the own name may be changed without another claim.
 */
export const updateUsername: Handler<'account.updateUsername'> = async (call, context) => {
  const { services, user, caller } = context
  const wanted = call.username === '' ? null : call.username
  if (wanted !== null && !isUsername(wanted)) throw new RpcError(400, 'USERNAME_INVALID')
  const facts = await services.directory.find(user)
  const former = facts?.username ?? null
  if (wanted === former) throw new RpcError(400, 'USERNAME_NOT_MODIFIED')
  // A name that the account was given cannot be the chosen one too.
  if (facts !== undefined && isCollected(facts, call.username)) throw new RpcError(400, 'USERNAME_OCCUPIED')
  const ask = (key: AccountKey, command: AccountCommand) =>
    services.commands.ask('account.commands', key, command, caller)
  if (wanted !== null) {
    await ask(usernameKey(wanted), { type: 'ClaimUsername', username: wanted.toLowerCase(), userId: user })
  }
  await ask(userKey(user), { type: 'SetUsername', userId: user, username: wanted })
  if (former !== null && former.toLowerCase() !== wanted?.toLowerCase()) {
    const released = { type: 'ReleaseUsername', username: former.toLowerCase(), userId: user } as const
    await ask(usernameKey(former), released)
  }
  services.directory.profileChanged(user)
  return self(context)
}

export const updateStatus: Handler<'account.updateStatus'> = async (call, context) => {
  const { services, user, now } = context
  await noteActive(services.cache, context.caller.permanentKeyId, now)
  if (call.offline) await setOffline(services, user, now)
  else await Promise.all([setOnline(services, user, now), userIsOnline(services, user)])
  return true
}

/** Who has a username, whatever its case. */
export async function ownerOf(
  services: Pick<CallContext['services'], 'tables'>,
  username: string,
): Promise<UserId | undefined> {
  const row = await services.tables.get(usernames, { username: username.toLowerCase() })
  return (row?.userId as UserId | null | undefined) ?? undefined
}

/** The caller as it sees itself. */
export async function self({ services, user, now }: CallContext): Promise<Result<'account.updateProfile'>> {
  const [rendered] = await renderUsers(services.directory, user, [user], now)
  return rendered!
}
