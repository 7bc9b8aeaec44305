import type { Buffer } from 'node:buffer'
import type { OwnerAnnounced } from '@heliograph/schemas/avro'
import { partitionOf } from '@heliograph/topics'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Actors } from './node.ts'
import { announce, type Ownership } from './ownership.ts'
import { DEFAULT_LIMITS } from './ports.ts'
import type { Said } from './simulation/toy-chat.ts'
import { toyCodec } from './simulation/toy-codec.ts'
import { rest, say, TOY_PARTITIONS, ToyRig } from './toy.fixture.ts'

const PARTITION = partitionOf('a', TOY_PARTITIONS)
let rig: ToyRig
let actors: Actors
let yields: boolean[]

beforeEach(async () => {
  rig = await ToyRig.create()
  yields = []
  const superseded = ({ error }: { error: Error }) =>
    yields.push((error as { byRival?: boolean }).byRival === true)
  actors = await rig.start({ observer: { superseded } })
  await rig.ask(say('a', 1))
})

const stray = (epoch: number, seq: number): Said => {
  return {
    type: 'Said',
    chatId: 'a',
    by: 1,
    randomId: 1000 + epoch,
    seq,
    last: true,
    choke: false,
    members: [1, 2],
  }
}
/** Events of a former owner, which arrive late. */
const late = (epoch: number, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const cause = { topic: 'chat.commands', partition: PARTITION, offset: 900 + i, index: 0 }
    return {
      key: 'a',
      value: toyCodec.encode({ cause, epoch, reply: null }, stray(epoch, i + 2)),
      timestampMs: 0,
    }
  })
const announcement = (epoch: number) => {
  const record: OwnerAnnounced = { type: 'OwnerAnnounced', owner: 'zombie', epoch }
  return {
    key: 'zombie',
    value: toyCodec.encode({ cause: null, epoch, reply: null }, record),
    timestampMs: 0,
  }
}
const append = (records: Parameters<typeof rig.client.append>[2]) =>
  rig.client.append('chat.events', PARTITION, records)

async function finish(events: number): Promise<void> {
  await rest()
  await actors.stop()
  expect(rig.fatal).toEqual([])
  expect((await rig.check()).length).toBe(events)
}

describe('on a log that tells only afterwards', () => {
  test("an owner takes its own events, behind a former owner's, for decided", async () => {
    await append(late(0, 1))
    const [reply] = await rig.ask(say('a', 2))
    expect(reply?.mailbox).toMatchObject({ seq: 2, pts: 2 })
    expect(yields).toEqual([false])
    await finish(2)
  })

  test('whole batches of both, with commands that come meanwhile', async () => {
    await append(late(0, 3))
    const batch = Array.from({ length: 9 }, (_, i) => say('a', 10 + i))
    const replies = await rig.ask(...batch)
    expect(replies.map(({ mailbox }) => (mailbox as { seq: number }).seq)).toEqual(batch.map((_, i) => i + 2))
    await append(late(0, 2))
    await rig.ask(say('a', 30), say('a', 31, 'refuse'), say('a', 32))
    await finish(12)
  })

  test('a batch of the former owner between an announcement and the first append', async () => {
    let left = 2
    rig.fault = ({ store, operation, when }) => {
      if (store !== 'tables' || operation !== 'apply' || when !== 'after' || left === 0) return
      // A new owner saves as soon as it has announced itself and made whole what it found.
      left--
      rig.logState.partition('chat.events', PARTITION).append(late(0, 2))
    }
    await append(late(0, 1))
    await rig.ask(say('a', 2), say('a', 3))
    expect(left).toBe(0)
    await finish(3)
  })

  test('announcements that arrive late count for nothing, or drive out whoever is there for a while', async () => {
    await append([announcement(1)])
    await rig.ask(say('a', 2))
    expect(yields).toEqual([false])
    await append([announcement(77)])
    await rig.ask(say('a', 3))
    expect(yields).toEqual([false, true])
    await append([announcement(50)])
    await rig.ask(say('a', 4))
    expect(yields).toEqual([false, true, false])
    await finish(4)
  })

  test('what an owner appended behind a newer announcement is void, and decided again by the next', async () => {
    await append([announcement(77)])
    const void_ = rig.logState.partition('chat.events', PARTITION).records.length
    await rig.ask(say('a', 2), say('a', 3))
    const { header } = toyCodec.decode(
      rig.logState.partition('chat.events', PARTITION).records[void_]?.value as Buffer,
    )
    expect(header.epoch).toBeLessThan(77)
    await finish(3)
  })

  test('a refusal is not told by an owner that has been replaced', async () => {
    await append([announcement(77)])
    const request = await rig.send(say('a', 2, 'refuse'))
    await rest()
    // It may have been settled before the announcement was seen: then whoever asked asks again.
    expect(rig.answers.get(request)).toBeUndefined()
    expect(yields).toEqual([true])
    expect((await rig.ask(say('a', 2, 'refuse')))[0]?.error?.code).toBe(400)
    await finish(1)
  })
})

test('two that announce themselves at once, each behind the other, agree on one', async () => {
  await actors.stop()
  const ports = (owner: string) => {
    const { bus, tables } = rig
    return { log: rig.openLog(), tables, bus, codec: toyCodec, now: () => 0, owner }
  }
  const from = { offset: 0, epoch: 0 }
  const take = (owner: string) => announce(ports(owner), 'chat.events', PARTITION, from, DEFAULT_LIMITS)
  const owners: Ownership[] = await Promise.all([take('x'), take('y'), take('z')])
  const epochs = owners.map(({ epoch }) => epoch)
  expect(new Set(epochs).size).toBe(3)
  const results = await Promise.allSettled(owners.map((owner) => owner.append(late(owner.epoch, 1))))
  const winner = owners.find(({ epoch }) => epoch === Math.max(...epochs)) as Ownership
  // Whoever appends first stands in the others' way, but only the last to announce itself is believed.
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
  const said = (await rig.said()).filter(({ randomId }) => randomId >= 1000)
  expect(said.every(({ randomId }) => randomId === 1000 + winner.epoch)).toBe(true)
})
