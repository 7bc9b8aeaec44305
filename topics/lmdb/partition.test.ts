import { expect, it } from 'vitest'
import { PartitionCursor } from '../cursor.ts'
import type { Cursor, Offset } from '../log.ts'
import type { LogSpace } from './log-store.ts'
import { LmdbPartition } from './partition.ts'

const LIMITS = { maxRecords: 100, maxBytes: 1 << 20 }
const record = (key: string) => ({ key, value: Buffer.from(key), timestampMs: 1 })

/** A store that counts how often it is read. */
class CountedSpace implements LogSpace {
  reads = 0
  readonly #entries = new Map<string, Buffer>()

  copy(key: string): Buffer | undefined {
    return this.#entries.get(key)
  }

  put(key: string, value: Buffer): void {
    this.#entries.set(key, value)
  }

  remove(key: string): void {
    this.#entries.delete(key)
  }

  range(lower: string, upper: string, descending = false) {
    this.reads++
    const found = [...this.#entries].filter(([key]) => key >= lower && key < upper)
    found.sort(([a], [b]) => (a < b ? -1 : 1))
    if (descending) found.reverse()
    return found.map(([key, value]) => ({ key, value }))
  }
}

function partitionOn(space: CountedSpace): LmdbPartition {
  const partition = new LmdbPartition(space, 'p')
  space.reads = 0
  return partition
}

const open = (partition: LmdbPartition, from: number, cursors = new Set<Cursor>()) =>
  new PartitionCursor(partition, from as Offset, cursors)

const keys = async (cursor: Cursor) => (await cursor.next(LIMITS)).map(({ key }) => key)

it('gives followers what is new from memory', async () => {
  const space = new CountedSpace()
  const partition = partitionOn(space)
  const [fast, slow] = [open(partition, 0), open(partition, 0)]
  partition.append([record('a'), record('b')], undefined)
  expect(await keys(fast)).toEqual(['a', 'b'])
  const next = keys(fast)
  partition.append([record('c')], undefined)
  expect(await next).toEqual(['c'])
  expect(await keys(slow)).toEqual(['a', 'b', 'c'])
  expect(space.reads).toBe(0)
})

it('keeps nothing in memory that all its cursors have read, and reads that from the store again', async () => {
  const space = new CountedSpace()
  const partition = partitionOn(space)
  const cursor = open(partition, 0)
  partition.append([record('a'), record('b')], undefined)
  await cursor.next(LIMITS)
  const waiting = cursor.next(LIMITS)
  expect(await keys(open(partition, 0))).toEqual(['a', 'b'])
  expect(space.reads).toBeGreaterThan(0)
  partition.append([record('c')], undefined)
  expect((await waiting).map(({ key }) => key)).toEqual(['c'])
})

it('keeps nothing in memory while nobody follows', async () => {
  const space = new CountedSpace()
  const partition = partitionOn(space)
  open(partition, 0).close()
  partition.append([record('a')], undefined)
  expect(await keys(open(partition, 0))).toEqual(['a'])
  expect(space.reads).toBeGreaterThan(0)
})
