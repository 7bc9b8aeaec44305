/** What the TCP transports have in common (core.telegram.org/mtproto/mtproto-transports). */

/** Largest frame that a client may send. */
export const MAX_FRAME_BYTES = 1024 * 1024
/** Largest frame that a client must be ready to take: the transports' own limit of 2^24 bytes. */
export const MAX_SERVER_FRAME_BYTES = 16 * 1024 * 1024

/** Marks a frame whose sender wants a quick acknowledgement and, towards clients, the acknowledgement itself. */
export const QUICK_ACK_BIT = 0x80000000

export type TransportKind = 'abridged' | 'intermediate' | 'padded' | 'full'

/** Why a stream of bytes is not MTProto; the connection is closed. */
export type TransportFault =
  | 'unknown-transport'
  | 'frame-too-large'
  | 'bad-length'
  | 'bad-sequence'
  | 'bad-checksum'

/** Which side reads: it decides what the quick-acknowledgement bit of an incoming frame means. */
export type Role = 'server' | 'client'

/** The frame found by `Framing.read`, as positions in the bytes it was given. One object is used again and again. */
export interface Frame {
  /** Start and end of the payload. */
  start: number
  end: number
  /** Where the next frame starts. */
  next: number
  /** Server side: the sender wants a quick acknowledgement. */
  quickAckWanted: boolean
  /** Client side: this is no frame but a quick acknowledgement with this token. */
  ackToken: number | undefined
}

/** Outcome of looking for a frame: found, a fault, or the number of bytes (from `at`) without which no step is possible. */
export type Looked = 'found' | TransportFault | number

/** One transport's rules for one connection. */
export interface Framing {
  readonly kind: TransportKind
  /** Looks for a frame in `bytes` from `at` to `end` and fills in `frame`. */
  read(bytes: Buffer, at: number, end: number, frame: Frame): Looked
  /** The packet as a frame, in a new buffer. The packet must be a multiple of 4 bytes long. */
  write(packet: Uint8Array, quickAckWanted: boolean): Buffer
  /** The bytes of a quick acknowledgement; undefined where the transport has none. */
  quickAck(token: number): Buffer | undefined
}

export function newFrame(): Frame {
  return { start: 0, end: 0, next: 0, quickAckWanted: false, ackToken: undefined }
}
