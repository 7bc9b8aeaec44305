import type { RandomBytes } from '../ports.ts'
import { type Frame, type Framing, type Looked, QUICK_ACK_BIT, type Role } from './framing.ts'

const HEAD = 4

/** Length in bytes as 32 bits; the highest bit is the quick-ack flag. */
export class Intermediate implements Framing {
  readonly kind: 'intermediate' | 'padded' = 'intermediate'
  readonly #role: Role
  readonly #limit: number

  constructor(role: Role, limitBytes: number) {
    this.#role = role
    this.#limit = limitBytes
  }

  read(bytes: Buffer, at: number, end: number, frame: Frame): Looked {
    const available = end - at
    if (available < HEAD) return HEAD
    const word = bytes.readUInt32LE(at)
    if (this.#role === 'client' && word >= QUICK_ACK_BIT) {
      frame.ackToken = word
      frame.next = at + HEAD
      return 'found'
    }
    const size = word & 0x7fffffff
    if (size > this.#limit) return 'frame-too-large'
    if (available < HEAD + size) return HEAD + size
    frame.start = at + HEAD
    frame.end = frame.next = at + HEAD + size
    frame.quickAckWanted = word >= QUICK_ACK_BIT
    frame.ackToken = undefined
    return 'found'
  }

  write(packet: Uint8Array, quickAckWanted: boolean): Buffer {
    const framed = Buffer.allocUnsafe(HEAD + packet.length)
    framed.writeUInt32LE(quickAckWanted ? packet.length + QUICK_ACK_BIT : packet.length, 0)
    framed.set(packet, HEAD)
    return framed
  }

  quickAck(token: number): Buffer {
    const bytes = Buffer.allocUnsafe(HEAD)
    bytes.writeUInt32LE((token | QUICK_ACK_BIT) >>> 0)
    return bytes
  }
}

/** Some clients cut no more than the remainder by 4 from what they receive, so no frame gets more padding than that. */
const MAX_WRITTEN_PADDING = 3

/** The intermediate transport with up to 15 random bytes behind each packet, which its reader cuts off again. */
export class PaddedIntermediate extends Intermediate {
  override readonly kind = 'padded'
  readonly #random: RandomBytes

  constructor(role: Role, limitBytes: number, random: RandomBytes) {
    super(role, limitBytes)
    this.#random = random
  }

  override read(bytes: Buffer, at: number, end: number, frame: Frame): Looked {
    const looked = super.read(bytes, at, end, frame)
    if (looked === 'found' && frame.ackToken === undefined) {
      frame.end = frame.start + unpaddedSize(bytes, frame.start, frame.end)
    }
    return looked
  }

  override write(packet: Uint8Array, quickAckWanted: boolean): Buffer {
    const padding = this.#random(MAX_WRITTEN_PADDING + 1)
    return super.write(
      Buffer.concat([packet, padding.subarray(1 + (padding[0]! & MAX_WRITTEN_PADDING))]),
      quickAckWanted,
    )
  }
}

const ENCRYPTED_ENVELOPE = 24
const PLAIN_ENVELOPE = 20
const BLOCK = 16

/**
 * Size of the packet without the transport's padding: whole blocks behind the envelope of an encrypted message, the
 * stated length behind that of an unencrypted one (auth_key_id 0), whole words of anything shorter.
 */
function unpaddedSize(bytes: Buffer, start: number, end: number): number {
  const size = end - start
  if (size < PLAIN_ENVELOPE) return size - (size & 3)
  const unencrypted = bytes.readInt32LE(start) === 0 && bytes.readInt32LE(start + 4) === 0
  if (unencrypted) return Math.min(PLAIN_ENVELOPE + bytes.readUInt32LE(start + 16), size)
  if (size < ENCRYPTED_ENVELOPE) return size - (size & 3)
  return size - ((size - ENCRYPTED_ENVELOPE) % BLOCK)
}
