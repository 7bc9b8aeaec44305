import { RpcError } from '@heliograph/schemas/tl'
import type { Keyring } from '@heliograph/storage'

/** Digits of an international number (E.164 has at most 15). */
export const MIN_PHONE_DIGITS = 7
export const MAX_PHONE_DIGITS = 15
const SEPARATORS = /[\s()+.-]/g
const DIGITS = new RegExp(`^\\d{${MIN_PHONE_DIGITS},${MAX_PHONE_DIGITS}}$`)

/** The digits of a phone number as people write it, or undefined where it is none. */
export function phoneDigits(written: string): string | undefined {
  const digits = written.replace(SEPARATORS, '')
  return DIGITS.test(digits) ? digits : undefined
}

/** As `phoneDigits`; anything else is 400 PHONE_NUMBER_INVALID. */
export function requirePhone(written: string): string {
  const digits = phoneDigits(written)
  if (digits === undefined) throw new RpcError(400, 'PHONE_NUMBER_INVALID')
  return digits
}

/** Names a number in tables and topics without showing it. */
export function phoneHmac(keyring: Keyring, digits: string): string {
  return keyring.mac('phone', digits).toString('hex')
}
