import { EventEmitter, once } from 'node:events'
import {
  type GroupHandler,
  type LogRecord,
  LogUnavailable,
  type Offset,
  OffsetMismatch,
  type TopicName,
  topicDefinitions,
} from '@heliograph/topics'
import type { KafkaLog, KafkaSettings } from '@heliograph/topics/kafka'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FailingNetwork } from './failing-network.ts'
import { type BrokerLogs, brokerLogs } from './kafka-logs.ts'

type Adapter = NonNullable<KafkaSettings['adapter']>

const PARTITIONS = 4
/** The bar for the chats of a member that dies. */
const TAKEN_OVER_WITHIN_MS = 5000
/** Longer than a busy broker takes to hear of an append again whose answer was lost. */
const APPEND_TIMEOUT_MS = 4000
const all = { maxRecords: 1000, maxBytes: 1 << 20 }
const topics: TopicName[] = ['chat.commands', 'mailbox.events']
const record = (text: string): LogRecord => ({ key: 'k', value: Buffer.from(text), timestampMs: 1 })
const at = (offset: number) => offset as Offset

let logs: BrokerLogs
let network: FailingNetwork
let direct: KafkaLog
/** As `direct`, but over the network that fails. */
let remote: KafkaLog

async function open(adapter: Adapter): Promise<void> {
  logs = await brokerLogs({ adapter })
  direct = await logs.connect()
  await direct.createTopics(topicDefinitions(PARTITIONS))
  network = await FailingNetwork.to(logs.broker)
  remote = await logs.connect({
    brokers: [network.address],
    reach: () => network.address,
    appendTimeoutMs: APPEND_TIMEOUT_MS,
  })
}

async function close(): Promise<void> {
  network.become('whole')
  await logs.dispose()
  await network.close()
}

function member() {
  const owned = new Set<string>()
  const handler: GroupHandler = {
    assigned: (topic, partition) => void owned.add(`${topic}/${partition}`),
    revoked: async (topic, partition) => void owned.delete(`${topic}/${partition}`),
  }
  return { owned, handler }
}
const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 10 })
const everything = PARTITIONS * topics.length

describe.each<Adapter>(['platformatic', 'kafkajs'])('over %s', (adapter) => {
  beforeEach(() => open(adapter))
  afterEach(close)

  describe('a group', () => {
    // A bar of time, on a machine that may be busy with something else: it is enough to keep it once.
    it('gives what a killed member had to the others within 5 s, and nothing else moves', {
      retry: 2,
    }, async () => {
      const [dying, living] = [member(), member()]
      await remote.join('g', topics, dying.handler)
      await direct.join('g', topics, living.handler)
      await eventually(() => {
        expect(dying.owned.size + living.owned.size).toBe(everything)
        expect(living.owned.size).toBe(everything / 2)
      })
      const kept = [...living.owned]
      const revoked = vi.spyOn(living.handler, 'revoked')
      const killedAt = Date.now()
      remote.abandon()
      await eventually(() => expect(living.owned.size).toBe(everything))
      expect(Date.now() - killedAt).toBeLessThan(TAKEN_OVER_WITHIN_MS)
      expect(revoked).not.toHaveBeenCalled()
      expect([...living.owned]).toEqual(expect.arrayContaining(kept))
    })

    it('is given up by a member that the broker has not heard of, and joined again when it can be reached', async () => {
      const [cutOff, living] = [member(), member()]
      await remote.join('g', topics, cutOff.handler)
      await direct.join('g', topics, living.handler)
      await eventually(() => expect(living.owned.size).toBe(everything / 2))
      network.become('stalled')
      await eventually(() => expect([cutOff.owned.size, living.owned.size]).toEqual([0, everything]))
      network.become('whole')
      await eventually(() =>
        expect([cutOff.owned.size, living.owned.size]).toEqual([everything / 2, everything / 2]),
      )
    })
  })

  describe('an append', () => {
    it('tells an owner that another has written since, by the offset it gets', async () => {
      expect(await direct.append('chat.events', 0, [record('mine')], at(0))).toBe(0)
      await remote.append('chat.events', 0, [record('stray')])
      await expect(direct.append('chat.events', 0, [record('late')], at(1))).rejects.toThrow(OffsetMismatch)
      const read = await direct.open('chat.events', 0, at(0)).next(all)
      expect(read.slice(0, 2).map(({ value }) => value.toString())).toEqual(['mine', 'stray'])
    })

    it('stands in the log once when only its answer was lost', async () => {
      await remote.append('chat.events', 0, [record('a')])
      network.become('answers lost')
      const repeated = remote.append('chat.events', 0, [record('b'), record('c')], at(1))
      await eventually(async () => expect(await direct.end('chat.events', 0)).toBe(3))
      network.reset()
      expect(await repeated).toBe(1)
      expect(await remote.append('chat.events', 0, [record('d')], at(3))).toBe(3)
      expect(await direct.end('chat.events', 0)).toBe(4)
    })

    it('is unavailable when no broker answers in time, and what rests on it is refused until the end was asked', async () => {
      await remote.append('chat.events', 0, [record('a')])
      network.become('cut')
      const failing = [
        remote.append('chat.events', 0, [record('b')], at(1)),
        remote.append('chat.events', 0, [record('c')], at(2)),
      ]
      for (const append of failing) await expect(append).rejects.toThrow(LogUnavailable)
      network.become('whole')
      await expect(remote.append('chat.events', 0, [record('d')], at(1))).rejects.toThrow(LogUnavailable)
      const end = await remote.end('chat.events', 0)
      expect(await remote.append('chat.events', 0, [record('e')], end)).toBe(end)
    })
  })

  describe('a cursor', () => {
    it('goes on where it was when the broker is back', async () => {
      const cursor = remote.open('chat.events', 1, at(0))
      await direct.append('chat.events', 1, [record('a')])
      expect((await cursor.next(all)).map(({ offset }) => offset)).toEqual([0])
      const waiting = cursor.next(all)
      network.become('cut')
      await direct.append('chat.events', 1, [record('b')])
      network.become('whole')
      expect((await waiting).map(({ offset }) => offset)).toEqual([1])
    })
  })
})

// kafkajs tells of a change when the next owner already has the partition.
describe('a group of the next protocol', () => {
  beforeEach(() => open('platformatic'))
  afterEach(close)

  it('moves nothing before its owner has stopped', async () => {
    const [slow, next] = [member(), member()]
    const stopped = new EventEmitter()
    const asked = vi.fn()
    await remote.join('g', ['chat.commands'], {
      ...slow.handler,
      revoked: async (topic, partition) => {
        asked()
        await once(stopped, 'stop')
        await slow.handler.revoked(topic, partition)
      },
    })
    await eventually(() => expect(slow.owned.size).toBe(PARTITIONS))
    await direct.join('g', ['chat.commands'], next.handler)
    await eventually(() => expect(asked).toHaveBeenCalledTimes(PARTITIONS / 2))
    expect(next.owned.size).toBe(0)
    stopped.emit('stop')
    await eventually(() => expect(next.owned.size).toBe(PARTITIONS / 2))
    expect([...next.owned].filter((place) => slow.owned.has(place))).toEqual([])
  })
})
