import { type UserId, userKey } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { userScope, users } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { openPrivacy, sealPrivacy } from '../sealed.ts'
import type { Services } from '../services.ts'
import { listSettings, readTlSetting, tlValue } from '../settings.ts'
import type { PrivacyKey } from './rules.ts'
import { decodePrivacy, encodePrivacy, NO_PRIVACY, type Privacy } from './settings.ts'

/** Where each key had a setting of its own before there were rules that hold. */
const FORMER_PREFIX = 'privacy:'
const FORMER_GLOBAL = 'global-privacy'
/** Sessions of one account that change their settings at the same time are few. */
const TRIES = 5

/** The user's settings as they are stored now. */
export async function readPrivacy(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<Privacy> {
  return (await stored(services, userId)).privacy
}

/**
 * Writes what `change` makes of the caller's settings, durably, and tells its other sessions that `name` was changed. Nobody
 * else's change is lost: where one came between, `change` is asked again.
 */
export async function changePrivacy(
  context: CallContext,
  name: string,
  change: (privacy: Privacy) => Privacy,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await write(context, name, change)
      context.services.directory.profileChanged(context.user)
      return
    } catch (error) {
      const again = error instanceof RpcError && error.errorMessage === 'PRIVACY_CHANGED' && tried < TRIES
      if (!again) throw error
    }
  }
}

async function write(
  { services, user, caller }: CallContext,
  name: string,
  change: (privacy: Privacy) => Privacy,
): Promise<void> {
  const { privacy, sealed: previous } = await stored(services, user)
  const sealed = await sealPrivacy(services, user, encodePrivacy(change(privacy)))
  const command = { type: 'SetPrivacy', userId: user, privacy: sealed, previous, name } as const
  await services.commands.ask('account.commands', userKey(user), command, caller)
}

async function stored(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<{ readonly privacy: Privacy; readonly sealed: Buffer | null }> {
  const row = await services.tables.get(users, { userId })
  const sealed = row?.privacy ?? null
  if (sealed === null) return { privacy: await former(services, userId), sealed }
  const key = await services.keyring.find(userScope(userId))
  const opened = key && openPrivacy(userId, key, sealed)
  return { privacy: opened === undefined ? NO_PRIVACY : decodePrivacy(opened), sealed }
}

async function former(services: Pick<Services, 'tables' | 'keyring'>, userId: UserId): Promise<Privacy> {
  const rules = (await listSettings(services, userId, FORMER_PREFIX)).flatMap(({ name, value }) => {
    const found = tlValue(value, 'account.privacyRules')
    return found === undefined ? [] : [[name.slice(FORMER_PREFIX.length) as PrivacyKey, found.rules] as const]
  })
  const global = await readTlSetting(services, userId, FORMER_GLOBAL, 'globalPrivacySettings')
  return { ...NO_PRIVACY, rules: new Map(rules), ...(global && { global }) }
}
