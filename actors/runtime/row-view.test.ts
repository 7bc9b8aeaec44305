import { MemoryTables, type Mutation } from '@heliograph/storage'
import { expect, test, vi } from 'vitest'
import { RowCache } from './row-cache.ts'
import { type RowImage, RowView } from './row-view.ts'
import { toyChats, toyTables } from './simulation/toy-chat.ts'

const chat = (chatId: string, lastSeq: number): Mutation => {
  return { kind: 'upsert', table: toyChats, row: { chatId, lastSeq } }
}
const ref = (chatId: string) => ({ table: toyChats, key: { chatId } })

async function tables(): Promise<MemoryTables> {
  const store = new MemoryTables()
  await store.create(toyTables)
  await store.apply([chat('a', 1)], 1)
  return store
}

test('sees storage, and over it what was written, each row once', async () => {
  const before: RowImage[] = []
  const view = new RowView(new RowCache(10), undefined, undefined, before)
  await view.load(await tables(), [ref('a'), ref('b'), ref('a')])
  expect(view.get(toyChats, { chatId: 'a' })?.lastSeq).toBe(1)
  expect(view.get(toyChats, { chatId: 'b' })).toBeUndefined()
  view.write(chat('a', 2))
  view.write(chat('a', 3))
  expect(view.get(toyChats, { chatId: 'a' })?.lastSeq).toBe(3)
  expect(view.written()).toEqual([chat('a', 3)])
  expect(before.map(({ row }) => row)).toEqual([{ chatId: 'a', lastSeq: 1 }])
  view.write({ kind: 'delete', table: toyChats, key: { chatId: 'a' } })
  expect(view.get(toyChats, { chatId: 'a' })).toBeUndefined()
})

test('a row that nobody asked for is a bug, not an absent row', () => {
  const view = new RowView(new RowCache(10))
  expect(() => view.get(toyChats, { chatId: 'a' })).toThrow('not among needs')
})

test('reads what it wrote from memory, but what it only read from storage again', async () => {
  const store = await tables()
  const getMany = vi.spyOn(store, 'getMany')
  const cache = new RowCache(10)
  const first = new RowView(cache)
  await first.load(store, [ref('a'), ref('b')])
  first.write(chat('b', 5))
  const second = new RowView(cache)
  await second.load(store, [ref('a'), ref('b')])
  expect(second.get(toyChats, { chatId: 'b' })?.lastSeq).toBe(5)
  expect(getMany.mock.calls.map(([refs]) => refs.length)).toEqual([2, 1])
})

test('keeps at most so many rows, those used last', () => {
  const cache = new RowCache(4)
  cache.willRead(toyChats)
  for (let i = 0; i < 100; i++) {
    cache.put(toyChats, `r${i}`, { i })
    expect(cache.find('r0')?.row).toEqual({ i: 0 })
  }
  const kept = Array.from({ length: 100 }, (_, i) => cache.find(`r${i}`)).filter(Boolean)
  expect(kept.length).toBeLessThanOrEqual(4)
  expect(cache.find('r50')).toBeUndefined()
})
