import { crc32c } from '@platformatic/kafka'
import type { LogRecord, Offset, StoredRecord } from '../../log.ts'
import { ByteReader } from './byte-reader.ts'
import { type Compression, compress, compressionBits, decompress } from './compression.ts'
import { signedSize, writeSigned } from './varint.ts'

/** Who writes, to the broker: it drops what it has already seen of a producer (KIP-98). */
export interface ProducerIdentity {
  readonly id: bigint
  readonly epoch: number
}

const MAGIC = 2
/** Up to and including the length itself. */
const LENGTH_END = 12
const CRC_AT = 17
const ATTRIBUTES_AT = 21
const RECORDS_AT = 61
const IS_CONTROL = 1 << 5
/** Attributes, four varints of at most 10 bytes each, and no headers. */
const RECORD_OVERHEAD_BYTES = 48

/** Bytes that records take at most as a batch, before compression. */
export function batchBytes(records: readonly LogRecord[]): number {
  let bytes = RECORDS_AT
  for (const { key, value } of records) bytes += RECORD_OVERHEAD_BYTES + key.length * 3 + value.length
  return bytes
}

/**
 * Writes a record batch of version 2 (Kafka's message format). The first record gets `sequence`, counted by partition and
 * producer.
 */
export function encodeBatch(
  records: readonly LogRecord[],
  producer: ProducerIdentity,
  sequence: number,
  compression: Compression,
): Buffer {
  let batch = Buffer.allocUnsafe(batchBytes(records))
  const baseMs = records[0]!.timestampMs
  let end = RECORDS_AT
  let maxMs = baseMs
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!
    if (record.timestampMs > maxMs) maxMs = record.timestampMs
    end = writeRecord(batch, end, record, i, baseMs)
  }
  if (compression !== 'none') {
    const packed = compress(compression, batch.subarray(RECORDS_AT, end))
    batch = Buffer.concat([batch.subarray(0, RECORDS_AT), packed])
    end = batch.length
  }
  batch = batch.subarray(0, end)
  writeHeader(batch, compressionBits(compression), records.length, producer, sequence)
  batch.writeBigInt64BE(BigInt(baseMs), 27)
  batch.writeBigInt64BE(BigInt(maxMs), 35)
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CRC_AT)
  return batch
}

function writeHeader(
  batch: Buffer,
  attributes: number,
  count: number,
  producer: ProducerIdentity,
  sequence: number,
): void {
  batch.writeBigInt64BE(0n, 0)
  batch.writeInt32BE(batch.length - LENGTH_END, 8)
  batch.writeInt32BE(-1, 12)
  batch.writeInt8(MAGIC, 16)
  batch.writeInt16BE(attributes, ATTRIBUTES_AT)
  batch.writeInt32BE(count - 1, 23)
  batch.writeBigInt64BE(producer.id, 43)
  batch.writeInt16BE(producer.epoch, 51)
  batch.writeInt32BE(sequence, 53)
  batch.writeInt32BE(count, 57)
}

function writeRecord(batch: Buffer, at: number, record: LogRecord, index: number, baseMs: number): number {
  const { key, value } = record
  const delta = record.timestampMs - baseMs
  const keyBytes = Buffer.byteLength(key)
  const length =
    2 +
    signedSize(delta) +
    signedSize(index) +
    signedSize(keyBytes) +
    keyBytes +
    signedSize(value.length) +
    value.length
  let place = writeSigned(batch, at, length)
  batch[place++] = 0
  place = writeSigned(batch, place, delta)
  place = writeSigned(batch, place, index)
  place = writeSigned(batch, place, keyBytes)
  place += batch.write(key, place)
  place = writeSigned(batch, place, value.length)
  place += value.copy(batch, place)
  batch[place++] = 0
  return place
}

/**
 * The records from an offset on of what a fetch gave for one partition; a batch that is cut off at the end is left out.
 * Throws where a batch is damaged.
 */
export function decodeBatches(bytes: Buffer, from: number): StoredRecord[] {
  const found: StoredRecord[] = []
  let at = 0
  while (at + RECORDS_AT <= bytes.length) {
    const end = at + LENGTH_END + bytes.readInt32BE(at + 8)
    if (end > bytes.length) break
    decodeBatch(bytes.subarray(at, end), from, found)
    at = end
  }
  return found
}

function decodeBatch(batch: Buffer, from: number, into: StoredRecord[]): void {
  if (batch.readInt8(16) !== MAGIC) throw new Error(`a batch has format ${batch.readInt8(16)}, not ${MAGIC}`)
  if (crc32c(batch.subarray(ATTRIBUTES_AT)) !== batch.readUInt32BE(CRC_AT)) {
    throw new Error('a batch is damaged: its checksum does not fit')
  }
  const attributes = batch.readInt16BE(ATTRIBUTES_AT)
  if ((attributes & IS_CONTROL) !== 0) return
  const base = new ByteReader(batch).int64()
  const baseMs = new ByteReader(batch, 27).int64()
  const reader = new ByteReader(decompress(attributes, batch.subarray(RECORDS_AT)))
  for (let left = batch.readInt32BE(57); left > 0; left--) {
    const end = reader.signed() + reader.at
    reader.skip(1)
    const timestampMs = baseMs + reader.signed()
    const offset = (base + reader.signed()) as Offset
    if (offset >= from) into.push(readBody(reader, offset, timestampMs))
    reader.at = end
  }
}

function readBody(reader: ByteReader, offset: Offset, timestampMs: number): StoredRecord {
  const keyBytes = Math.max(reader.signed(), 0)
  const key = reader.bytes.toString('utf8', reader.at, reader.at + keyBytes)
  reader.skip(keyBytes)
  const value = reader.take(Math.max(reader.signed(), 0))
  return { key, value, timestampMs, offset }
}
