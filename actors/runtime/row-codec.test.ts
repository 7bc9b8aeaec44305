import type { TableDeclaration } from '@heliograph/storage'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { layoutOf, readRow, writeRow } from './row-codec.ts'
import { rowKeyOf } from './row-key.ts'

const table = {
  name: 't',
  columns: {
    a: 'text',
    b: 'text',
    i: 'int',
    n: 'bigint',
    w: 'int64',
    f: 'boolean',
    x: 'blob',
    li: 'list<int>',
    ln: 'list<bigint>',
    lt: 'list<text>',
  },
  partitionKey: ['a', 'b'],
  clusteringKey: ['w'],
} as const satisfies TableDeclaration

const whole = fc.maxSafeInteger()
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const row = fc.record({
  a: fc.string(),
  b: fc.string(),
  i: fc.option(fc.integer()),
  n: fc.option(whole),
  w: int64,
  f: fc.option(fc.boolean()),
  x: fc.option(fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes))),
  li: fc.option(fc.array(fc.integer())),
  ln: fc.option(fc.array(whole)),
  lt: fc.option(fc.array(fc.string({ unit: 'grapheme' }))),
})

test('rows read as they were written', () => {
  const writer = new ByteWriter()
  fc.assert(
    fc.property(row, (value) => {
      writer.reset()
      writeRow(writer, table, value)
      const reader = new ByteReader(writer.finish())
      expect(readRow(reader, table, layoutOf(table))).toEqual(value)
      reader.end()
    }),
  )
})

test('bytes that are cut short or run on are an error', () => {
  const writer = new ByteWriter()
  writer.text('heliograph')
  const bytes = writer.finish()
  expect(() => new ByteReader(bytes.subarray(0, 5)).text()).toThrow('cut short')
  expect(() => new ByteReader(bytes).end()).toThrow('followed')
})

test('a row of earlier columns is read as far as they are the same', () => {
  const writer = new ByteWriter()
  const earlier = { ...table, columns: { gone: 'text', i: 'text', lt: 'list<text>', a: 'text' } } as const
  writeRow(writer, earlier, { gone: 'x', i: '7', lt: ['y'], a: 'z' })
  const row = readRow(new ByteReader(writer.finish()), table, layoutOf(earlier))
  const none = { b: null, i: null, n: null, w: null, f: null, x: null, li: null, ln: null }
  expect(row).toEqual({ a: 'z', lt: ['y'], ...none })
})

test('keys of different rows never look alike', () => {
  const pair = fc.record({ a: fc.string({ maxLength: 3 }), b: fc.string({ maxLength: 3 }), w: int64 })
  fc.assert(
    fc.property(pair, pair, (one, two) => {
      const same = one.a === two.a && one.b === two.b && one.w === two.w
      expect(rowKeyOf(table, one) === rowKeyOf(table, two)).toBe(same)
    }),
  )
  const [one, two] = [
    { a: 'x|', b: 'y', w: 1n },
    { a: 'x', b: '|y', w: 1n },
  ]
  expect(rowKeyOf(table, one)).not.toBe(rowKeyOf(table, two))
})
