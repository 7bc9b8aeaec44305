import { addressBlock } from '../mtproto/address-block.ts'

/** A connection's cut-off frame below this is everyday and not counted. */
const UNCOUNTED_BYTES = 64 * 1024

/** Memory of frames and bodies that have not arrived whole, by address: nobody has proved anything yet who sends them. */
export class HeldBytes {
  readonly #max: number
  readonly #held = new Map<string, number>()

  constructor(maxPerAddress: number) {
    this.#max = maxPerAddress
  }

  /** Bytes counted for the address. */
  of(address: string): number {
    return this.#held.get(addressBlock(address)) ?? 0
  }

  /** One connection's share. */
  share(address: string): HeldShare {
    return new HeldShare(this, address)
  }

  /** Adds `delta`, which may be negative; false when the address holds more than it may. */
  change(address: string, delta: number): boolean {
    const block = addressBlock(address)
    const held = (this.#held.get(block) ?? 0) + delta
    if (held > 0) this.#held.set(block, held)
    else this.#held.delete(block)
    return held <= this.#max
  }
}

/** What one connection holds of its address's share. */
export class HeldShare {
  readonly #all: HeldBytes
  readonly #address: string
  #counted = 0

  constructor(all: HeldBytes, address: string) {
    this.#all = all
    this.#address = address
  }

  /** The connection holds so many bytes now; false when the address holds more than it may. */
  set(bytes: number): boolean {
    const counted = bytes < UNCOUNTED_BYTES ? 0 : bytes
    if (counted === this.#counted) return true
    const delta = counted - this.#counted
    this.#counted = counted
    return this.#all.change(this.#address, delta)
  }
}
