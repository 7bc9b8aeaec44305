import { type UserId, userKey } from '@heliograph/schemas/avro'
import type { Asker } from '../../commander.ts'
import { sealSetting } from '../../sealed.ts'
import type { Services } from '../../services.ts'
import { readSetting } from '../../settings.ts'
import type { Verifier } from './srp.ts'

const SETTING = 'password'
const REVISION_BYTES = 8

/** A password as it is kept: sealed under the user's data key, and never the password itself. */
export interface Password extends Verifier {
  /** Changes with the password. */
  readonly revision: string
  readonly hint: string
  /** Where a code to recover it can be sent. */
  readonly email: string | null
}
/** Settings that hold once their e-mail address has been confirmed. */
export interface Unconfirmed {
  readonly email: string
  /** The password that goes with it; null: the one that there is. */
  readonly password: Omit<Password, 'email'> | null
}
export interface PasswordState {
  readonly password: Password | null
  readonly unconfirmed: Unconfirmed | null
  /** When the password may be taken away without it (Unix seconds), where that was asked for. */
  readonly resetAt: number | null
  /** When that was last called off. */
  readonly declinedAt: number | null
}

export const NO_PASSWORD: PasswordState = {
  password: null,
  unconfirmed: null,
  resetAt: null,
  declinedAt: null,
}

export async function readPassword(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<PasswordState> {
  const value = await readSetting(services, userId, SETTING)
  return value === undefined ? NO_PASSWORD : (JSON.parse(value.toString(), revive) as PasswordState)
}

export async function writePassword(
  services: Services,
  userId: UserId,
  state: PasswordState,
  asker: Asker,
): Promise<void> {
  const isEmpty = Object.values(state).every((value) => value === null)
  const value = Buffer.from(JSON.stringify(state, hexed))
  const sealed = isEmpty ? null : await sealSetting(services, userId, SETTING, value)
  const command = { type: 'PutSetting', userId, name: SETTING, sealed } as const
  await services.commands.ask('account.commands', userKey(userId), command, asker)
}

export const newRevision = ({ random }: Pick<Services, 'random'>): string =>
  random(REVISION_BYTES).toString('hex')

const BINARY: ReadonlySet<string> = new Set(['salt1', 'salt2', 'v'])

/** A buffer has become an object when `JSON.stringify` asks. */
function hexed(key: string, value: unknown): unknown {
  return BINARY.has(key) ? Buffer.from(value as Buffer).toString('hex') : value
}

function revive(key: string, value: unknown): unknown {
  return BINARY.has(key) ? Buffer.from(value as string, 'hex') : value
}
