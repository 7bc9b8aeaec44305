import type { StateCache } from '@heliograph/storage'
import type { RandomBytes } from '../../mtproto/ports.ts'

const TOKEN_BYTES = 32

export interface OneTimePorts {
  readonly cache: StateCache
  readonly random: RandomBytes
}

/** A token that stands for `value` once and for `lifeSeconds`. `kind` keeps tokens of one use from another. */
export async function issueToken(
  ports: OneTimePorts,
  kind: string,
  value: string,
  lifeSeconds: number,
): Promise<Buffer> {
  const token = Buffer.from(ports.random(TOKEN_BYTES))
  await ports.cache.set(`${kind}:${token.toString('hex')}`, Buffer.from(value), lifeSeconds)
  return token
}

/** What the token stands for, to the first who asks; undefined afterwards and for any other bytes. */
export async function redeemToken(
  ports: Pick<OneTimePorts, 'cache'>,
  kind: string,
  token: Uint8Array,
  lifeSeconds: number,
): Promise<string | undefined> {
  if (token.length !== TOKEN_BYTES) return undefined
  const key = `${kind}:${Buffer.from(token).toString('hex')}`
  const value = await ports.cache.get(key)
  if (value === undefined) return undefined
  const uses = await ports.cache.increment(`${key}:uses`, 1, lifeSeconds)
  await ports.cache.delete(key)
  return uses === 1 ? value.toString() : undefined
}
