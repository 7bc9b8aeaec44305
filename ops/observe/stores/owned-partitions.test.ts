import { allTables, MemoryTables, parkedActors } from '@heliograph/storage'
import { type GroupHandler, MemoryLog, type Offset, topicDefinitions } from '@heliograph/topics'
import { describe, expect, it } from 'vitest'
import { OwnedPartitions } from './owned-partitions.ts'

const GROUP = 'message'
const TOPIC = 'chat.commands'
const handler: GroupHandler = { assigned() {}, async revoked() {} }

async function logOf(records: number): Promise<MemoryLog> {
  const log = new MemoryLog()
  await log.createTopics(topicDefinitions(2))
  const record = { key: 'k', value: Buffer.alloc(1), timestampMs: 1 }
  await log.append(
    TOPIC,
    1,
    Array.from({ length: records }, () => record),
  )
  return log
}

describe('OwnedPartitions', () => {
  it('tells how far each owned partition is behind', async () => {
    const owned = new OwnedPartitions()
    const following = owned.follow(GROUP, [TOPIC], handler)
    following.assigned(TOPIC, 1)
    const log = await logOf(5)
    expect(await owned.lag(log)()).toEqual([{ labels: [GROUP, TOPIC, '1'], value: 5 }])
    owned.committed(GROUP, TOPIC, 1, 3 as Offset)
    expect(await owned.lag(log)()).toEqual([{ labels: [GROUP, TOPIC, '1'], value: 2 }])
  })

  it('forgets a partition that has gone to another', async () => {
    const owned = new OwnedPartitions()
    const following = owned.follow(GROUP, [TOPIC], handler)
    following.assigned(TOPIC, 1)
    await following.revoked(TOPIC, 1)
    expect(await owned.lag(await logOf(5))()).toEqual([])
  })

  it('leaves a gap where the log cannot be asked', async () => {
    const owned = new OwnedPartitions()
    owned.follow(GROUP, [TOPIC], handler).assigned(TOPIC, 1)
    const log = Object.assign(await logOf(1), { end: () => Promise.reject(new Error('away')) })
    expect(await owned.lag(log)()).toEqual([])
  })

  it('asks the stores now and then, however often it is asked', async () => {
    const owned = new OwnedPartitions()
    owned.follow(GROUP, [TOPIC], handler).assigned(TOPIC, 1)
    let asked = 0
    const end = async () => ++asked as Offset
    const lag = owned.lag(Object.assign(await logOf(1), { end }))
    for (let i = 0; i < 3; i++) await lag()
    expect(asked).toBe(1)
  })

  it('counts the actors that are parked on all owned partitions of a group', async () => {
    const owned = new OwnedPartitions()
    const following = owned.follow(GROUP, [TOPIC], handler)
    for (const partition of [0, 1]) following.assigned(TOPIC, partition)
    const tables = new MemoryTables()
    await tables.create(allTables)
    const row = (partition: number, key: string) => ({
      kind: 'upsert' as const,
      table: parkedActors,
      row: { group: GROUP, topic: TOPIC, partition, key, reason: 'poison', offset: 1 },
    })
    await tables.apply([row(0, 'a'), row(1, 'b'), row(1, 'c'), row(2, 'elsewhere')], 1)
    expect(await owned.parked(tables)()).toEqual([{ labels: [GROUP, TOPIC], value: 3 }])
  })

  it('knows the groups that it waits for', () => {
    const owned = new OwnedPartitions()
    owned.follow(GROUP, [TOPIC], handler)
    owned.follow('notification', ['mailbox.events'], handler)
    owned.joined(GROUP)
    expect(owned.waitingFor).toEqual(['notification'])
  })
})
