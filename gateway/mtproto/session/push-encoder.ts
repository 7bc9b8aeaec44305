import { encodeObject } from '@heliograph/schemas/tl'

const REMEMBERED = 16

/**
 * Encodes pushed values. The same value object goes to several sessions, so the last few encodings are remembered by the
 * object's identity and the layer; a value must not be changed once it has been pushed.
 */
export class PushEncoder {
  readonly #values: unknown[] = new Array(REMEMBERED)
  readonly #layers: number[] = new Array(REMEMBERED).fill(0)
  readonly #bodies: Uint8Array[] = new Array(REMEMBERED)
  #next = 0

  encode(value: unknown, layer: number): Uint8Array {
    for (let i = 0; i < REMEMBERED; i++) {
      if (this.#values[i] === value && this.#layers[i] === layer) return this.#bodies[i]!
    }
    const body = encodeObject(value as Parameters<typeof encodeObject>[0], layer)
    const slot = this.#next
    this.#next = (slot + 1) % REMEMBERED
    this.#values[slot] = value
    this.#layers[slot] = layer
    this.#bodies[slot] = body
    return body
  }
}
