import { beforeEach, describe, expect, it } from 'vitest'
import { type LogRecord, LogUnavailable, type Offset, OffsetMismatch } from '../log.ts'
import { FakeClient } from './fake-client.ts'
import { MAX_BATCH_BYTES } from './limits.ts'
import { PartitionAppender } from './partition-appender.ts'

const record = (text: string): LogRecord => ({ key: 'k', value: Buffer.from(text), timestampMs: 0 })
const records = (...texts: string[]) => texts.map(record)
const gone = new LogUnavailable('gone')

let client: FakeClient
let appender: PartitionAppender
let settledBytes: number
const append = (texts: string[], expected?: number, bytes = 10) => {
  const appended = appender.append(records(...texts), bytes, expected as Offset | undefined)
  appended.catch(() => undefined)
  return appended
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const sent = () => client.sent.map((batch) => batch.records.map(({ value }) => value.toString()).join(''))

beforeEach(() => {
  client = new FakeClient()
  settledBytes = 0
  appender = new PartitionAppender(client, { topic: 't', partition: 0 }, (bytes) => {
    settledBytes += bytes
  })
})

describe('appends', () => {
  it('of one turn go together, and those that come while a batch is in flight go next', async () => {
    const first = [append(['a']), append(['b', 'c'])]
    await turn()
    const later = [append(['d']), append(['e'])]
    await turn()
    expect(sent()).toEqual(['abc'])
    client.sent[0]!.answer(7)
    expect(await Promise.all(first)).toEqual([7, 8])
    await turn()
    expect(sent()).toEqual(['abc', 'de'])
    client.sent[1]!.answer(10)
    expect(await Promise.all(later)).toEqual([10, 11])
    expect(appender.pending).toBeUndefined()
    expect(settledBytes).toBe(40)
  })

  it('make no batch larger than the limit', async () => {
    append(['a'], undefined, MAX_BATCH_BYTES)
    append(['b'], undefined, MAX_BATCH_BYTES * 2)
    await turn()
    client.sent[0]!.answer(0)
    await turn()
    expect(sent()).toEqual(['a', 'b'])
  })
})

describe('appends that expect an offset', () => {
  beforeEach(async () => {
    client.end = 5
    await appender.end()
  })

  it('go together with those before them, and ask for nothing', async () => {
    const appended = [append(['a', 'b'], 5), append(['c'], 7)]
    await turn()
    client.sent[0]!.answer(5)
    expect(await Promise.all(appended)).toEqual([5, 7])
    expect(client.endsAsked).toBe(1)
  })

  it('are refused without being sent below the end that is known', async () => {
    await expect(append(['a'], 4)).rejects.toThrow(OffsetMismatch)
    expect(client.sent).toEqual([])
  })

  it('beyond it are sent only where the log has grown to there', async () => {
    await expect(append(['a'], 9)).rejects.toThrow(OffsetMismatch)
    client.end = 8
    const appended = append(['b'], 8)
    await turn()
    client.sent[0]!.answer(8)
    expect(await appended).toBe(8)
  })

  it('tell afterwards that another has written; what waits behind is not sent', async () => {
    const first = append(['a'], 5)
    await turn()
    const second = append(['b'], 6)
    client.sent[0]!.answer(6)
    await expect(first).rejects.toThrow(OffsetMismatch)
    await expect(second).rejects.toThrow(OffsetMismatch)
    expect(sent()).toEqual(['a'])
  })

  it('fail after one that may or may not be there, until the end is asked', async () => {
    const first = append(['a'], 5)
    await turn()
    const waiting = append(['b'], 6)
    client.sent[0]!.answer(gone)
    await expect(first).rejects.toThrow(gone)
    await expect(waiting).rejects.toThrow(gone)
    await expect(append(['c'], 5)).rejects.toThrow(LogUnavailable)
    expect(sent()).toEqual(['a'])
    client.end = 6
    expect(await appender.end()).toBe(6)
    const again = append(['d'], 6)
    await turn()
    client.sent[1]!.answer(6)
    expect(await again).toBe(6)
  })

  it('fail alone where the broker refuses the records', async () => {
    const first = append(['a'], 5)
    await turn()
    client.sent[0]!.answer(new Error('too large'))
    await expect(first).rejects.toThrow('too large')
    const second = append(['b'], 5)
    await turn()
    client.sent[1]!.answer(5)
    expect(await second).toBe(5)
  })
})
