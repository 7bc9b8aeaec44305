import type { AuthKeyId } from '../ports.ts'

/** The salt that both sides derive in the key exchange is good for this long. */
export const FIRST_SALT_MS = 24 * 3600_000
const LARGEST_COUNT = 50_000

interface FirstSalt {
  readonly salt: bigint
  readonly untilMs: number
}

/**
 * Salts derived in key exchanges. Kept in memory only: after a restart, or at another gateway, the client is told the current
 * salt by `bad_server_salt`, as for any other stale one.
 */
export class FirstSalts {
  readonly #salts = new Map<AuthKeyId, FirstSalt>()

  add(key: AuthKeyId, salt: bigint, nowMs: number): void {
    if (this.#salts.size >= LARGEST_COUNT) this.#forgetOldest()
    this.#salts.set(key, { salt, untilMs: nowMs + FIRST_SALT_MS })
  }

  accepts(key: AuthKeyId, salt: bigint, nowMs: number): boolean {
    const known = this.#salts.get(key)
    if (!known) return false
    if (known.untilMs < nowMs) this.#salts.delete(key)
    return known.salt === salt && known.untilMs >= nowMs
  }

  delete(key: AuthKeyId): void {
    this.#salts.delete(key)
  }

  #forgetOldest(): void {
    for (const key of this.#salts.keys()) {
      this.#salts.delete(key)
      return
    }
  }
}
