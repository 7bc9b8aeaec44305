const MAPPED_IPV4 = '00000000000000000000ffff'

/** An address as Node writes it, an IPv4 address inside IPv6 in the IPv4 form, so that one peer has one address. */
export function plainAddress(text: string | undefined): string {
  if (text === undefined) return ''
  return text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text
}

/** The same for the 4 or 16 bytes that uWebSockets.js gives; IPv6 as eight groups. */
export function addressOfBytes(bytes: ArrayBuffer): string {
  const buffer = Buffer.from(bytes)
  if (buffer.length === 4) return buffer.join('.')
  const hex = buffer.toString('hex')
  if (hex.startsWith(MAPPED_IPV4)) return buffer.subarray(12).join('.')
  return hex.match(/.{4}/g)?.join(':') ?? ''
}
