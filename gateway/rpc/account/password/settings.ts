import type { UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { isMailAddress } from '../../auth/mailer.ts'
import type { Services } from '../../services.ts'
import { GENERATOR, isVerifier, PRIME } from './srp.ts'
import { newRevision, type Password, type PasswordState } from './stored.ts'

type Input = Tl<'account.passwordInputSettings'>
type Ports = Pick<Services, 'keyring' | 'random'>

const SALT1_BYTES = 8
const SALT2_BYTES = 16
/** What a client adds to the first salt at least (core.telegram.org/api/srp). */
const CLIENT_SALT_BYTES = 32
const MAX_SALT_BYTES = 256
const MAX_HINT_LENGTH = 255
const MOD_POW = 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow'

/** How a new password is to be hashed. The salts are the account's own, so that what comes back can be checked. */
export function newAlgo(ports: Pick<Ports, 'keyring'>, userId: UserId | undefined): Tl<typeof MOD_POW> {
  const salts = ports.keyring.mac('password', `salts|${userId ?? 0}`)
  const salt1 = salts.subarray(0, SALT1_BYTES)
  const salt2 = salts.subarray(SALT1_BYTES, SALT1_BYTES + SALT2_BYTES)
  return { _: MOD_POW, salt1, salt2, g: GENERATOR, p: PRIME }
}

export function currentAlgo({ salt1, salt2 }: Password): Tl<typeof MOD_POW> {
  return { _: MOD_POW, salt1, salt2, g: GENERATOR, p: PRIME }
}

/**
 * What new settings make of the old ones. What goes with a new e-mail address holds once that is confirmed. 400
 * NEW_SETTINGS_EMPTY, NEW_SETTINGS_INVALID, NEW_SALT_INVALID, EMAIL_INVALID.
 */
export function applied(ports: Ports, userId: UserId, before: PasswordState, input: Input): PasswordState {
  const { email } = input
  if (input.newAlgo === undefined && email === undefined) throw new RpcError(400, 'NEW_SETTINGS_EMPTY')
  if (input.newAlgo !== undefined && isRemoval(input)) return removed(before)
  const password = input.newAlgo === undefined ? null : newPassword(ports, userId, input)
  if (password === null && before.password === null) throw new RpcError(400, 'NEW_SETTINGS_INVALID')
  if (email !== undefined && email !== '') {
    if (!isMailAddress(email)) throw new RpcError(400, 'EMAIL_INVALID')
    return { ...before, unconfirmed: { email, password } }
  }
  const keptEmail = email === '' ? null : (before.password?.email ?? null)
  const now = password ?? before.password!
  return { ...before, password: { ...now, email: keptEmail }, unconfirmed: null, resetAt: null }
}

/** What holds when the address of unconfirmed settings is confirmed. */
export function confirmed(before: PasswordState): PasswordState {
  const { unconfirmed } = before
  if (unconfirmed === null) return before
  const password = unconfirmed.password ?? before.password
  const kept = password && { ...password, email: unconfirmed.email }
  return { ...before, password: kept, unconfirmed: null, resetAt: null }
}

export function removed(before: PasswordState): PasswordState {
  return { ...before, password: null, unconfirmed: null, resetAt: null }
}

/** Clients take a password away by one of no algorithm. */
function isRemoval({ newAlgo, newPasswordHash }: Input): boolean {
  return newAlgo?._ === 'passwordKdfAlgoUnknown' || (newPasswordHash?.length ?? 0) === 0
}

function newPassword(ports: Ports, userId: UserId, input: Input): Omit<Password, 'email'> {
  const { newAlgo: algo, newPasswordHash: hash, hint = '' } = input
  if (algo?._ !== MOD_POW || hash === undefined || !isVerifier(hash)) throw settingsInvalid()
  if (algo.g !== GENERATOR || !PRIME.equals(algo.p) || hint.length > MAX_HINT_LENGTH) throw settingsInvalid()
  const issued = newAlgo(ports, userId)
  const [salt1, salt2] = [Buffer.from(algo.salt1), Buffer.from(algo.salt2)]
  const isFresh = salt1.length >= SALT1_BYTES + CLIENT_SALT_BYTES && salt1.length <= MAX_SALT_BYTES
  if (!isFresh || !salt1.subarray(0, SALT1_BYTES).equals(issued.salt1) || !salt2.equals(issued.salt2)) {
    throw new RpcError(400, 'NEW_SALT_INVALID')
  }
  return { salt1, salt2, v: Buffer.from(hash), revision: newRevision(ports), hint: hint.trim() }
}

const settingsInvalid = () => new RpcError(400, 'NEW_SETTINGS_INVALID')
