import { beforeEach, expect, it } from 'vitest'
import { CursorClosed, type Offset, type StoredRecord } from '../log.ts'
import { KafkaCursor } from './cursor.ts'
import { FakeClient } from './fake-client.ts'
import { MAX_PREFETCH_BYTES } from './limits.ts'

const many = { maxRecords: 1000, maxBytes: 1 << 30 }
const stored = (offset: number, bytes = 1): StoredRecord => {
  return { key: '', value: Buffer.alloc(bytes), timestampMs: 0, offset: offset as Offset }
}

let client: FakeClient
let cursor: KafkaCursor
beforeEach(() => {
  client = new FakeClient()
  cursor = new KafkaCursor(client, { topic: 't', partition: 0 }, 3 as Offset, () => undefined)
})
const next = async (limits = many) => (await cursor.next(limits)).map(({ offset }) => offset)

it('joins what it gets, across gaps', async () => {
  client.sink!.receive([stored(3), stored(4)])
  client.sink!.receive([stored(9)])
  expect(cursor.position).toBe(3)
  expect(await next({ maxRecords: 1, maxBytes: 100 })).toEqual([3])
  expect(await next()).toEqual([4, 9])
  expect(cursor.position).toBe(10)
})

it('lets its reading pause while too much lies unread, and go on when half of it is read', async () => {
  const half = MAX_PREFETCH_BYTES / 2
  expect(client.sink!.receive([stored(3, half)])).toBe(true)
  expect(client.sink!.receive([stored(4, half), stored(5, half)])).toBe(false)
  await next({ maxRecords: 2, maxBytes: 1 << 30 })
  expect(client.resumed).toBe(0)
  await next()
  expect(client.resumed).toBe(1)
})

it('tells a failure of its reading, and that it was closed', async () => {
  client.sink!.fail(new Error('damaged'))
  await expect(next()).rejects.toThrow('damaged')
  cursor.close()
  await expect(next()).rejects.toThrow(CursorClosed)
  expect(client.isReadingClosed).toBe(true)
})
