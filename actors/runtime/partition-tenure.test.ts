import type { TopicName } from '@heliograph/topics'
import { expect, test } from 'vitest'
import { FIRST_YIELD_MS, LONGEST_YIELD_MS } from './backoff.ts'
import { GroupMember, MAX_HANDOVER_MS } from './group-member.ts'
import { Superseded } from './ownership.ts'
import type { PartitionDriver } from './partition-loop.ts'
import { DEFAULT_LIMITS, type Ports } from './ports.ts'
import { toyCodec } from './simulation/toy-codec.ts'
import { rest, ToyRig } from './toy.fixture.ts'

const TOPIC: TopicName = 'chat.commands'

/** Opens when it is let, and notes what it is asked. */
class ScriptedDriver implements PartitionDriver {
  readonly #opening: Promise<void>
  readonly #notes: string[]

  constructor(notes: string[], opening: Promise<void>) {
    this.#notes = notes
    this.#opening = opening
  }

  async open(): Promise<number> {
    this.#notes.push('open')
    await this.#opening
    return 0
  }
  async handle() {
    return { deliveries: [], durable: Promise.resolve() }
  }
  async release(): Promise<void> {}
  async close(): Promise<void> {
    this.#notes.push('close')
  }
}

async function member(openings: Promise<void>[]) {
  const rig = await ToyRig.create()
  const notes: string[] = []
  const waits: { ms: number; over: () => void }[] = []
  const fatal: unknown[] = []
  const ports: Ports = {
    log: rig.client,
    tables: rig.tables,
    bus: rig.bus,
    codec: toyCodec,
    now: () => 0,
    owner: 'me',
    random: () => 0,
    sleep: (ms) => new Promise((over) => waits.push({ ms, over })),
  }
  const driver = () => new ScriptedDriver(notes, openings.shift() ?? Promise.resolve())
  const options = { ports, limits: DEFAULT_LIMITS, group: 'g', topic: TOPIC, driver }
  const made = new GroupMember({
    ...options,
    fatal: (error) => fatal.push(error),
    superseded: () => notes.push('superseded'),
  })
  // Joins, and is given all partitions; these tests are about one that the rig's topic has not.
  await made.join()
  await rest()
  notes.length = 0
  return { member: made, notes, waits, fatal }
}

function gate() {
  let open!: () => void
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

test('a partition that comes back while its former loop is ending waits for that', async () => {
  const { opened, open } = gate()
  const { member: it, notes, waits } = await member([Promise.resolve(), Promise.resolve(), opened])
  it.assigned(TOPIC, 0)
  await rest()
  expect(notes).toEqual(['open'])
  const revoked = it.revoked(TOPIC, 0)
  await rest()
  // Given up all the same, after a while.
  expect(waits.map(({ ms }) => ms)).toEqual([MAX_HANDOVER_MS])
  waits[0]?.over()
  await revoked
  it.assigned(TOPIC, 0)
  await rest()
  expect(notes).toEqual(['open'])
  open()
  await rest()
  expect(notes).toEqual(['open', 'close', 'open'])
})

test('one that is taken away again before that is never opened', async () => {
  const { opened, open } = gate()
  const { member: it, notes, waits } = await member([Promise.resolve(), Promise.resolve(), opened])
  it.assigned(TOPIC, 0)
  await rest()
  const first = it.revoked(TOPIC, 0)
  it.assigned(TOPIC, 0)
  const second = it.revoked(TOPIC, 0)
  open()
  await Promise.all([first, second])
  await rest()
  expect(notes).toEqual(['open', 'close'])
  expect(waits.length).toBe(2)
})

test('whoever is driven out waits, each time longer, for the group to say whose the partition is', async () => {
  const rival = () => Promise.reject(new Superseded('chat.events', 0, true))
  const openings = Array.from({ length: 8 }, rival)
  for (const opening of openings) opening.catch(() => undefined)
  const {
    member: it,
    notes,
    waits,
    fatal,
  } = await member([Promise.resolve(), Promise.resolve(), ...openings])
  it.assigned(TOPIC, 0)
  for (let i = 0; i < 8; i++) {
    await rest()
    waits[i]?.over()
  }
  const expected = [1, 2, 4, 8, 16, 32, 64, 128].map((times) =>
    Math.min(LONGEST_YIELD_MS, times * FIRST_YIELD_MS),
  )
  expect(waits.map(({ ms }) => ms)).toEqual(expected)
  await rest()
  expect(notes.filter((note) => note === 'superseded').length).toBe(8)
  expect(notes.at(-1)).toBe('open')
  expect(fatal).toEqual([])
})

test('a wait ends with the assignment', async () => {
  const away = Promise.reject(new Superseded('chat.events', 0, true))
  away.catch(() => undefined)
  const { member: it, notes } = await member([Promise.resolve(), Promise.resolve(), away])
  it.assigned(TOPIC, 0)
  await rest()
  await it.revoked(TOPIC, 0)
  await rest()
  expect(notes).toEqual(['open', 'superseded'])
})
