import { addressBlock } from '../mtproto/address-block.ts'

/** Connections of each address, so that none takes all there are. */
export class AddressCounts {
  readonly #max: number
  readonly #counts = new Map<string, number>()

  constructor(max: number) {
    this.#max = max
  }

  /** Counts a connection. */
  add(address: string): void {
    const block = addressBlock(address)
    this.#counts.set(block, (this.#counts.get(block) ?? 0) + 1)
  }

  /** True when the address has as many as it may. */
  isFull(address: string): boolean {
    return (this.#counts.get(addressBlock(address)) ?? 0) >= this.#max
  }

  /** A counted connection is gone. */
  leave(address: string): void {
    const block = addressBlock(address)
    const count = (this.#counts.get(block) ?? 0) - 1
    if (count > 0) this.#counts.set(block, count)
    else this.#counts.delete(block)
  }
}
