import { type Frame, type Framing, type Looked, QUICK_ACK_BIT, type Role } from './framing.ts'

const LONG_LENGTH = 0x7f
const ACK_FLAG = 0x80

/** Length in words: one byte below 0x7f, else 0x7f and three bytes. The highest bit of the first byte is the quick-ack flag. */
export class Abridged implements Framing {
  readonly kind = 'abridged'
  readonly #role: Role
  readonly #limit: number

  constructor(role: Role, limitBytes: number) {
    this.#role = role
    this.#limit = limitBytes
  }

  read(bytes: Buffer, at: number, end: number, frame: Frame): Looked {
    const available = end - at
    if (available < 1) return 1
    const first = bytes[at]!
    if (this.#role === 'client' && first & ACK_FLAG) return readAck(bytes, at, available, frame)
    const long = (first & LONG_LENGTH) === LONG_LENGTH
    const head = long ? 4 : 1
    if (available < head) return head
    const size = (long ? bytes.readUIntLE(at + 1, 3) : first & LONG_LENGTH) * 4
    if (size > this.#limit) return 'frame-too-large'
    if (available < head + size) return head + size
    frame.start = at + head
    frame.end = frame.next = at + head + size
    frame.quickAckWanted = (first & ACK_FLAG) !== 0
    frame.ackToken = undefined
    return 'found'
  }

  write(packet: Uint8Array, quickAckWanted: boolean): Buffer {
    const words = packet.length >> 2
    const flag = quickAckWanted ? ACK_FLAG : 0
    const head = words < LONG_LENGTH ? 1 : 4
    const framed = Buffer.allocUnsafe(head + packet.length)
    if (head === 1) framed[0] = words | flag
    else framed.writeUInt32LE((LONG_LENGTH | flag | (words << 8)) >>> 0, 0)
    framed.set(packet, head)
    return framed
  }

  /** Byte-swapped, so that the flagged byte comes first. */
  quickAck(token: number): Buffer {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE((token | QUICK_ACK_BIT) >>> 0)
    return bytes
  }
}

function readAck(bytes: Buffer, at: number, available: number, frame: Frame): Looked {
  if (available < 4) return 4
  frame.ackToken = bytes.readUInt32BE(at)
  frame.next = at + 4
  return 'found'
}
