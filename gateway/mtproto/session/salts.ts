import { createHmac } from 'node:crypto'
import type { AuthKey, AuthKeyId } from '../ports.ts'

/** A new salt every half hour, each valid for two periods, so that two are valid at any time. */
export const SALT_PERIOD_S = 1800
const VALID_PERIODS = 2
/** A client whose clock is ahead may begin to use the next salt this early. */
const EARLY_S = 300
/** The salt that both sides derive in the key exchange is good for this long, whichever gateway the key was made at. */
export const FIRST_SALT_S = 24 * 3600

export interface FutureSalt {
  readonly validSince: number
  readonly validUntil: number
  readonly salt: bigint
}

/**
 * Server salts without memory: the first 8 bytes of HMAC-SHA256(secret, auth key id, period), so that every gateway with the
 * same secret agrees on them.
 */
export class SaltSource {
  readonly #secret: Buffer

  constructor(secret: Buffer) {
    this.#secret = secret
  }

  salt(key: AuthKeyId, period: number): bigint {
    return createHmac('sha256', this.#secret).update(`${key}:${period}`).digest().readBigInt64LE(0)
  }

  /** The next `count` salts, beginning with the current one. */
  future(key: AuthKeyId, nowMs: number, count: number): FutureSalt[] {
    const first = periodAt(nowMs)
    return Array.from({ length: count }, (_, i) => ({
      validSince: (first + i) * SALT_PERIOD_S,
      validUntil: (first + i + VALID_PERIODS) * SALT_PERIOD_S,
      salt: this.salt(key, first + i),
    }))
  }
}

export function periodAt(nowMs: number): number {
  return Math.floor(nowMs / 1000 / SALT_PERIOD_S)
}

/** Whether this is the salt of the key's own exchange, and still good. */
export function isFirstSalt(key: AuthKey, nowMs: number, salt: bigint): boolean {
  return salt === key.firstSalt && nowMs <= (key.createdAt + FIRST_SALT_S) * 1000
}

/** The salts that one key may use now, computed once per period: a client that holds on to its first salt asks with every packet. */
export class KeySalts {
  #period = -1
  #current = 0n
  #previous = 0n
  /** Computed when a client may first use it. */
  #next: bigint | undefined

  current(source: SaltSource, key: AuthKeyId, nowMs: number): bigint {
    this.#refresh(source, key, nowMs)
    return this.#current
  }

  accepts(source: SaltSource, key: AuthKeyId, nowMs: number, salt: bigint): boolean {
    this.#refresh(source, key, nowMs)
    if (salt === this.#current || salt === this.#previous) return true
    const early = periodAt(nowMs + EARLY_S * 1000)
    if (early === this.#period) return false
    this.#next ??= source.salt(key, early)
    return salt === this.#next
  }

  #refresh(source: SaltSource, key: AuthKeyId, nowMs: number): void {
    const period = periodAt(nowMs)
    if (period === this.#period) return
    this.#period = period
    this.#next = undefined
    this.#current = source.salt(key, period)
    this.#previous = source.salt(key, period - 1)
  }
}
