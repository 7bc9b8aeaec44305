/** Sends a plain-text mail. Rejects where it could not be handed over. */
export interface Mailer {
  send(to: string, subject: string, text: string): Promise<void>
}

const MAX_ADDRESS_LENGTH = 254
const ADDRESS = /^[^\s@<>"(),:;[\]\\]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i

/** Whether it may be the address of a mailbox. */
export function isMailAddress(text: string): boolean {
  return text.length <= MAX_ADDRESS_LENGTH && ADDRESS.test(text)
}

/** An address as others than its owner may see it: `a***z@example.org`. */
export function addressPattern(address: string): string {
  const at = address.lastIndexOf('@')
  const name = address.slice(0, at)
  const last = name.length > 2 ? name.slice(-1) : ''
  return `${name.slice(0, 1)}***${last}${address.slice(at)}`
}
