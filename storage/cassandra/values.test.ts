import { types } from 'cassandra-driver'
import { describe, expect, it } from 'vitest'
import { codecs } from './values.ts'

/** Bytes as the server keeps them, eight for a long. */
const longBytes = (value: bigint) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}
const longOf = (value: bigint) => {
  const bytes = longBytes(value)
  return types.Long.fromBits(bytes.readInt32BE(4), bytes.readInt32BE(0))
}

describe('values for Cassandra', () => {
  it.each([0, 1, 255, 256, -1, 2 ** 31, -(2 ** 32) - 1, 2 ** 53 - 1, -(2 ** 53) + 1])(
    'bigint %d',
    (value) => {
      expect(codecs.bigint.encode(value)).toEqual(longBytes(BigInt(value)))
      expect(codecs.bigint.decode(longOf(BigInt(value)))).toBe(value)
    },
  )

  it.each([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 32n - 1n, -(2n ** 31n)])('int64 %d', (value) => {
    expect(codecs.int64.encode(value)).toEqual(longBytes(value))
    expect(codecs.int64.decode(longOf(value))).toBe(value)
  })

  it.each([0, 255, 256, -1, 2 ** 31 - 1, -(2 ** 31)])('int %d', (value) => {
    expect(codecs.int.encode(value)).toEqual(longBytes(BigInt(value)).subarray(4))
  })

  it('lists', () => {
    const [one, two] = [Buffer.from([0, 0, 0, 1]), Buffer.from([0, 0, 0, 2])]
    expect(codecs['list<text>'].encode(['é', ''])).toEqual(
      Buffer.concat([two, two, Buffer.from('é'), Buffer.alloc(4)]),
    )
    expect(codecs['list<int>'].encode([7])).toEqual(
      Buffer.concat([one, Buffer.from([0, 0, 0, 4, 0, 0, 0, 7])]),
    )
    expect(codecs['list<bigint>'].decode([longOf(-5n)])).toEqual([-5])
  })

  it.each([
    ['int', 2 ** 31],
    ['int', 1.5],
    ['int', '1'],
    ['bigint', 2 ** 53],
    ['int64', 1],
    ['text', 1],
    ['boolean', 1],
    ['blob', 'text'],
    ['list<int>', [2 ** 31]],
    ['list<text>', 'text'],
  ] as const)('%s is not %s', (type, value) => {
    expect(() => codecs[type].encode(value)).toThrow(TypeError)
  })
})
