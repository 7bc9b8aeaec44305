import type { DeadLetter, OwnerAnnounced, Position, Reply } from '@heliograph/schemas/avro'
import { MemoryBus, MemoryTables } from '@heliograph/storage'
import { MemoryLog, MemoryLogState, type Offset, partitionOf, topicDefinitions } from '@heliograph/topics'
import { beforeEach, expect, test } from 'vitest'
import type { Decider, Fold } from './decider.ts'
import { unpark } from './letters.ts'
import { type Actors, type ActorsOptions, startActors } from './node.ts'
import {
  type Repeated,
  type Said,
  type Say,
  toyCounters,
  toyDecider,
  toyFold,
  toyMessages,
  toySent,
  toyTables,
  toyUpdates,
} from './simulation/toy-chat.ts'
import { decodeBare, toyCodec } from './simulation/toy-codec.ts'

const PARTITIONS = 2
const AT = { group: 'toy-chat', topic: 'chat.commands' } as const
let logState: MemoryLogState
let log: MemoryLog
let tables: MemoryTables
let bus: MemoryBus
let answers: Map<number, Reply>
let fatal: unknown[]
let requests: number
let arrived: () => void

beforeEach(async () => {
  logState = new MemoryLogState()
  log = new MemoryLog(logState)
  tables = new MemoryTables()
  bus = new MemoryBus()
  await log.createTopics(topicDefinitions(PARTITIONS))
  await tables.create(toyTables)
  answers = new Map()
  fatal = []
  requests = 0
  arrived = () => undefined
  await bus.subscribe('gateway:g', (payload) => {
    const reply = decodeBare(payload) as Reply
    answers.set(reply.request, reply)
    arrived()
  })
})

const start = (more: Partial<ActorsOptions> = {}): Promise<Actors> =>
  startActors({
    log,
    tables,
    bus,
    codec: toyCodec,
    now: () => 0,
    owner: 'test',
    deciders: [toyDecider],
    folds: [toyFold],
    onFatal: (error) => fatal.push(error),
    ...more,
  })
const ports = () => ({ log, tables, codec: toyCodec, now: () => 0 })
/** Another process on the same broker. */
const otherLog = () => new MemoryLog(logState)

const say = (chatId: string, randomId: number, how: Say['how'] = 'say'): Say => {
  return { type: 'Say', chatId, by: 1, randomId, times: 1, members: [1, 2], how }
}

async function send(command: Say, cause: Position | null = null): Promise<number> {
  const request = ++requests
  const reply = { gateway: 'g', request, session: Buffer.alloc(0) }
  await append(command.chatId, toyCodec.encode({ cause, epoch: 0, reply }, command))
  return request
}
function append(key: string, value: Buffer): Promise<Offset> {
  return log.append('chat.commands', partitionOf(key, PARTITIONS), [{ key, value, timestampMs: 0 }])
}
async function answer(request: number): Promise<Reply> {
  for (;;) {
    const reply = answers.get(request)
    if (reply !== undefined) return reply
    await new Promise<void>((resolve) => {
      arrived = resolve
    })
  }
}
const ask = async (command: Say) => answer(await send(command))

async function deadLetters(): Promise<string[]> {
  const cursor = log.open('dead-letters', 0, 0 as Offset)
  if ((await log.end('dead-letters', 0)) === 0) return []
  const records = await cursor.next({ maxRecords: 100, maxBytes: 1e6 })
  return records.map(({ key, value }) => {
    const { reason, offset } = toyCodec.decode(value).record as DeadLetter
    return `${key} ${offset} ${reason}`
  })
}

test('answers what was decided, refused, and asked again', async () => {
  const actors = await start()
  expect((await ask(say('a', 1))).mailbox).toMatchObject({ seq: 1, pts: 1 })
  expect((await ask(say('a', 2, 'refuse'))).error).toEqual({ code: 400, message: 'REFUSED' })
  expect((await ask(say('a', 1))).mailbox).toMatchObject({ seq: 1, pts: 1 })
  expect((await ask(say('a', 3))).mailbox).toMatchObject({ seq: 2, pts: 2 })
  await actors.stop()
  expect(fatal).toEqual([])
})

test('what a caller was told stays so, whoever owns the partition next', async () => {
  // The first process is never stopped: as if it had crashed.
  await start({ deciders: [moody] })
  await tables.apply([{ kind: 'upsert', table: toyCounters, row: { userId: 77, pts: 1, offset: 0 } }], 1)
  expect((await ask(say('a', 1))).error).toMatchObject({ message: 'BAD_MOOD' })
  await tables.apply([{ kind: 'delete', table: toyCounters, key: { userId: 77 } }], 2)
  const second = await start({ deciders: [moody], log: otherLog() })
  expect((await ask(say('a', 2))).mailbox).toMatchObject({ seq: 1 })
  await second.stop()
  expect(await tables.get(toySent, { chatId: 'a', randomId: 1 })).toBeUndefined()
})

/** Refuses by a row that another actor writes. */
const moody: Decider<Say, Said | Repeated> = {
  ...toyDecider,
  needs: (command) => [...toyDecider.needs(command), { table: toyCounters, key: { userId: 77 } }],
  decide: (rows, command, at) =>
    rows.get(toyCounters, { userId: 77 }) === undefined
      ? toyDecider.decide(rows, command, at)
      : { rejected: { code: 400, message: 'BAD_MOOD' } },
}

test('stopping handles what the topics hold, and the next start goes on from there', async () => {
  const first = await start()
  for (let i = 0; i < 50; i++) await send(say(`c${i % 5}`, i))
  await first.stop()
  expect(answers.size).toBe(50)
  const events = await Promise.all([log.end('chat.events', 0), log.end('chat.events', 1)])
  const second = await start()
  await ask(say('c1', 99))
  await second.stop()
  const after = await Promise.all([log.end('chat.events', 0), log.end('chat.events', 1)])
  // One more event, and an announcement for each partition: nothing was done again.
  expect(after[0] + after[1]).toBe(events[0] + events[1] + 1 + PARTITIONS)
  expect((await tables.range(toyUpdates, { userId: 2 }, { limit: 100 })).length).toBe(51)
  expect(await log.committed('toy-chat', 'chat.commands', partitionOf('c1', PARTITIONS))).toBe(
    await log.end('chat.commands', partitionOf('c1', PARTITIONS)),
  )
})

test('partitions move to a process that joins, and back when it leaves', async () => {
  const first = await start({ owner: 'first' })
  for (let i = 0; i < 20; i++) await send(say(`c${i % 5}`, i))
  const second = await start({ owner: 'second' })
  for (let i = 20; i < 40; i++) await send(say(`c${i % 5}`, i))
  await ask(say('c0', 40))
  const owners = new Set<string>()
  for (let p = 0; p < PARTITIONS; p++) owners.add((await announcements(p)).at(-1) ?? '')
  expect(owners).toEqual(new Set(['first', 'second']))
  await first.stop()
  for (let i = 41; i < 50; i++) await ask(say(`c${i % 5}`, i))
  await second.stop()
  expect(fatal).toEqual([])
  expect(answers.size).toBe(50)
  const updates = await tables.range(toyUpdates, { userId: 2 }, { limit: 100 })
  expect(updates.map(({ pts }) => pts)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
})

async function announcements(partition: number): Promise<string[]> {
  const cursor = log.open('chat.events', partition, 0 as Offset)
  const records = (await cursor.next({ maxRecords: 1000, maxBytes: 1e6 })).map(
    ({ value }) => toyCodec.decode(value).record,
  )
  return records.flatMap((record) =>
    record.type === 'OwnerAnnounced' ? [(record as OwnerAnnounced).owner] : [],
  )
}

test('a fold of an events topic leaves out what a superseded owner wrote', async () => {
  const actors = await start({ folds: [eventsFold] })
  await send(say('a', 1))
  await actors.stop()
  const partition = partitionOf('a', PARTITIONS)
  // Of the epoch before: as if its owner had woken up.
  const next = await start({ folds: [eventsFold] })
  // Whoever answers has announced itself.
  await ask(say('a', 2, 'refuse'))
  const stray: Said = {
    type: 'Said',
    chatId: 'a',
    by: 1,
    randomId: 9,
    seq: 9,
    last: true,
    choke: false,
    members: [],
  }
  const header = { cause: { ...AT, partition, offset: 77, index: 0 }, epoch: 1, reply: null }
  await log.append('chat.events', partition, [
    { key: 'a', value: toyCodec.encode(header, stray), timestampMs: 0 },
  ])
  await next.stop()
  expect((await tables.get(toyCounters, { userId: 1 }))?.pts).toBe(1)
})

/** Counts what a user says, from the chat's own events. */
const eventsFold: Fold<Said> = {
  group: 'toy-sayings',
  topic: 'chat.events',
  counterTable: toyCounters,
  counterKey: ({ by }) => ({ userId: by }),
  needs: () => [],
  fold: (rows, { by }, _header, { offset }) => {
    const pts = (rows.get(toyCounters, { userId: by })?.pts ?? 0) + 1
    return { rows: [], counter: { userId: by, pts, offset }, reactions: [] }
  },
}

test('a poison command parks its actor alone, across restarts, until it is let go', async () => {
  const internal = { code: 500, message: 'INTERNAL' }
  let actors = await start()
  await ask(say('a', 1))
  expect((await ask(say('a', 2, 'explode'))).error).toEqual(internal)
  expect((await ask(say('a', 3))).error).toEqual(internal)
  expect((await ask(say('b', 4))).error).toBeNull()
  await actors.stop()
  actors = await start()
  expect((await ask(say('a', 5))).error).toEqual(internal)
  expect((await ask(say('c', 6))).error).toBeNull()
  await actors.stop()
  const letters = await deadLetters()
  expect(letters.map((letter) => letter.replace(/ \d+ /, ' '))).toEqual([
    'a Error: exploded',
    'a parked before',
    'a parked before',
  ])
  const partition = partitionOf('a', PARTITIONS)
  actors = await start()
  expect(await unpark(ports(), { ...AT, partition, key: 'b' })).toBe(false)
  expect(await unpark(ports(), { ...AT, partition, key: 'a' })).toBe(true)
  expect((await ask(say('a', 7))).error).toBeNull()
  expect(await unpark(ports(), { ...AT, partition, key: 'a' })).toBe(false)
  await actors.stop()
  expect(
    (await tables.range(toyMessages, { chatId: 'a' }, { limit: 10 })).map((row) => row.randomId),
  ).toEqual([1, 7])
})

test('bytes that are no record park the key they came under', async () => {
  const actors = await start()
  await append('a', Buffer.from('nonsense'))
  expect((await ask(say('a', 1))).error?.code).toBe(500)
  expect((await ask(say('b', 2))).error).toBeNull()
  await actors.stop()
  expect((await deadLetters()).length).toBe(2)
})

test('a command that was caused by a record is handled once, however often it comes', async () => {
  const actors = await start()
  const cause = { topic: 'account.events', partition: 0, offset: 5, index: 0 }
  await answer(await send(say('a', 1), cause))
  await send(say('a', 2), cause)
  await answer(await send(say('a', 3), { ...cause, index: 1 }))
  await actors.stop()
  const rows = await tables.range(toyMessages, { chatId: 'a' }, { limit: 10 })
  expect(rows.map((row) => row.randomId)).toEqual([1, 3])
})

test('a store that fails ends it once, and nothing is acknowledged any more', async () => {
  let broken = false
  class FailingLog extends MemoryLog {
    override barrier(): Promise<void> {
      return broken ? Promise.reject(new Error('disk full')) : super.barrier()
    }
  }
  log = new FailingLog(new MemoryLogState())
  await log.createTopics(topicDefinitions(PARTITIONS))
  const actors = await start()
  await ask(say('a', 1))
  broken = true
  await send(say('a', 2))
  await send(say('b', 3))
  await actors.stop()
  expect(fatal).toEqual([new Error('disk full')])
  expect(answers.size).toBe(1)
})
