import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../tables.ts'
import type { Statement } from './session.ts'
import {
  MAX_BATCH_ROWS,
  MAX_BATCHES_IN_FLIGHT,
  MAX_MIXED_BATCH_BYTES,
  MAX_MIXED_BATCH_PARTITIONS,
  MAX_PARTITION_BATCH_BYTES,
  MAX_QUEUED_ROWS,
  type RowWrite,
  WriteQueue,
} from './write-queue.ts'

interface Sent {
  readonly rows: readonly RowWrite[]
  settle(error?: Error): void
}

function setUp(mayMix = true) {
  const sent: Sent[] = []
  const send = (batch: readonly Statement[]) =>
    new Promise<void>((resolve, reject) => {
      const settle = (error?: Error) => (error === undefined ? resolve() : reject(error))
      sent.push({ rows: batch as readonly RowWrite[], settle })
    })
  return { sent, queue: new WriteQueue({ send, mayMix: () => mayMix }) }
}

let made = 0
const write = (partition: string, sizeBytes = 100): RowWrite => ({
  query: `row ${made++}`,
  params: [],
  partition,
  sizeBytes,
})
const writes = (count: number, partition: (i: number) => string, sizeBytes?: number) =>
  Array.from({ length: count }, (_, i) => write(partition(i), sizeBytes))
const partitionsOf = ({ rows }: Sent) => new Set(rows.map(({ partition }) => partition)).size
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('WriteQueue', () => {
  it('sends what several ask for in one turn together, and tells each', async () => {
    const { sent, queue } = setUp()
    const told: string[] = []
    const asked = ['a', 'b'].map((name) => queue.add([write(name)]).then(() => told.push(name)))
    await turn()
    expect(sent.map(({ rows }) => rows.length)).toEqual([2])
    expect(told).toEqual([])
    sent[0]!.settle()
    await Promise.all(asked)
    expect(told).toEqual(['a', 'b'])
    await queue.add([])
  })

  it('keeps to the limits of a batch of several partitions', async () => {
    const { sent, queue } = setUp()
    void queue.add(writes(25, (i) => `p${i}`))
    void queue.add(writes(6, (i) => `large ${i}`, MAX_MIXED_BATCH_BYTES / 2))
    await turn()
    expect(sent.flatMap(({ rows }) => rows).length).toBe(31)
    for (const batch of sent) {
      const sizeBytes = batch.rows.reduce((sum, row) => sum + row.sizeBytes, 0)
      expect(partitionsOf(batch)).toBeLessThanOrEqual(MAX_MIXED_BATCH_PARTITIONS)
      expect(sizeBytes).toBeLessThanOrEqual(MAX_MIXED_BATCH_BYTES)
    }
  })

  it('lets the rows of one partition travel together, whatever their tables, and a huge one alone', async () => {
    const { sent, queue } = setUp()
    void queue.add(writes(MAX_BATCH_ROWS + 5, () => 'p'))
    await turn()
    expect(sent.map(({ rows }) => rows.length)).toEqual([MAX_BATCH_ROWS, 5])
    void queue.add([write('q', MAX_PARTITION_BATCH_BYTES * 3), write('q', 10)])
    await turn()
    expect(sent.slice(2).map(({ rows }) => rows.map((row) => row.sizeBytes))).toEqual([
      [MAX_PARTITION_BATCH_BYTES * 3],
      [10],
    ])
  })

  it('sends each partition by itself where nodes hold different ones', async () => {
    const { sent, queue } = setUp(false)
    void queue.add(writes(9, (i) => `p${i % 3}`))
    await turn()
    expect(sent.map((batch) => [partitionsOf(batch), batch.rows.length])).toEqual([
      [1, 3],
      [1, 3],
      [1, 3],
    ])
  })

  it('gathers rows while enough batches are under way', async () => {
    const { sent, queue } = setUp(false)
    for (let i = 0; i < MAX_BATCHES_IN_FLIGHT; i++) void queue.add([write(`p${i}`)])
    await turn()
    for (let i = 0; i < 5; i++) void queue.add([write('late')])
    await turn()
    expect(sent.length).toBe(MAX_BATCHES_IN_FLIGHT)
    sent[0]!.settle()
    await turn()
    expect(sent.length).toBe(MAX_BATCHES_IN_FLIGHT + 1)
    expect(sent.at(-1)!.rows.length).toBe(5)
  })

  it('tells of a failure those whose rows were in the batch, and goes on', async () => {
    const { sent, queue } = setUp(false)
    const failing = queue.add([write('a'), write('b')])
    const other = queue.add([write('c')])
    await turn()
    sent[1]!.settle(new StoreUnavailable('no'))
    sent[0]!.settle()
    sent[2]!.settle()
    await expect(failing).rejects.toThrow('no')
    await other
    const next = queue.add([write('a')])
    await turn()
    sent[3]!.settle()
    await next
  })

  it('refuses rows beyond its bound', async () => {
    const { queue } = setUp()
    void queue.add(writes(MAX_QUEUED_ROWS, () => 'p'))
    await expect(queue.add([write('p')])).rejects.toThrow(StoreUnavailable)
  })
})
