import { expect, test } from 'vitest'
import { ByteWriter } from './byte-writer.ts'
import { checkpointTime, readDeciderState, writeDeciderState } from './checkpoint.ts'
import { beginFoldState, finishFoldState, readFoldState } from './fold-state.ts'
import { rowKeyOf } from './row-key.ts'
import { toyChats, toyDialogs } from './simulation/toy-chat.ts'
import { Watermarks } from './watermarks.ts'

function marks(): Watermarks {
  const watermarks = new Watermarks()
  watermarks.see({ topic: 'chat.events', partition: 3, offset: 17, index: 2 })
  return watermarks
}

test('a decider state reads as it was written', () => {
  const state = { epoch: 3, nextEvent: 2 ** 33 + 1, nextCommand: 9, watermarks: marks() }
  expect(readDeciderState(writeDeciderState(new ByteWriter(), state))).toEqual(state)
})

test('a fold state keeps rows as they were, and that there was none', () => {
  const to = new ByteWriter()
  const row = { userId: 1, chatId: 'a', count: 2, sum: 3 }
  const [id, none] = [rowKeyOf(toyDialogs, row), rowKeyOf(toyChats, { chatId: 'x' })]
  beginFoldState(to, { next: 4, end: 9, epoch: 0, watermarks: marks() })
  const before = [
    { id, table: toyDialogs, row },
    { id: none, table: toyChats, row: undefined },
  ]
  const state = readFoldState(finishFoldState(to, new ByteWriter(), before))
  expect([state.next, state.end, state.epoch]).toEqual([4, 9, 0])
  expect(state.watermarks).toEqual(marks())
  expect(state.before.find(id, toyDialogs)).toEqual({ row })
  expect(state.before.find(none, toyChats)).toEqual({ row: undefined })
  expect(state.before.find('other', toyChats)).toBeUndefined()
})

test('a state of an unknown version or cut short is refused', () => {
  const bytes = writeDeciderState(new ByteWriter(), {
    epoch: 1,
    nextEvent: 2,
    nextCommand: 3,
    watermarks: marks(),
  })
  expect(() => readDeciderState(bytes.subarray(0, -1))).toThrow('cut short')
  bytes[0] = 63
  expect(() => readDeciderState(bytes)).toThrow('version 63')
})

test('a later owner writes later than any earlier one', () => {
  expect(checkpointTime(2, 0)).toBeGreaterThan(checkpointTime(1, 2 ** 33 - 1))
  expect(Number.isSafeInteger(checkpointTime(2 ** 20 - 1, 2 ** 33 - 1))).toBe(true)
  expect(() => checkpointTime(2 ** 20, 0)).toThrow('owners')
  expect(() => checkpointTime(1, 2 ** 33)).toThrow('positions')
})
