import { timingSafeEqual } from 'node:crypto'
import type { Services } from '../services.ts'
import { randomCode } from './login-codes.ts'

export const EMAIL_CODE_LENGTH = 6
export const EMAIL_CODE_LIFE_SECONDS = 3600
/** Guesses that one code allows. */
const TRIES = 5

type Ports = Pick<Services, 'cache' | 'keyring' | 'random' | 'config' | 'loginCodes' | 'mailer' | 'log'>

/** What a code is for: `kind` and what it belongs to. A code is worth nothing for another purpose, subject or address. */
export interface CodePurpose {
  readonly kind: 'password-email' | 'recovery' | 'login-email'
  readonly subject: string
  readonly address: string
}

const keyOf = ({ kind, subject }: CodePurpose): string => `email-code:${kind}:${subject}`
const triesOf = (purpose: CodePurpose): string => `${keyOf(purpose)}:tries`

/** Mails a code, in the place of one that was sent before; resolves to its length. Neither code nor address is kept in clear. */
export async function sendEmailCode(ports: Ports, purpose: CodePurpose, why: string): Promise<number> {
  const code = ports.config.loginCode.fixed ?? randomCode(ports.random, EMAIL_CODE_LENGTH)
  await ports.cache.set(keyOf(purpose), macOf(ports, purpose, code), EMAIL_CODE_LIFE_SECONDS)
  await ports.cache.delete(triesOf(purpose))
  mailCode(ports, purpose.address, code, why)
  return code.length
}

/** Nobody waits for the mail: how long it takes must not tell whether there is a mailbox. */
export function mailCode(
  ports: Pick<Ports, 'loginCodes' | 'mailer' | 'log'>,
  address: string,
  code: string,
  why: string,
): void {
  if (ports.mailer === undefined) return ports.loginCodes.show(address, code)
  const text = `${why}\n\nCode: ${code}\n\nGive it to nobody. If you have not asked for it, you need do nothing.`
  ports.mailer
    .send(address, `${code} is your code`, text)
    .catch((error: unknown) => ports.log.warn({ reason: reasonOf(error) }, 'a code could not be mailed'))
}

/** Counts a try and compares in constant time. The code is good until `forgetEmailCode`. */
export async function checkEmailCode(
  ports: Ports,
  purpose: CodePurpose,
  code: string,
): Promise<'right' | 'wrong' | 'expired'> {
  const kept = await ports.cache.get(keyOf(purpose))
  if (kept === undefined) return 'expired'
  const tried = await ports.cache.increment(triesOf(purpose), 1, EMAIL_CODE_LIFE_SECONDS)
  if (tried > TRIES) {
    await forgetEmailCode(ports, purpose)
    return 'expired'
  }
  return timingSafeEqual(kept, macOf(ports, purpose, code.trim())) ? 'right' : 'wrong'
}

export function forgetEmailCode(ports: Pick<Ports, 'cache'>, purpose: CodePurpose): Promise<void> {
  return ports.cache.delete(keyOf(purpose))
}

function macOf({ keyring }: Ports, purpose: CodePurpose, code: string): Buffer {
  const { kind, subject, address } = purpose
  return keyring.mac('login-code', ['email', kind, subject, address.toLowerCase(), code].join('|'))
}

/** Without the text, which names the address. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  return code ?? (error instanceof Error ? error.name : 'unknown')
}
