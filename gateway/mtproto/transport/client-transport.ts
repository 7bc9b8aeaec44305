import { randomBytes } from '../crypto/random.ts'
import type { RandomBytes } from '../ports.ts'
import { FrameReader, type FrameSink } from './frame-reader.ts'
import { type Framing, MAX_SERVER_FRAME_BYTES, type TransportFault, type TransportKind } from './framing.ts'
import { createObfuscatedHeader, type ObfuscatedKind, type Obfuscation } from './obfuscation.ts'
import { createFraming } from './server-transport.ts'

const MARKS: Readonly<Record<TransportKind, Buffer>> = {
  abridged: Buffer.from('ef', 'hex'),
  intermediate: Buffer.from('eeeeeeee', 'hex'),
  padded: Buffer.from('dddddddd', 'hex'),
  full: Buffer.alloc(0),
}

/** The client's side of one connection's transport, for the load generator and for tests. */
export class ClientTransport {
  /** What the connection begins with. */
  readonly opening: Buffer
  readonly #framing: Framing
  readonly #reader: FrameReader
  readonly #obfuscation: Obfuscation | undefined

  private constructor(
    kind: TransportKind,
    opening: Buffer,
    obfuscation: Obfuscation | undefined,
    random: RandomBytes,
  ) {
    this.opening = opening
    this.#framing = createFraming(kind, 'client', MAX_SERVER_FRAME_BYTES, random)
    this.#reader = new FrameReader(this.#framing)
    this.#obfuscation = obfuscation
  }

  static plain(kind: TransportKind, random: RandomBytes = randomBytes): ClientTransport {
    return new ClientTransport(kind, MARKS[kind], undefined, random)
  }

  static obfuscated(kind: ObfuscatedKind, dcId = 2, random: RandomBytes = randomBytes): ClientTransport {
    const obfuscation = createObfuscatedHeader(kind, dcId, random)
    return new ClientTransport(kind, obfuscation.header, obfuscation, random)
  }

  /** The bytes that carry a packet. */
  frame(packet: Uint8Array, quickAckWanted = false): Buffer {
    const framed = this.#framing.write(packet, quickAckWanted)
    return this.#obfuscation === undefined ? framed : this.#obfuscation.encrypt.update(framed)
  }

  /** Takes bytes from the server. A packet of 4 bytes is a transport error (`transportErrorOf`). */
  receive(chunk: Buffer, sink: FrameSink): TransportFault | undefined {
    const bytes = this.#obfuscation === undefined ? chunk : this.#obfuscation.decrypt.update(chunk)
    return this.#reader.receive(bytes, sink)
  }
}

/** The code of a packet that is a transport error, else undefined. */
export function transportErrorOf(packet: Buffer): number | undefined {
  return packet.length === 4 ? packet.readInt32LE(0) : undefined
}
