import type { Cipher } from 'node:crypto'
import { randomBytes } from '../crypto/random.ts'
import type { RandomBytes } from '../ports.ts'
import { Abridged } from './abridged.ts'
import { FrameReader, type FrameSink } from './frame-reader.ts'
import {
  type Framing,
  MAX_FRAME_BYTES,
  type Role,
  type TransportFault,
  type TransportKind,
} from './framing.ts'
import { Full } from './full.ts'
import { Intermediate, PaddedIntermediate } from './intermediate.ts'
import { OBFUSCATED_HEADER_BYTES, readObfuscatedHeader } from './obfuscation.ts'

/** `kind`'s rules for one connection. */
export function createFraming(
  kind: TransportKind,
  role: Role,
  limitBytes: number,
  random: RandomBytes,
): Framing {
  if (kind === 'abridged') return new Abridged(role, limitBytes)
  if (kind === 'intermediate') return new Intermediate(role, limitBytes)
  return kind === 'padded' ? new PaddedIntermediate(role, limitBytes, random) : new Full(limitBytes)
}

/** What the first bytes of a connection say: a plain transport and the size of its mark, or that they are obfuscated. */
type Detected = { readonly kind: TransportKind; readonly markBytes: number } | 'obfuscated'

/** Returns undefined while the bytes do not suffice. */
function detect(first: Buffer): Detected | undefined {
  if (first[0] === 0xef) return { kind: 'abridged', markBytes: 1 }
  if (first.length < 4) return undefined
  const word = first.readUInt32LE(0)
  if (word === 0xeeeeeeee) return { kind: 'intermediate', markBytes: 4 }
  if (word === 0xdddddddd) return { kind: 'padded', markBytes: 4 }
  if (first.length < 8) return undefined
  if (first.readUInt32LE(4) === 0) return { kind: 'full', markBytes: 0 }
  return first.length < OBFUSCATED_HEADER_BYTES ? undefined : 'obfuscated'
}

/**
 * The server's side of one connection's transport, told from the first bytes; bytes in, packets out. On a plain transport the
 * packets are views of the chunk that was given.
 */
export class ServerTransport {
  readonly #random: RandomBytes
  #first: Buffer | undefined
  #framing: Framing | undefined
  #reader: FrameReader | undefined
  #decrypt: Cipher | undefined
  #encrypt: Cipher | undefined
  #stopped = false

  constructor(random: RandomBytes = randomBytes) {
    this.#random = random
  }

  /** The transport, once it is known; nothing can be written before. */
  get kind(): TransportKind | undefined {
    return this.#framing?.kind
  }

  /** Memory that a frame takes which has not arrived whole. */
  get heldBytes(): number {
    return this.#reader === undefined ? 0 : this.#reader.heldBytes
  }

  /** Takes bytes from the connection and hands over the packets they complete. Returns the fault that must end it. */
  receive(chunk: Buffer, sink: FrameSink): TransportFault | undefined {
    if (this.#stopped) return undefined
    if (this.#reader === undefined) return this.#begin(chunk, sink)
    return this.#reader.receive(this.#decrypt === undefined ? chunk : this.#decrypt.update(chunk), sink)
  }

  /** The bytes that carry a packet. */
  frame(packet: Uint8Array): Buffer {
    return this.#conceal(this.#known().write(packet, false))
  }

  /** The bytes of a quick acknowledgement; undefined on the full transport. */
  quickAck(token: number): Buffer | undefined {
    const bytes = this.#known().quickAck(token)
    return bytes === undefined ? undefined : this.#conceal(bytes)
  }

  /** The bytes of a transport error such as -404: a packet of 4 bytes. */
  error(code: number): Buffer {
    const packet = Buffer.allocUnsafe(4)
    packet.writeInt32LE(code)
    return this.frame(packet)
  }

  /** No packet is handed over after this. */
  stop(): void {
    this.#stopped = true
    this.#reader?.stop()
    this.#first = undefined
  }

  #begin(chunk: Buffer, sink: FrameSink): TransportFault | undefined {
    if (chunk.length === 0) return undefined
    const first = this.#first === undefined ? chunk : Buffer.concat([this.#first, chunk])
    const detected = detect(first)
    if (detected === undefined) {
      this.#first = first === chunk ? Buffer.from(chunk) : first
      return undefined
    }
    this.#first = undefined
    if (detected === 'obfuscated') return this.#beginObfuscated(first, sink)
    this.#use(detected.kind)
    return this.receive(first.subarray(detected.markBytes), sink)
  }

  #beginObfuscated(first: Buffer, sink: FrameSink): TransportFault | undefined {
    const obfuscation = readObfuscatedHeader(first.subarray(0, OBFUSCATED_HEADER_BYTES))
    if (obfuscation === undefined) return 'unknown-transport'
    this.#decrypt = obfuscation.decrypt
    this.#encrypt = obfuscation.encrypt
    this.#use(obfuscation.kind)
    return this.receive(first.subarray(OBFUSCATED_HEADER_BYTES), sink)
  }

  #use(kind: TransportKind): void {
    this.#framing = createFraming(kind, 'server', MAX_FRAME_BYTES, this.#random)
    this.#reader = new FrameReader(this.#framing)
  }

  #known(): Framing {
    if (this.#framing === undefined) throw new Error('nothing can be sent before the transport is known')
    return this.#framing
  }

  #conceal(bytes: Buffer): Buffer {
    return this.#encrypt === undefined ? bytes : this.#encrypt.update(bytes)
  }
}
