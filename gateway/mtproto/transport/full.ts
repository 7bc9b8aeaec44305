import { crc32 } from 'node:zlib'
import type { Frame, Framing, Looked } from './framing.ts'

const HEAD = 8
const OVERHEAD = 12

/** Length, sequence number (from 0 in each direction), packet, CRC-32 of all that. There are no quick acknowledgements. */
export class Full implements Framing {
  readonly kind = 'full'
  readonly #limit: number
  #received = 0
  #sent = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  read(bytes: Buffer, at: number, end: number, frame: Frame): Looked {
    const available = end - at
    if (available < HEAD) return HEAD
    const size = bytes.readUInt32LE(at)
    if (size > this.#limit + OVERHEAD) return 'frame-too-large'
    if (size < OVERHEAD || (size & 3) !== 0) return 'bad-length'
    if (bytes.readUInt32LE(at + 4) !== this.#received) return 'bad-sequence'
    if (available < size) return size
    frame.next = at + size
    frame.start = at + HEAD
    frame.end = frame.next - 4
    if (crc32(bytes.subarray(at, frame.end)) !== bytes.readUInt32LE(frame.end)) return 'bad-checksum'
    frame.quickAckWanted = false
    frame.ackToken = undefined
    this.#received = (this.#received + 1) >>> 0
    return 'found'
  }

  write(packet: Uint8Array): Buffer {
    const framed = Buffer.allocUnsafe(packet.length + OVERHEAD)
    framed.writeUInt32LE(framed.length, 0)
    framed.writeUInt32LE(this.#sent, 4)
    framed.set(packet, HEAD)
    framed.writeUInt32LE(crc32(framed.subarray(0, framed.length - 4)), framed.length - 4)
    this.#sent = (this.#sent + 1) >>> 0
    return framed
  }

  quickAck(): undefined {
    return undefined
  }
}
