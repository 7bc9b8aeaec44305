import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Cursor,
  CursorClosed,
  type GroupHandler,
  type Log,
  type LogRecord,
  type Offset,
  OffsetMismatch,
  TopicMismatch,
} from './log.ts'
import { type TopicName, topicDefinitions } from './topic.ts'

/** How a suite gets a log of the implementation under test. */
export interface LogHarness {
  readonly log: Log
  /** Members of a group learn from a broker, a little later, what is theirs; without this they know when `join` resolves. */
  readonly assignsLater?: boolean
  /** Closes it and opens what it kept. */
  reopen(): Promise<Log>
  dispose(): Promise<void>
}

const PARTITIONS = 4
const ASSIGNED_WITHIN_MS = 60_000
const all = { maxRecords: 1000, maxBytes: 1 << 20 }
const record = (text: string): LogRecord => ({ key: `k${text}`, value: Buffer.from(text), timestampMs: 1234 })
const records = (...texts: string[]): LogRecord[] => texts.map(record)
const at = (offset: number): Offset => offset as Offset

/** What every `Log` must do. */
export function describeLog(name: string, make: () => Promise<LogHarness>): void {
  describe(`${name} as a Log`, () => {
    let harness: LogHarness
    let log: Log
    beforeEach(async () => {
      harness = await make()
      log = harness.log
      await log.createTopics(topicDefinitions(PARTITIONS))
    })
    afterEach(() => harness.dispose())

    const texts = async (cursor: Cursor, limits = all) =>
      (await cursor.next(limits)).map((stored) => stored.value.toString())

    describe('topics', () => {
      it('are created once and keep their partition count', async () => {
        await log.createTopics(topicDefinitions(PARTITIONS))
        expect(log.partitions('chat.events')).toBe(PARTITIONS)
        expect(log.partitions('dead-letters')).toBe(1)
        await expect(log.createTopics(topicDefinitions(PARTITIONS + 1))).rejects.toThrow(TopicMismatch)
      })

      it('keep their records and counts when opened again', async () => {
        await log.append('chat.events', 1, records('a', 'b'))
        await log.append('chat.events', 1, records('c'))
        await log.barrier()
        const again = await harness.reopen()
        await again.createTopics(topicDefinitions(PARTITIONS))
        expect(await again.end('chat.events', 1)).toBe(3)
        expect(await texts(again.open('chat.events', 1, at(0)))).toEqual(['a', 'b', 'c'])
        expect(await again.append('chat.events', 1, records('d'), at(3))).toBe(3)
        await expect(again.createTopics(topicDefinitions(PARTITIONS + 1))).rejects.toThrow(TopicMismatch)
      })
    })

    describe('append', () => {
      it('gives places without gaps, in each partition by itself', async () => {
        expect(await log.append('chat.events', 0, records('a', 'b'))).toBe(0)
        expect(await log.append('chat.events', 0, records('c'))).toBe(2)
        expect(await log.append('chat.events', 1, records('d'))).toBe(0)
        expect(await log.append('mailbox.events', 0, records('e'))).toBe(0)
        expect(await log.end('chat.events', 0)).toBe(3)
        expect(await log.end('chat.events', 2)).toBe(0)
        expect(await log.start('chat.events', 0)).toBe(0)
      })

      it('gives places in the order of the calls, whether or not they wait for each other', async () => {
        const places = await Promise.all(
          Array.from({ length: 50 }, (_, i) => log.append('chat.commands', 2, records(`${i}`))),
        )
        expect(places).toEqual(Array.from({ length: 50 }, (_, i) => i))
        const read = await texts(log.open('chat.commands', 2, at(0)))
        expect(read).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`))
      })

      it('appends nothing at another offset than the expected', async () => {
        await log.append('chat.events', 0, records('a'), at(0))
        await expect(log.append('chat.events', 0, records('b', 'c'), at(0))).rejects.toThrow(OffsetMismatch)
        await expect(log.append('chat.events', 0, records('b', 'c'), at(2))).rejects.toThrow(OffsetMismatch)
        expect(await log.end('chat.events', 0)).toBe(1)
        expect(await log.append('chat.events', 0, records('d'), at(1))).toBe(1)
      })

      it('does not keep the caller’s array', async () => {
        const mine = records('a')
        await log.append('chat.events', 0, mine)
        mine.push(record('b'))
        expect(await texts(log.open('chat.events', 0, at(0)))).toEqual(['a'])
      })
    })

    describe('a cursor', () => {
      it('gives all of a record', async () => {
        const value = Buffer.from([0, 1, 2, 255])
        await log.append('chat.events', 3, [{ key: 'Zoë 🦊', value, timestampMs: 1_700_000_000_123 }])
        const [stored] = await log.open('chat.events', 3, at(0)).next(all)
        expect(stored).toEqual({ key: 'Zoë 🦊', value, timestampMs: 1_700_000_000_123, offset: 0 })
      })

      it('starts anywhere, also inside a batch, and knows its position', async () => {
        await log.append('chat.events', 0, records('a', 'b', 'c'))
        await log.append('chat.events', 0, records('d'))
        const cursor = log.open('chat.events', 0, at(1))
        expect(cursor.position).toBe(1)
        expect(await texts(cursor)).toEqual(['b', 'c', 'd'])
        expect(cursor.position).toBe(4)
      })

      it('keeps to the limits, but for one record', async () => {
        await log.append('chat.events', 0, records('aaaa', 'bbbb', 'cccc', 'dddd'))
        const cursor = log.open('chat.events', 0, at(0))
        expect(await texts(cursor, { maxRecords: 2, maxBytes: 100 })).toEqual(['aaaa', 'bbbb'])
        expect(await texts(cursor, { maxRecords: 9, maxBytes: 1 })).toEqual(['cccc'])
        expect(await texts(cursor, { maxRecords: 9, maxBytes: 4 })).toEqual(['dddd'])
      })

      it('waits for the next record', async () => {
        const cursor = log.open('chat.events', 0, at(0))
        const waiting = texts(cursor)
        await log.append('chat.events', 0, records('a', 'b'))
        expect(await waiting).toEqual(['a', 'b'])
        const again = texts(cursor)
        await log.append('chat.events', 1, records('x'))
        await log.append('chat.events', 0, records('c'))
        expect(await again).toEqual(['c'])
      })

      it('waits beyond the end', async () => {
        const waiting = texts(log.open('chat.events', 0, at(2)))
        await log.append('chat.events', 0, records('a', 'b'))
        await log.append('chat.events', 0, records('c'))
        expect(await waiting).toEqual(['c'])
      })

      it('rejects once it is closed, also while it waits', async () => {
        const cursor = log.open('chat.events', 0, at(0))
        const waiting = cursor.next(all)
        cursor.close()
        await expect(waiting).rejects.toThrow(CursorClosed)
        await expect(cursor.next(all)).rejects.toThrow(CursorClosed)
      })

      it('reads a long partition from the start while it grows', async () => {
        const total = 3000
        const write = async () => {
          for (let i = 0; i < total; i += 3) {
            await log.append('chat.events', 0, records(`${i}`, `${i + 1}`, `${i + 2}`))
          }
        }
        const writing = write()
        const cursor = log.open('chat.events', 0, at(0))
        const read: string[] = []
        while (read.length < total) read.push(...(await texts(cursor, { maxRecords: 70, maxBytes: 100 })))
        await writing
        expect(read).toEqual(Array.from({ length: total }, (_, i) => `${i}`))
        expect(await texts(log.open('chat.events', 0, at(1)), { maxRecords: 2, maxBytes: 100 })).toEqual([
          '1',
          '2',
        ])
      })
    })

    describe('a group', () => {
      const owner = () => {
        const owned = new Set<string>()
        const handler: GroupHandler = {
          assigned: (topic, partition) => void owned.add(`${topic}/${partition}`),
          revoked: async (topic, partition) => void owned.delete(`${topic}/${partition}`),
        }
        return { owned, handler }
      }
      const topics: TopicName[] = ['chat.commands']
      const settled = async (check: () => void) => {
        if (harness.assignsLater) await vi.waitFor(check, { timeout: ASSIGNED_WITHIN_MS, interval: 10 })
        else check()
      }

      it('gives each partition to one member', async () => {
        const [a, b] = [owner(), owner()]
        const first = await log.join('g', topics, a.handler)
        await settled(() => expect(a.owned.size).toBe(PARTITIONS))
        const second = await log.join('g', topics, b.handler)
        await settled(() => {
          expect(a.owned.size + b.owned.size).toBe(PARTITIONS)
          expect(b.owned.size).toBeGreaterThan(0)
        })
        expect([...a.owned].filter((place) => b.owned.has(place))).toEqual([])
        await first.leave()
        expect(a.owned.size).toBe(0)
        await settled(() => expect(b.owned.size).toBe(PARTITIONS))
        await second.leave()
        expect(b.owned.size).toBe(0)
      })

      it('remembers what it committed', async () => {
        const member = await log.join('g', topics, owner().handler)
        expect(await log.committed('g', 'chat.commands', 0)).toBeUndefined()
        await member.commit('chat.commands', 0, at(5))
        await member.commit('chat.commands', 0, at(9))
        expect(await log.committed('g', 'chat.commands', 0)).toBe(9)
        expect(await log.committed('h', 'chat.commands', 0)).toBeUndefined()
        await member.leave()
        await log.barrier()
        const again = await harness.reopen()
        expect(await again.committed('g', 'chat.commands', 0)).toBe(9)
      })
    })
  })
}
