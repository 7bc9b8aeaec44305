/**
 * TL serialisation for the fixed constructors of the key exchange (core.telegram.org/mtproto/auth_key). It is kept apart from
 * the schema-driven codec because this is all that a stranger can reach before it has a key: nothing nests, nothing repeats.
 */

export const ID = {
  req_pq: 0x60469778,
  req_pq_multi: 0xbe7e8ef1,
  resPQ: 0x05162463,
  vector: 0x1cb5c415,
  p_q_inner_data: 0x83c95aec,
  p_q_inner_data_dc: 0xa9f55f95,
  p_q_inner_data_temp: 0x3c6a84d4,
  p_q_inner_data_temp_dc: 0x56fddf88,
  req_DH_params: 0xd712e4be,
  server_DH_params_ok: 0xd0e8075c,
  server_DH_inner_data: 0xb5890dba,
  client_DH_inner_data: 0x6643b654,
  set_client_DH_params: 0xf5045f1f,
  dh_gen_ok: 0x3bcbf734,
  dh_gen_retry: 0x46dc1fb9,
  dh_gen_fail: 0xa69dae02,
} as const

/** The bytes are not what the exchange allows at this point. */
export class MalformedMessage extends Error {}

/** Reads TL values in order; every read beyond the end throws `MalformedMessage`. */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#at
  }

  int(): number {
    return this.#bytes.readInt32LE(this.#take(4))
  }

  id(): number {
    return this.#bytes.readUInt32LE(this.#take(4))
  }

  long(): bigint {
    return this.#bytes.readBigInt64LE(this.#take(8))
  }

  raw(size: number): Buffer {
    const at = this.#take(size)
    return this.#bytes.subarray(at, at + size)
  }

  /** TL `bytes`: one length byte below 254, or 254 and three; filled up to whole words. */
  bytes(): Buffer {
    const start = this.#take(1)
    const first = this.#bytes[start]!
    if (first === 255) throw new MalformedMessage('a length byte of 255')
    const size = first < 254 ? first : this.#bytes.readUIntLE(this.#take(3), 3)
    const value = this.raw(size)
    this.#take((4 - ((this.#at - start) & 3)) & 3)
    return value
  }

  expect(id: number): void {
    const found = this.id()
    if (found !== id) throw new MalformedMessage(`constructor ${found.toString(16)}`)
  }

  #take(size: number): number {
    const at = this.#at
    if (at + size > this.#bytes.length) throw new MalformedMessage('the message is cut off')
    this.#at = at + size
    return at
  }
}

/** Constructor ids and ints as unsigned 32 bits. */
export function int(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

export function long(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigInt64LE(BigInt.asIntN(64, value))
  return bytes
}

/** TL `bytes`. */
export function tlBytes(value: Uint8Array): Buffer {
  const head = value.length < 254 ? Buffer.from([value.length]) : int(((value.length << 8) | 254) >>> 0)
  const padding = (4 - ((head.length + value.length) & 3)) & 3
  return Buffer.concat([head, value, Buffer.alloc(padding)])
}
