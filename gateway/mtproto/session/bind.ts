/** `auth.bindTempAuthKey` (core.telegram.org/method/auth.bindTempAuthKey): a temporary key comes to speak for a permanent one. */
import { BOOL_TRUE_ID, type Call, RpcError } from '@heliograph/schemas/tl'
import { ANSWERED } from '../../observer.ts'
import { openBindMessage } from '../crypto/bind-message.ts'
import type { AuthKey, AuthKeyId } from '../ports.ts'
import { complete, fail } from './answer.ts'
import type { RunningCall } from './call.ts'
import { BIND_AUTH_KEY_INNER } from './constructors.ts'
import type { Context } from './context.ts'
import { describeKey } from './layer.ts'
import { constructorOnly } from './service-bodies.ts'

const BAD_REQUEST = 400
const INNER_BYTES = 40

export function bindTemporaryKey(ctx: Context, call: RunningCall, query: Call<'auth.bindTempAuthKey'>): void {
  const { key } = call.session
  const binding = bind(ctx, call, query).then(
    () => complete(ctx, call, constructorOnly(BOOL_TRUE_ID >>> 0), ANSWERED),
    (error: unknown) => fail(ctx, call, error, query._),
  )
  const settled = binding.then(() => {
    if (key.binding === settled) key.binding = undefined
  })
  key.binding = settled
}

async function bind(ctx: Context, call: RunningCall, query: Call<'auth.bindTempAuthKey'>): Promise<void> {
  const { authKeys } = ctx.ports
  const { key } = call.session
  if (key.key.expiresAt === undefined) throw new RpcError(BAD_REQUEST, 'TEMP_AUTH_KEY_EMPTY')
  if (query.expiresAt * 1000 <= ctx.ports.now()) throw new RpcError(BAD_REQUEST, 'EXPIRES_AT_INVALID')
  const permanentId = keyIdOf(query.permAuthKeyId)
  const permanent = authKeys.cached(permanentId) ?? (await authKeys.load(permanentId))
  if (!permanent || permanent.expiresAt !== undefined || !provesBoth(permanent, call, query)) {
    throw new RpcError(BAD_REQUEST, 'ENCRYPTED_MESSAGE_INVALID')
  }
  const { boundTo } = key.key
  if (boundTo !== undefined && boundTo !== permanent.id) {
    throw new RpcError(BAD_REQUEST, 'TEMP_AUTH_KEY_ALREADY_BOUND')
  }
  if (boundTo === undefined) await authKeys.bind(key.id, permanent.id)
  const bound = authKeys.cached(key.id) ?? key.key
  bound.boundTo = permanent.id
  const described = key.owner
  ctx.keys.use(bound, permanent)
  if (permanent.layer === undefined) describeKey(ctx.ports, permanent, described.layer, described.client)
}

/** The inner message is authentic under the permanent key and names this key, session, message and end. */
function provesBoth(permanent: AuthKey, call: RunningCall, query: Call<'auth.bindTempAuthKey'>): boolean {
  const opened = openBindMessage(permanent.key, query.encryptedMessage)
  if (!opened || opened.msgId !== call.msgId || opened.body.length !== INNER_BYTES) return false
  const { body } = opened
  return (
    body.readUInt32LE(0) === BIND_AUTH_KEY_INNER &&
    body.readBigInt64LE(4) === query.nonce &&
    body.toString('hex', 12, 20) === call.authKeyId &&
    body.toString('hex', 20, 28) === permanent.id &&
    body.toString('hex', 28, 36) === call.sessionId &&
    body.readInt32LE(36) === query.expiresAt
  )
}

function keyIdOf(id: bigint): AuthKeyId {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigInt64LE(id)
  return bytes.toString('hex') as AuthKeyId
}
