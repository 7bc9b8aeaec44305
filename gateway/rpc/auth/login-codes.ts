import { timingSafeEqual } from 'node:crypto'
import { RpcError } from '@heliograph/schemas/tl'
import type { Keyring, StateCache } from '@heliograph/storage'
import type { RandomBytes } from '../../mtproto/ports.ts'
import { CODE_LENGTH, type LoginCodeConfig } from '../config.ts'

const HASH_BYTES = 9
const MAX_HASH_LENGTH = 64

export interface LoginCodePorts {
  readonly cache: StateCache
  readonly keyring: Keyring
  readonly random: RandomBytes
  readonly config: { readonly loginCode: LoginCodeConfig }
}

/** A log-in that was begun. Neither the code nor the number is kept in clear. */
interface Pending {
  readonly phoneHmac: string
  readonly codeHmac: string
  /** The permanent auth key that asked; a code is worth nothing to another. */
  readonly keyId: string
  /** The code was right, and only the sign-up is missing. */
  readonly verified: boolean
}
/** What names a log-in: the hash given by `sendCode`, the number and the asking key. */
export interface LoginAttempt {
  readonly codeHash: string
  readonly phoneHmac: string
  readonly keyId: string
}

const pendingKey = (codeHash: string): string => `login:${codeHash}`
/** Where the latest log-in of a number is to be found: its codes may be called off by the number's owner. */
const latestKey = (phoneHmac: string): string => `login-of:${phoneHmac}`
const triesKey = (codeHash: string): string => `login-tries:${codeHash}`

/** Makes a code; resolves to it and to the hash under which it is to be used. */
export async function issueCode(
  ports: LoginCodePorts,
  phoneHmac: string,
  keyId: string,
  codeHash = ports.random(HASH_BYTES).toString('hex'),
): Promise<{ readonly code: string; readonly codeHash: string }> {
  const code = ports.config.loginCode.fixed ?? randomCode(ports.random)
  await store(ports, codeHash, {
    phoneHmac,
    codeHmac: codeMac(ports, codeHash, code),
    keyId,
    verified: false,
  })
  const { lifeSeconds } = ports.config.loginCode
  await ports.cache.set(latestKey(phoneHmac), Buffer.from(codeHash), lifeSeconds)
  return { code, codeHash }
}

/**
 * Counts a try and compares in constant time. Rejects with PHONE_CODE_INVALID, or PHONE_CODE_EXPIRED once the time or the
 * tries are used up.
 */
export async function verifyCode(ports: LoginCodePorts, attempt: LoginAttempt, code: string): Promise<void> {
  const { lifeSeconds, tries } = ports.config.loginCode
  const pending = await requirePending(ports, attempt)
  const tried = await ports.cache.increment(triesKey(attempt.codeHash), 1, lifeSeconds)
  if (tried > tries) {
    await forgetCode(ports, attempt)
    throw new RpcError(400, 'PHONE_CODE_EXPIRED')
  }
  const given = codeMac(ports, attempt.codeHash, code.trim())
  const equal = timingSafeEqual(Buffer.from(given, 'hex'), Buffer.from(pending.codeHmac, 'hex'))
  if (!equal) throw new RpcError(400, 'PHONE_CODE_INVALID')
}

/** Makes the latest code of a number worth nothing where it is among `codes`. */
export async function invalidateCodes(
  ports: LoginCodePorts,
  phoneHmac: string,
  codes: readonly string[],
): Promise<void> {
  const codeHash = (await ports.cache.get(latestKey(phoneHmac)))?.toString()
  const value = codeHash && (await ports.cache.get(pendingKey(codeHash)))
  if (!codeHash || !value) return
  const { codeHmac } = JSON.parse(value.toString()) as Pending
  const isNamed = codes.some((code) => codeMac(ports, codeHash, code.trim()) === codeHmac)
  if (isNamed) await ports.cache.delete(pendingKey(codeHash))
}

/** Notes that the code was right, for the sign-up that follows. */
export async function markVerified(ports: LoginCodePorts, attempt: LoginAttempt): Promise<void> {
  const pending = await requirePending(ports, attempt)
  await store(ports, attempt.codeHash, { ...pending, verified: true })
}

/** Rejects unless the code was given rightly before. */
export async function requireVerified(ports: LoginCodePorts, attempt: LoginAttempt): Promise<void> {
  const pending = await requirePending(ports, attempt)
  if (!pending.verified) throw new RpcError(400, 'PHONE_CODE_INVALID')
}

/** Rejects with PHONE_CODE_EXPIRED where no such log-in is going on. */
export async function requirePending(ports: LoginCodePorts, attempt: LoginAttempt): Promise<Pending> {
  if (attempt.codeHash === '') throw new RpcError(400, 'PHONE_CODE_HASH_EMPTY')
  const pending = await findPending(ports, attempt)
  if (pending === undefined) throw new RpcError(400, 'PHONE_CODE_EXPIRED')
  return pending
}

async function findPending(
  { cache }: LoginCodePorts,
  { codeHash, phoneHmac, keyId }: LoginAttempt,
): Promise<Pending | undefined> {
  if (codeHash.length > MAX_HASH_LENGTH) return undefined
  const value = await cache.get(pendingKey(codeHash))
  const pending = value && (JSON.parse(value.toString()) as Pending)
  return pending?.phoneHmac === phoneHmac && pending.keyId === keyId ? pending : undefined
}

/** Whether such a log-in is going on. */
export async function isPending(ports: LoginCodePorts, attempt: LoginAttempt): Promise<boolean> {
  return (await findPending(ports, attempt)) !== undefined
}

/** The log-in is over, one way or another. */
export async function forgetCode(ports: LoginCodePorts, attempt: LoginAttempt): Promise<void> {
  await ports.cache.delete(pendingKey(attempt.codeHash))
}

function store(ports: LoginCodePorts, codeHash: string, pending: Pending): Promise<void> {
  const value = Buffer.from(JSON.stringify(pending))
  return ports.cache.set(pendingKey(codeHash), value, ports.config.loginCode.lifeSeconds)
}

function codeMac(ports: LoginCodePorts, codeHash: string, code: string): string {
  return ports.keyring.mac('login-code', `${codeHash}|${code}`).toString('hex')
}

/** Decimal digits, all codes equally likely: draws above the largest multiple are thrown away. */
export function randomCode(random: RandomBytes, length = CODE_LENGTH): string {
  const codes = 10 ** length
  const fair = 2 ** 32 - (2 ** 32 % codes)
  let drawn = random(4).readUInt32LE()
  while (drawn >= fair) drawn = random(4).readUInt32LE()
  return String(drawn % codes).padStart(length, '0')
}
