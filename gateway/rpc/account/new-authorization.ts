import type { AccountUpdate, PeerId, UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { authorizations, userChannel } from '@heliograph/storage'
import type { Caller } from '../../mtproto/ports.ts'
import { sessionOrigin } from '../origin.ts'
import { openClient } from '../sealed.ts'
import type { Services } from '../services.ts'
import { authorizationHash } from './authorization.ts'
import { isUnconfirmed } from './unconfirmed.ts'

/** Has the sessions of the account but the caller's told of a log-in that is new or has just been confirmed. */
export function publishAuthorization(
  { bus, codec }: Pick<Services, 'bus' | 'codec'>,
  userId: UserId,
  authKeyId: string,
  caller: Caller,
): void {
  const about = { userId, kind: 'authorization', peerId: 0 as PeerId, name: authKeyId }
  const update: AccountUpdate = {
    type: 'AccountUpdate',
    ...about,
    origin: sessionOrigin(caller.permanentKeyId, caller.sessionId),
  }
  bus.publish(userChannel(userId), codec.encodeBare(update))
}

/** How clients are told of it; undefined where the log-in has ended meanwhile. */
export async function newAuthorizationUpdate(
  services: Pick<Services, 'tables' | 'cache' | 'keyring' | 'codec'>,
  userId: UserId,
  authKeyId: string,
): Promise<Tl<'updateNewAuthorization'> | undefined> {
  const row = await services.tables.get(authorizations, { userId, authKeyId })
  if (row === undefined) return undefined
  const update = {
    _: 'updateNewAuthorization',
    hash: authorizationHash(services.keyring, authKeyId),
  } as const
  if (!(await isUnconfirmed(services.cache, authKeyId))) return update
  const client = row.client === null ? undefined : await openClient(services, authKeyId, row.client)
  return {
    ...update,
    unconfirmed: true,
    date: row.createdAt ?? 0,
    device: client?.deviceModel ?? '',
    location: client?.address ?? '',
  }
}
