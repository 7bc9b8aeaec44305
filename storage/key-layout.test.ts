import fc from 'fast-check'
import { expect, it } from 'vitest'
import { KeyLayout } from './key-layout.ts'

const layout = new KeyLayout({
  name: 't',
  columns: { owner: 'bigint', seq: 'int' },
  partitionKey: ['owner'],
  clusteringKey: ['seq'],
})
const owner = fc.oneof(fc.nat(2 ** 40), fc.constantFrom(255, 511, 65_535, 2 ** 40 - 1))
const seq = fc.oneof(fc.nat(), fc.constantFrom(0, 254, 255, 256, 511, 512, 767, 65_535, 2 ** 31 - 1))
/** Key order as a store of bytes has it, where a character above 255 has no place. */
const order = (a: string, b: string) => Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'))

it('bounds a range in bytes as it does in numbers', () => {
  fc.assert(
    fc.property(owner, seq, seq, seq, (id, from, to, n) => {
      const key = layout.rowKey({ owner: id, seq: n })
      const { lower, upper } = layout.bounds({ owner: id }, from, to)
      expect(order(key, lower) >= 0 && order(key, upper) < 0).toBe(n >= from && n <= to)
    }),
  )
})

it('bounds a partition to its own rows', () => {
  fc.assert(
    fc.property(owner, owner, seq, (id, other, n) => {
      const { lower, upper } = layout.bounds({ owner: id }, undefined, undefined)
      const key = layout.rowKey({ owner: other, seq: n })
      expect(order(key, lower) >= 0 && order(key, upper) < 0).toBe(other === id)
    }),
  )
})
