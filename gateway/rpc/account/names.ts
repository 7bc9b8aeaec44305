import { RpcError } from '@heliograph/schemas/tl'

export const MAX_NAME_LENGTH = 64
export const MAX_ABOUT_LENGTH = 70
export const MIN_USERNAME_LENGTH = 5
/** Of names that the operator gives. */
export const MIN_COLLECTED_LENGTH = 4
export const MAX_USERNAME_LENGTH = 32
const USERNAME = /^[a-z][a-z0-9_]*[a-z0-9]$/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
const UNSEEN = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** A name as it is kept: without control and direction characters and outer blanks. */
export function cleanName(name: string): string {
  return name.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()
}

/** A first name of 1 to 64 characters; anything else is FIRSTNAME_INVALID. */
export function requireFirstName(name: string): string {
  const clean = cleanName(name)
  if (clean === '' || clean.length > MAX_NAME_LENGTH) throw new RpcError(400, 'FIRSTNAME_INVALID')
  return clean
}

/** A last name of up to 64 characters; anything else is LASTNAME_INVALID. */
export function requireLastName(name: string): string {
  const clean = cleanName(name)
  if (clean.length > MAX_NAME_LENGTH) throw new RpcError(400, 'LASTNAME_INVALID')
  return clean
}

export function requireAbout(about: string): string {
  if (about.length > MAX_ABOUT_LENGTH) throw new RpcError(400, 'ABOUT_TOO_LONG')
  return about.trim()
}

/** Latin letters, digits and underscores, beginning with a letter and not ending with an underscore, `minLength` to 32 of them. */
export function isUsername(name: string, minLength = MIN_USERNAME_LENGTH): boolean {
  return (
    name.length >= minLength &&
    name.length <= MAX_USERNAME_LENGTH &&
    USERNAME.test(name) &&
    !name.includes('__')
  )
}
