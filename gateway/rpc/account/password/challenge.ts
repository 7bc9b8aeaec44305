import type { UserId } from '@heliograph/schemas/avro'
import { floodWait, RpcError, type TlType } from '@heliograph/schemas/tl'
import type { Services } from '../../services.ts'
import { isProof, NUMBER_BYTES, serverValue } from './srp.ts'
import type { Password } from './stored.ts'

/** How long a client may take to compute its proof. */
const LIFE_SECONDS = 600
const ID_BYTES = 8
const HASH_BYTES = 32

type Ports = Pick<Services, 'cache' | 'keyring' | 'random' | 'config'>

/** What the server gives a client to prove a password by. */
export interface Challenge {
  readonly srpId: bigint
  readonly srpB: Buffer
}

const guessedKey = (userId: UserId): string => `password-guessed:${userId}`
const keyOf = (keyId: string, srpId: bigint): string => `srp:${keyId}:${srpId}`

/** A challenge for the auth key: good once, for the password as it is now, and worth nothing to another key. */
export async function issueChallenge(ports: Ports, keyId: string, password: Password): Promise<Challenge> {
  const srpId = ports.random(ID_BYTES).readBigInt64LE()
  await ports.cache.set(keyOf(keyId, srpId), Buffer.from(password.revision), LIFE_SECONDS)
  return { srpId, srpB: serverValue(password, secretOf(ports, keyId, srpId)) }
}

/**
 * Refuses who does not know the user's password: 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID for a challenge that is not this
 * key's, was used or has run out, SRP_PASSWORD_CHANGED for one of a former password. Guesses are counted per account.
 */
export async function requirePassword(
  ports: Ports,
  keyId: string,
  userId: UserId,
  password: Password,
  given: TlType<'InputCheckPasswordSRP'>,
): Promise<void> {
  if (given._ !== 'inputCheckPasswordSRP') throw new RpcError(400, 'PASSWORD_HASH_INVALID')
  const taken = await ports.cache.take(`flood:password:${userId}`, ports.config.flood['sign-in'], 1)
  if (!taken.allowed) {
    const waitSeconds = Math.max(1, Math.ceil(taken.waitSeconds))
    await ports.cache.set(guessedKey(userId), Buffer.alloc(0), waitSeconds)
    throw floodWait(waitSeconds)
  }
  const revision = await redeem(ports, keyId, given.srpId)
  if (revision === undefined) throw new RpcError(400, 'SRP_ID_INVALID')
  if (revision !== password.revision) throw new RpcError(400, 'SRP_PASSWORD_CHANGED')
  if (isProof(password, secretOf(ports, keyId, given.srpId), given.A, given.M1)) return
  throw new RpcError(400, 'PASSWORD_HASH_INVALID')
}

/** Whether the account's password has just been guessed at too often: the next guess would have to wait. */
export const isGuessedTooOften = async ({ cache }: Pick<Ports, 'cache'>, userId: UserId): Promise<boolean> =>
  (await cache.get(guessedKey(userId))) !== undefined

async function redeem({ cache }: Ports, keyId: string, srpId: bigint): Promise<string | undefined> {
  const key = keyOf(keyId, srpId)
  const value = await cache.get(key)
  if (value === undefined) return undefined
  const uses = await cache.increment(`${key}:uses`, 1, LIFE_SECONDS)
  await cache.delete(key)
  return uses === 1 ? value.toString() : undefined
}

/** The secret exponent of a challenge: made from the deployment's secret, so that no store has to keep it. */
function secretOf({ keyring }: Ports, keyId: string, srpId: bigint): Buffer {
  const blocks = Array.from({ length: NUMBER_BYTES / HASH_BYTES }, (_, i) =>
    keyring.mac('password', `srp|${keyId}|${srpId}|${i}`),
  )
  return Buffer.concat(blocks)
}
