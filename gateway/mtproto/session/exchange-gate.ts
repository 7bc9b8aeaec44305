import { type BucketLevel, takeTokens } from '@heliograph/storage'
import { addressBlock } from '../address-block.ts'
import type { SessionLimits } from './limits.ts'

/** Addresses whose buckets are remembered; the one that asked longest ago is forgotten, and starts full again. */
export const MAX_KNOWN_ADDRESSES = 50_000

/** Bounds key exchanges: those under way, in all and per address, and how often an address may begin one. */
export class ExchangeGate {
  readonly #limits: SessionLimits
  readonly #open = new Map<string, number>()
  /** In the order of the last use. */
  readonly #levels = new Map<string, BucketLevel>()
  #openCount = 0

  constructor(limits: SessionLimits) {
    this.#limits = limits
  }

  /** Addresses that are remembered. */
  get knownAddresses(): number {
    return this.#levels.size
  }

  /** True when this address may begin an exchange; it must then `leave` once. */
  enter(address: string, nowMs: number): boolean {
    const block = addressBlock(address)
    const open = this.#open.get(block) ?? 0
    if (this.#openCount >= this.#limits.openExchanges || open >= this.#limits.openExchangesPerAddress)
      return false
    if (!this.#takeToken(block, nowMs)) return false
    this.#open.set(block, open + 1)
    this.#openCount++
    return true
  }

  leave(address: string): void {
    const block = addressBlock(address)
    const open = (this.#open.get(block) ?? 0) - 1
    if (open > 0) this.#open.set(block, open)
    else this.#open.delete(block)
    this.#openCount--
  }

  #takeToken(block: string, nowMs: number): boolean {
    const { level, taken } = takeTokens(this.#levels.get(block), this.#limits.exchangesPerAddress, 1, nowMs)
    this.#levels.delete(block)
    this.#levels.set(block, level)
    if (this.#levels.size > MAX_KNOWN_ADDRESSES) this.#levels.delete(this.#levels.keys().next().value!)
    return taken.allowed
  }
}
