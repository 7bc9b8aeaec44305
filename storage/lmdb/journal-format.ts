import { crc32 } from 'node:zlib'

/**
 * A journal file is a row of frames: length of the payload (4 bytes), CRC-32 of what follows (4), generation (8), payload.
 * The payload is a row of writes: space (1 byte), length of the key (2) and of the value (4, all ones for a removal), key,
 * value. Numbers are little endian.
 */
export interface JournalWrite {
  readonly space: number
  readonly key: string
  /** null is a removal. */
  readonly value: Buffer | null
}

export const FRAME_HEADER_BYTES = 16
const LENGTH_AT = 0
const CHECK_AT = 4
const GENERATION_AT = 8
const WRITE_HEADER_BYTES = 7
const REMOVAL = 0xffffffff
const FIRST_BYTES = 256 * 1024
/** A frame that grew beyond this gives its memory back. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024

/** One frame being filled. */
export class Frame {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #end = FRAME_HEADER_BYTES

  get isEmpty(): boolean {
    return this.#end === FRAME_HEADER_BYTES
  }

  add(space: number, key: string, value: Buffer | null): void {
    const valueBytes = value?.length ?? 0
    const size = WRITE_HEADER_BYTES + key.length + valueBytes
    if (this.#end + size > this.#bytes.length) this.#grow(size)
    const bytes = this.#bytes
    const at = this.#end
    bytes[at] = space
    bytes.writeUInt16LE(key.length, at + 1)
    bytes.writeUInt32LE(value === null ? REMOVAL : valueBytes, at + 3)
    bytes.write(key, at + WRITE_HEADER_BYTES, 'latin1')
    value?.copy(bytes, at + WRITE_HEADER_BYTES + key.length)
    this.#end = at + size
  }

  /** The finished frame; valid until the next `add` after `clear`. */
  seal(generation: number): Buffer {
    const frame = this.#bytes.subarray(0, this.#end)
    frame.writeUInt32LE(this.#end - FRAME_HEADER_BYTES, LENGTH_AT)
    frame.writeDoubleLE(generation, GENERATION_AT)
    frame.writeUInt32LE(checkOf(frame), CHECK_AT)
    return frame
  }

  clear(): void {
    this.#end = FRAME_HEADER_BYTES
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(FIRST_BYTES)
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + more))
    this.#bytes.copy(larger, 0, 0, this.#end)
    this.#bytes = larger
  }
}

export interface JournalContent {
  /** 0 where there is no whole frame. A frame without writes tells a generation, too. */
  readonly generation: number
  readonly writes: readonly JournalWrite[]
}

/** What a file holds: the whole frames of the generation of the first. What is behind them is torn, or older. */
export function readJournal(file: Buffer): JournalContent {
  const writes: JournalWrite[] = []
  let generation = 0
  for (let at = 0; ; ) {
    const frame = frameAt(file, at)
    const written = frame?.readDoubleLE(GENERATION_AT)
    if (frame === undefined || written === undefined || (at > 0 && written !== generation)) break
    generation = written
    readWrites(frame, writes)
    at += frame.length
  }
  return { generation, writes }
}

function checkOf(frame: Buffer): number {
  return crc32(frame.subarray(GENERATION_AT))
}

function frameAt(file: Buffer, at: number): Buffer | undefined {
  if (at + FRAME_HEADER_BYTES > file.length) return undefined
  const end = at + FRAME_HEADER_BYTES + file.readUInt32LE(at + LENGTH_AT)
  if (end > file.length) return undefined
  const frame = file.subarray(at, end)
  return checkOf(frame) === frame.readUInt32LE(CHECK_AT) ? frame : undefined
}

function readWrites(frame: Buffer, writes: JournalWrite[]): void {
  for (let at = FRAME_HEADER_BYTES; at < frame.length; ) {
    const keyAt = at + WRITE_HEADER_BYTES
    const valueAt = keyAt + frame.readUInt16LE(at + 1)
    const length = frame.readUInt32LE(at + 3)
    const end = length === REMOVAL ? valueAt : valueAt + length
    const value = length === REMOVAL ? null : frame.subarray(valueAt, end)
    writes.push({ space: frame[at]!, key: frame.toString('latin1', keyAt, valueAt), value })
    at = end
  }
}
