import type { LogRecord, Offset, StoredRecord } from '../log.ts'

const TIMESTAMP_BYTES = 6
const LENGTH_BYTES = 4
const KEY_LENGTH_BYTES = 2
const RECORD_OVERHEAD_BYTES = TIMESTAMP_BYTES + KEY_LENGTH_BYTES + LENGTH_BYTES
const VERSION = 1
const MAX_KEY_BYTES = 0xffff

/**
 * The records of one append as one value: version (1 byte), then for each: timestamp (6 bytes), length of the key (2)
 * and of the value (4), key in UTF-8, value. Numbers are big endian.
 */
export function encodeBatch(records: readonly LogRecord[]): Buffer {
  let size = 1
  for (const { key, value } of records) size += RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + value.length
  const bytes = Buffer.allocUnsafe(size)
  bytes[0] = VERSION
  let at = 1
  for (const record of records) at = writeRecord(bytes, at, record)
  return bytes
}

function writeRecord(bytes: Buffer, at: number, { key, value, timestampMs }: LogRecord): number {
  const keyAt = at + RECORD_OVERHEAD_BYTES
  const keyBytes = bytes.write(key, keyAt, 'utf8')
  if (keyBytes > MAX_KEY_BYTES) throw new Error(`a record's key has at most ${MAX_KEY_BYTES} bytes`)
  bytes.writeUIntBE(timestampMs, at, TIMESTAMP_BYTES)
  bytes.writeUInt16BE(keyBytes, at + TIMESTAMP_BYTES)
  bytes.writeUInt32BE(value.length, at + TIMESTAMP_BYTES + KEY_LENGTH_BYTES)
  value.copy(bytes, keyAt + keyBytes)
  return keyAt + keyBytes + value.length
}

/** The records of a batch whose first offset is `first`. Their values are copies. */
export function decodeBatch(bytes: Buffer, size: number, first: number): StoredRecord[] {
  if (bytes[0] !== VERSION) throw new Error(`unknown version ${bytes[0]} of a batch of the log`)
  const records: StoredRecord[] = []
  for (let at = 1; at < size; ) {
    const timestampMs = bytes.readUIntBE(at, TIMESTAMP_BYTES)
    const keyAt = at + RECORD_OVERHEAD_BYTES
    const valueAt = keyAt + bytes.readUInt16BE(at + TIMESTAMP_BYTES)
    at = valueAt + bytes.readUInt32BE(at + TIMESTAMP_BYTES + KEY_LENGTH_BYTES)
    const key = bytes.toString('utf8', keyAt, valueAt)
    const value = Buffer.from(bytes.subarray(valueAt, at))
    records.push({ key, value, timestampMs, offset: (first + records.length) as Offset })
  }
  return records
}
