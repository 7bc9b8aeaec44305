import { crc32c } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import type { LogRecord } from '../../log.ts'
import type { Compression } from './compression.ts'
import { batchBytes, decodeBatches, encodeBatch } from './record-batch.ts'
import { signedSize } from './varint.ts'

const producer = { id: 4611686018427387905n, epoch: 7 }
const record = (key: string, value: Buffer, timestampMs: number): LogRecord => ({ key, value, timestampMs })
const records = [
  record('user:1', Buffer.from('first'), 1_700_000_000_000),
  record('Zoë 🦊', Buffer.alloc(0), 1_699_999_999_000),
  record('', Buffer.alloc(40_000, 7), 1_700_000_000_000 + 2 ** 40),
]
const encode = (compression: Compression = 'none') => encodeBatch(records, producer, 42, compression)
/** As the broker does when it stores a batch. */
const placedAt = (batch: Buffer, offset: number) => {
  const placed = Buffer.from(batch)
  placed.writeBigInt64BE(BigInt(offset), 0)
  return placed
}

describe('a record batch', () => {
  it.each<Compression>(['none', 'gzip', 'snappy', 'lz4'])(
    'comes back as it was, packed with %s',
    (compression) => {
      const read = decodeBatches(placedAt(encode(compression), 9_000_000_000), 0)
      expect(read).toEqual(records.map((one, i) => ({ ...one, offset: 9_000_000_000 + i })))
    },
  )

  it('has the producer, the sequence and the counts where the broker looks for them', () => {
    const batch = encode()
    expect(batch.readInt32BE(8)).toBe(batch.length - 12)
    expect(batch.readInt8(16)).toBe(2)
    expect(batch.readInt32BE(23)).toBe(2)
    expect(batch.readBigInt64BE(35)).toBe(BigInt(1_700_000_000_000 + 2 ** 40))
    expect(batch.readBigInt64BE(43)).toBe(producer.id)
    expect(batch.readInt16BE(51)).toBe(7)
    expect(batch.readInt32BE(53)).toBe(42)
    expect(batch.readInt32BE(57)).toBe(3)
  })

  it('is never larger than was said', () => {
    expect(encode().length).toBeLessThanOrEqual(batchBytes(records))
  })

  it('gives the records from an offset on', () => {
    const bytes = Buffer.concat([placedAt(encode(), 0), placedAt(encode(), 10)])
    expect(decodeBatches(bytes, 2).map(({ offset }) => offset)).toEqual([2, 10, 11, 12])
  })

  it('is left out where it is cut off', () => {
    const bytes = Buffer.concat([placedAt(encode(), 0), placedAt(encode(), 3)])
    for (const cut of [1, 30, 61, 5000]) {
      expect(decodeBatches(bytes.subarray(0, bytes.length - cut), 0)).toHaveLength(3)
    }
  })

  it('is not read where it is damaged', () => {
    const batch = placedAt(encode(), 0)
    batch[batch.length - 5]! ^= 1
    expect(() => decodeBatches(batch, 0)).toThrow('damaged')
  })

  it('is left out where it is a mark of the broker', () => {
    const mark = placedAt(encode(), 0)
    mark.writeInt16BE(1 << 5, 21)
    mark.writeUInt32BE(crc32c(mark.subarray(21)), 17)
    expect(
      decodeBatches(Buffer.concat([mark, placedAt(encode(), 3)]), 0).map(({ offset }) => offset),
    ).toEqual([3, 4, 5])
  })
})

it('sizes numbers as they are written', () => {
  expect([0, -1, 1, 63, 64, -64, -65, 8191, 8192].map(signedSize)).toEqual([1, 1, 1, 1, 2, 1, 2, 2, 3])
  expect(signedSize(2 ** 31)).toBe(5)
  expect(signedSize(2 ** 52)).toBe(8)
})
