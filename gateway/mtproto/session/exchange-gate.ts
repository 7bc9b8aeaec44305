import type { SessionLimits } from './limits.ts'

const WINDOW_MS = 3600_000

/** Bounds key exchanges: those under way, in all and per address, and the keys that an address makes per hour. */
export class ExchangeGate {
  readonly #limits: SessionLimits
  readonly #open = new Map<string, number>()
  readonly #made = new Map<string, number>()
  #openCount = 0
  #windowEndsMs = 0

  constructor(limits: SessionLimits) {
    this.#limits = limits
  }

  /** True when this address may begin an exchange; it must then `leave` once. */
  enter(address: string, nowMs: number): boolean {
    this.#turnWindow(nowMs)
    const open = this.#open.get(address) ?? 0
    if (this.#openCount >= this.#limits.openExchanges || open >= this.#limits.openExchangesPerAddress)
      return false
    if ((this.#made.get(address) ?? 0) >= this.#limits.keysPerAddress) return false
    this.#open.set(address, open + 1)
    this.#openCount++
    return true
  }

  leave(address: string): void {
    const open = (this.#open.get(address) ?? 0) - 1
    if (open > 0) this.#open.set(address, open)
    else this.#open.delete(address)
    this.#openCount--
  }

  keyMade(address: string): void {
    this.#made.set(address, (this.#made.get(address) ?? 0) + 1)
  }

  #turnWindow(nowMs: number): void {
    if (nowMs < this.#windowEndsMs) return
    this.#windowEndsMs = nowMs + WINDOW_MS
    this.#made.clear()
  }
}
