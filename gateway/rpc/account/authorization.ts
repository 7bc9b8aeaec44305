import type { ClientDescription } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import type { Keyring } from '@heliograph/storage'
import type { OpenContext } from '../handler.ts'
import { openClient } from '../sealed.ts'
import { lastActive } from './activity.ts'
import { isUnconfirmed } from './unconfirmed.ts'

/** The log-in of one device, as the tables keep it. */
export interface LoggedInKey {
  readonly authKeyId: string
  readonly client: Buffer | null
  readonly createdAt: number
}

/** The number under which a client names another session of its account. */
export function authorizationHash(keyring: Keyring, authKeyId: string): bigint {
  return keyring.mac('authorization-hash', authKeyId).readBigInt64LE()
}

/** One entry of the sessions list; the caller's own has hash 0. */
export async function authorization(context: OpenContext, key: LoggedInKey): Promise<Tl<'authorization'>> {
  const { services, caller } = context
  const current = key.authKeyId === caller.permanentKeyId
  const client = key.client === null ? undefined : await openClient(services, key.authKeyId, key.client)
  return {
    _: 'authorization',
    ...(current && { current }),
    ...((await isUnconfirmed(services.cache, key.authKeyId)) && { unconfirmed: true }),
    hash: current ? 0n : authorizationHash(services.keyring, key.authKeyId),
    ...describe(client),
    dateCreated: key.createdAt,
    dateActive: current ? context.now : ((await lastActive(services.cache, key.authKeyId)) ?? key.createdAt),
    ip: client?.address ?? '',
    country: '',
    region: '',
  }
}

function describe(client: ClientDescription | undefined) {
  return {
    deviceModel: client?.deviceModel ?? 'Unknown',
    platform: '',
    systemVersion: client?.systemVersion ?? '',
    apiId: client?.apiId ?? 0,
    appName: client?.langPack || 'Telegram API',
    appVersion: client?.appVersion ?? '',
  }
}
