import { hkdfSync } from 'node:crypto'
import type { DataKey } from '@heliograph/storage'
import { halfSipHash, type SipKey, sipKeyOf } from './half-sip-hash.ts'
import { isIdeograph, tokensOf } from './tokens.ts'

/**
 * Each word becomes three bytes: 12 bits for its first three letters and 12 for its first six, both keyed. A query finds words by
 * their beginnings with that, and what is found by chance is told apart when the message is opened. The key follows from the chat's
 * data key: once that is gone, so is all that the fingerprints say.
 */
export const FINGERPRINT_BYTES = 3
const BITS = 12
const MASK = 0xfff
const SHORT_PREFIX = 3
const LONG_PREFIX = 6
/** Distinct words of one message; with more it is found by opening it. */
export const MAX_FINGERPRINTS = 400

const NO_WORDS = Buffer.alloc(0)
const keys = new WeakMap<Buffer, SipKey>()

/** The key for words of the chat whose data key is given. */
export function wordKeyOf({ key }: DataKey): SipKey {
  let derived = keys.get(key)
  if (derived === undefined) {
    derived = sipKeyOf(Buffer.from(hkdfSync('sha256', key, '', 'search words', 8)))
    keys.set(key, derived)
  }
  return derived
}

/** The fingerprints of a text's words, packed; null for a text with too many. */
export function fingerprintsOf(key: SipKey, text: string): Buffer | null {
  if (text === '') return NO_WORDS
  const found = new Set<number>()
  for (const token of tokensOf(text)) found.add(fingerprint(key, token))
  if (found.size === 0) return NO_WORDS
  if (found.size > MAX_FINGERPRINTS) return null
  const packed = Buffer.allocUnsafe(found.size * FINGERPRINT_BYTES)
  let at = 0
  for (const value of found) {
    packed[at] = value
    packed[at + 1] = value >>> 8
    packed[at + 2] = value >>> 16
    at += FINGERPRINT_BYTES
  }
  return packed
}

function fingerprint(key: SipKey, token: string): number {
  const short = halfSipHash(key, token, Math.min(token.length, SHORT_PREFIX)) & MASK
  if (token.length <= SHORT_PREFIX) return short | (short << BITS)
  return short | ((halfSipHash(key, token, Math.min(token.length, LONG_PREFIX)) & MASK) << BITS)
}

/** What fingerprints of a message must have in common with a query: values under masks. */
export interface Sought {
  readonly values: Int32Array
  readonly masks: Int32Array
}

/** Words of a query too short to say anything are left out. */
export function soughtBy(key: SipKey, tokens: readonly string[]): Sought {
  const telling = tokens.filter((token) => token.length >= SHORT_PREFIX || isIdeograph(token))
  const values = new Int32Array(telling.length)
  const masks = new Int32Array(telling.length)
  for (const [i, token] of telling.entries()) {
    const isLong = token.length >= LONG_PREFIX
    masks[i] = isLong ? (MASK << BITS) | MASK : MASK
    values[i] = fingerprint(key, token) & masks[i]!
  }
  return { values, masks }
}

/** Whether a message with these fingerprints can have all words of a query; always where they are not known. */
export function mayHave(words: Buffer | null, { values, masks }: Sought): boolean {
  if (words === null) return true
  for (let i = 0; i < values.length; i++) if (!has(words, values[i]!, masks[i]!)) return false
  return true
}

function has(words: Buffer, value: number, mask: number): boolean {
  for (let at = 0; at + 2 < words.length; at += FINGERPRINT_BYTES) {
    const fingerprintAt = words[at]! | (words[at + 1]! << 8) | (words[at + 2]! << 16)
    if ((fingerprintAt & mask) === value) return true
  }
  return false
}
