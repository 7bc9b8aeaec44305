import { MemoryBus, MemoryTables } from '@heliograph/storage'
import {
  type Log,
  MemoryLog,
  MemoryLogState,
  type Offset,
  type TopicName,
  topicDefinitions,
} from '@heliograph/topics'
import { beforeEach, expect, test } from 'vitest'
import { announce, Superseded } from './ownership.ts'
import { DEFAULT_LIMITS, type Ports } from './ports.ts'
import { toyCodec } from './simulation/toy-codec.ts'

const FROM_START = { offset: 0, epoch: 0 }
let log: MemoryLog

beforeEach(async () => {
  log = new MemoryLog(new MemoryLogState())
  await log.createTopics(topicDefinitions(1))
})

function ports(): Ports {
  const stores = { tables: new MemoryTables(), bus: new MemoryBus() }
  return { log, ...stores, codec: toyCodec, now: () => 0, owner: 'o' }
}
const take = () => announce(ports(), 'chat.events', 0, FROM_START, DEFAULT_LIMITS)
const event = (epoch: number) => {
  const value = toyCodec.encode({ cause: null, epoch, reply: null }, { type: 'Said' })
  return { key: 'k', value, timestampMs: 0 }
}

test('every owner has a higher epoch, and the one before can append no more', async () => {
  const first = await take()
  expect(first.epoch).toBe(1)
  await first.append([event(1), event(1)])
  const second = await take()
  expect(second.epoch).toBe(2)
  expect(second.next).toBe(4)
  await expect(first.append([event(1)])).rejects.toThrow(Superseded)
  await expect(first.confirm()).rejects.toThrow(Superseded)
  await second.confirm()
  await second.append([event(2)])
  expect(await log.end('chat.events', 0)).toBe(5)
})

test('two that announce at once do not both own', async () => {
  const owners = await Promise.all([take(), take(), take()])
  expect(new Set(owners.map(({ epoch }) => epoch)).size).toBe(3)
  const tries = await Promise.allSettled(owners.map((owner) => owner.append([event(owner.epoch)])))
  const won = owners.filter((_, i) => tries[i]?.status === 'fulfilled')
  expect(won.map(({ epoch }) => epoch)).toEqual([3])
})

test('a log that cannot check offsets tells by the offset it gives', async () => {
  class BlindLog extends MemoryLog {
    override append(...[topic, partition, records]: Parameters<Log['append']>): Promise<Offset> {
      return super.append(topic, partition, records)
    }
    // Others write between this look and the append.
    override async end(topic: TopicName, partition: number): Promise<Offset> {
      const end = await super.end(topic, partition)
      if (end < 2) await this.append(topic, partition, [event(0)])
      return end
    }
  }
  log = new BlindLog(new MemoryLogState())
  await log.createTopics(topicDefinitions(1))
  const owner = await take()
  expect(owner.next).toBe(await log.end('chat.events', 0))
  await log.append('chat.events', 0, [event(0)], owner.next as Offset)
  await expect(owner.append([event(owner.epoch)])).rejects.toThrow(Superseded)
})
