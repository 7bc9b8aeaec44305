import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { Watermarks } from './watermarks.ts'

const cause = (offset: number, index = 0, partition = 0, topic = 'chat.events') => ({
  topic,
  partition,
  offset,
  index,
})

test('drops what is not above the mark, for each source partition by itself', () => {
  const marks = new Watermarks()
  expect(marks.see(cause(5, 1))).toBe(true)
  expect(marks.see(cause(5, 1))).toBe(false)
  expect(marks.see(cause(5, 0))).toBe(false)
  expect(marks.see(cause(4, 9))).toBe(false)
  expect(marks.see(cause(5, 2))).toBe(true)
  expect(marks.see(cause(4, 0, 1))).toBe(true)
  expect(marks.see(cause(4, 0, 0, 'account.events'))).toBe(true)
  expect(marks.see(null)).toBe(true)
  expect(marks.see(null)).toBe(true)
})

test('remembers the same after being stored', () => {
  const anyCause = fc.record({
    topic: fc.constantFrom('chat.events', 'account.events'),
    partition: fc.nat(3),
    offset: fc.nat(20),
    index: fc.nat(3),
  })
  fc.assert(
    fc.property(fc.array(anyCause), fc.array(anyCause), (before, after) => {
      const marks = new Watermarks()
      for (const each of before) marks.see(each)
      const writer = new ByteWriter()
      marks.write(writer)
      const copy = Watermarks.read(new ByteReader(writer.finish()))
      expect(after.map((each) => copy.see(each))).toEqual(after.map((each) => marks.see(each)))
    }),
  )
})

test('two owners that interleave the same consequences leave each of them once, in order', () => {
  const runs = fc.record({
    length: fc.integer({ min: 1, max: 12 }),
    zombieFrom: fc.nat(),
    seed: fc.array(fc.boolean()),
  })
  fc.assert(
    fc.property(runs, ({ length, zombieFrom, seed }) => {
      const all = Array.from({ length }, (_, offset) => cause(offset))
      const cut = zombieFrom % length
      // The zombie wrote everything up to `cut` before the new owner began again from 0.
      const log = all.slice(0, cut)
      const [zombie, owner] = [all.slice(cut), [...all]]
      for (const first of seed) {
        const next = (first ? zombie : owner).shift()
        if (next !== undefined) log.push(next)
      }
      log.push(...owner)
      const marks = new Watermarks()
      expect(log.filter((each) => marks.see(each))).toEqual(all)
    }),
  )
})
