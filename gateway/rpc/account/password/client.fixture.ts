/** A client's half of the password proof, for tests (core.telegram.org/api/srp). */
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Result, Tl } from '@heliograph/schemas/tl'
import { toBigInt } from '../../../mtproto/handshake/dh-group.ts'
import { padded, sha256 } from './srp.ts'

type Algo = Tl<'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow'>
const ROUNDS = 100_000
const CLIENT_SALT_BYTES = 32

export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

function hashOf(password: string, { salt1, salt2 }: Algo): bigint {
  const salted = (text: Uint8Array, salt: Uint8Array) => sha256(salt, text, salt)
  const first = salted(salted(Buffer.from(password), salt1), salt2)
  return toBigInt(salted(pbkdf2Sync(first, salt1, ROUNDS, 64, 'sha512'), salt2))
}

/** The settings that set a password, by what `account.getPassword` says. */
export function newSettings(
  { newAlgo }: Result<'account.getPassword'>,
  password: string,
): Omit<Tl<'account.passwordInputSettings'>, '_'> & { _: 'account.passwordInputSettings' } {
  const offered = newAlgo as Algo
  const algo = { ...offered, salt1: Buffer.concat([offered.salt1, randomBytes(CLIENT_SALT_BYTES)]) }
  const v = modPow(BigInt(algo.g), hashOf(password, algo), toBigInt(algo.p))
  return { _: 'account.passwordInputSettings', newAlgo: algo, newPasswordHash: padded(v), hint: 'the usual' }
}

/** The proof of a password, by what `account.getPassword` says. */
export function proofOf(
  { currentAlgo, srpB, srpId }: Result<'account.getPassword'>,
  password: string,
): Tl<'inputCheckPasswordSRP'> {
  const algo = currentAlgo as Algo
  const p = toBigInt(algo.p)
  const g = BigInt(algo.g)
  const a = toBigInt(randomBytes(256))
  const ga = padded(modPow(g, a, p))
  const k = toBigInt(sha256(algo.p, padded(g)))
  const u = toBigInt(sha256(ga, srpB!))
  const x = hashOf(password, algo)
  const base = (((toBigInt(srpB!) - k * modPow(g, x, p)) % p) + p) % p
  const key = sha256(padded(modPow(base, a + u * x, p)))
  const group = sha256(algo.p).map((byte, i) => byte ^ sha256(padded(g))[i]!)
  const M1 = sha256(group, sha256(algo.salt1), sha256(algo.salt2), ga, srpB!, key)
  return { _: 'inputCheckPasswordSRP', srpId: srpId!, A: ga, M1 }
}
