/** A client's `auth.bindTempAuthKey`, right or wrong in one point, for the tests beside it. */
import { encodeCall, encodeObject } from '@heliograph/schemas/tl'
import { sealBindMessage } from '../crypto/bind-message.ts'
import { randomBytes } from '../crypto/random.ts'
import type { AuthKey } from '../ports.ts'
import type { ClientSession, OnResult } from './client.ts'

export interface BindChange {
  readonly nonce?: bigint
  readonly tempAuthKeyId?: bigint
  readonly permAuthKeyId?: bigint
  readonly tempSessionId?: bigint
  readonly expiresAt?: number
  readonly callExpiresAt?: number
  readonly msgIdOffset?: bigint
  readonly sealedBy?: 'stranger'
  readonly damaged?: boolean
}

const idOf = (hex: string) => Buffer.from(hex, 'hex').readBigInt64LE(0)

export function encodeBind(
  nowMs: number,
  client: ClientSession,
  temporary: AuthKey,
  permanent: AuthKey,
  change: BindChange,
  done: OnResult,
): void {
  const expiresAt = change.callExpiresAt ?? Math.floor(nowMs / 1000) + 86_000
  client.callWithId((msgId) => {
    const inner = encodeObject({
      _: 'bind_auth_key_inner',
      nonce: change.nonce ?? 11n,
      tempAuthKeyId: change.tempAuthKeyId ?? idOf(temporary.id),
      permAuthKeyId: change.permAuthKeyId ?? idOf(permanent.id),
      tempSessionId: change.tempSessionId ?? idOf(client.sessionId),
      expiresAt: change.expiresAt ?? expiresAt,
    })
    const sealer = change.sealedBy ? Buffer.from(randomBytes(256)) : permanent.key
    const encryptedMessage = sealBindMessage(sealer, msgId + (change.msgIdOffset ?? 0n), inner)
    if (change.damaged) encryptedMessage[60]! ^= 1
    return encodeCall({
      _: 'auth.bindTempAuthKey',
      permAuthKeyId: idOf(permanent.id),
      nonce: 11n,
      expiresAt,
      encryptedMessage,
    })
  }, done)
}
