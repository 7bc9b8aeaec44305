import { partitionOf } from '@heliograph/topics'
import { expect, test } from 'vitest'
import type { Decider } from './decider.ts'
import {
  listDeadLetters,
  NotResubmittable,
  type ParkedActor,
  releaseWith,
  resubmit,
  unpark,
} from './letters.ts'
import type { ActorsObserver } from './observer.ts'
import {
  type Repeated,
  type Said,
  type Say,
  toyCounters,
  toyDecider,
  toyUpdates,
} from './simulation/toy-chat.ts'
import { toyCodec } from './simulation/toy-codec.ts'
import { rest, say, TOY_PARTITIONS, ToyRig } from './toy.fixture.ts'

const PARTITION = partitionOf('a', TOY_PARTITIONS)
const actor: ParkedActor = { group: 'toy-chat', topic: 'chat.commands', partition: PARTITION, key: 'a' }

/** Cannot take what explodes until it is mended. */
function mendable() {
  let mended = false
  const decider: Decider<Say, Said | Repeated> = {
    ...toyDecider,
    decide: (rows, command, at) => toyDecider.decide(rows, mended ? { ...command, how: 'say' } : command, at),
  }
  return { decider, mend: () => (mended = true) }
}

async function parked(observer: ActorsObserver = {}) {
  const rig = await ToyRig.create()
  const { decider, mend } = mendable()
  const actors = await rig.start({ deciders: [decider], observer })
  await rig.ask(say('a', 1), say('a', 2, 'explode'), say('a', 3), say('b', 4))
  const ports = { log: rig.client, tables: rig.tables, codec: toyCodec, now: () => 0 }
  return { rig, actors, ports, mend }
}

test('a parked actor goes on with its letters first, in their order, while its owner runs', async () => {
  const told: string[] = []
  const { rig, actors, ports, mend } = await parked({
    parked: ({ key, reason }) => told.push(`parked ${key} ${reason}`),
    released: ({ key }) => told.push(`released ${key}`),
  })
  const letters = await listDeadLetters(ports)
  expect(letters.map(({ key, reason }) => `${key} ${reason}`)).toEqual([
    'a Error: exploded',
    'a parked before',
  ])
  mend()
  expect(await releaseWith(ports, actor)).toBe(2)
  expect(await releaseWith(ports, actor)).toBe(0)
  expect((await rig.ask(say('a', 5)))[0]?.mailbox).toMatchObject({ seq: 4 })
  await actors.stop()
  expect((await rig.check()).filter(({ chatId }) => chatId === 'a').map(({ randomId }) => randomId)).toEqual([
    1, 2, 3, 5,
  ])
  expect((await listDeadLetters(ports)).map(({ resubmitted }) => resubmitted)).toEqual([true, true])
  expect(told).toEqual(['parked a Error: exploded', 'released a'])
})

test('letters of one that is still parked become letters again; a repeated one has no second effect', async () => {
  const { rig, actors, ports, mend } = await parked()
  const letters = await listDeadLetters(ports, ({ reason }) => reason !== 'parked before')
  expect(letters.length).toBe(1)
  await resubmit(ports, letters)
  await rest()
  const again = (await listDeadLetters(ports)).filter(({ resubmitted }) => !resubmitted)
  expect(again.map(({ reason }) => reason)).toEqual(['parked before', 'parked before'])
  mend()
  expect(await unpark(ports, actor)).toBe(true)
  await resubmit(ports, [...again, ...again])
  await rest()
  await actors.stop()
  expect((await rig.check()).filter(({ chatId }) => chatId === 'a').map(({ randomId }) => randomId)).toEqual([
    1, 3, 2,
  ])
})

test('a crash at any store operation around a release leaves the actor released or parked, never in between', async () => {
  for (let nth = 1; nth < 40; nth++) {
    const { rig, actors, ports, mend } = await parked()
    mend()
    let steps = 0
    // Fails for good from there on: as if the process were gone.
    rig.fault = () => {
      if (++steps >= nth) throw new Error('gone')
    }
    const client = rig.client
    await unpark({ ...ports, log: client, tables: rig.openTables() }, actor).catch(() => undefined)
    const sent = [await rig.send(say('a', 5)), await rig.send(say('a', 6))]
    await rest()
    await actors.stop().catch(() => undefined)
    rig.fault = () => undefined
    const next = await rig.start()
    await rest()
    await rig.ask(say('b', 7))
    const refused = sent.map((request) => rig.answers.get(request)?.error?.code)
    expect(refused[0]).toBe(refused[1])
    await next.stop()
    await rig.check()
  }
})

test('mailboxes are released as well, and replayed equal', async () => {
  const rig = await ToyRig.create()
  const actors = await rig.start()
  const choke = { ...say('a', 1, 'choke'), members: [1, 4] }
  await rig.ask(choke)
  await rig.ask({ ...say('a', 2), members: [1, 4] })
  expect(await rig.tables.get(toyCounters, { userId: 4 })).toBeUndefined()
  const partition = partitionOf('4', TOY_PARTITIONS)
  const ports = { log: rig.client, tables: rig.tables, codec: toyCodec, now: () => 0 }
  const mailbox = { group: 'toy-mailbox', topic: 'mailbox.events', partition, key: '4' } as const
  const letters = await listDeadLetters(ports, ({ key }) => key === '4')
  expect(letters.length).toBe(2)
  expect(await unpark(ports, mailbox)).toBe(true)
  await resubmit(ports, letters.slice(1))
  await rig.ask({ ...say('a', 3), members: [1, 4] })
  await rest()
  const updates = await rig.tables.range(toyUpdates, { userId: 4 }, { limit: 10 })
  expect(updates.map(({ seq }) => seq)).toEqual([2, 3])
  await actors.stop()
  await rig.checkReplay()
})

test('events are nobody else to append', async () => {
  const { actors, ports } = await parked()
  const [letter] = await listDeadLetters(ports)
  if (letter === undefined) throw new Error('no letter')
  await expect(resubmit(ports, [{ ...letter, topic: 'chat.events' }])).rejects.toThrow(NotResubmittable)
  await expect(resubmit(ports, [{ ...letter, value: Buffer.from('?') }])).rejects.toThrow(NotResubmittable)
  await actors.stop()
})
