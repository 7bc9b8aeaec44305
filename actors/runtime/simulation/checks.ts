import type { Position } from '@heliograph/schemas/avro'
import { MemoryTables, type Tables } from '@heliograph/storage'
import type { Log, TopicName } from '@heliograph/topics'
import { expect } from 'vitest'
import { Epochs } from '../epochs.ts'
import { readRange } from '../partition-reader.ts'
import { DEFAULT_LIMITS } from '../ports.ts'
import { replay } from '../replay.ts'
import type { Client } from './client.ts'
import {
  CHOKING_USER,
  type Said,
  type Say,
  toyCounters,
  toyDecider,
  toyDialogs,
  toyFold,
  toyRows,
  toyTables,
  toyUpdates,
} from './toy-chat.ts'
import { toyCodec } from './toy-codec.ts'
import type { World } from './world.ts'

/** More than any command has. */
const MAX_EVENTS = 100

/** What must hold once everything has come to rest, whatever happened on the way. */
export async function checkWorld(world: World, client: Client<Say>): Promise<void> {
  const { log, tables } = await world.stores()
  const said = await validEvents(log, 'chat.events')
  checkEvents(said, client)
  await checkMailboxes(tables, said)
  checkUpdates(client)
  expect(await dump(await replayed(log))).toEqual(await dump(tables))
}

/** Every acknowledged command's events stand once, and chats count without a gap. */
function checkEvents(said: readonly Said[], client: Client<Say>): void {
  const byCommand = count(said.map(({ chatId, randomId }) => `${chatId} ${randomId}`))
  const exploding = new Set(client.requests.filter(({ command }) => command.how === 'explode').map(chatOf))
  const choking = client.requests.some(({ command }) => command.how === 'choke')
  for (const request of client.requests) {
    const { command, answer } = request
    // Only the actor that a poison record parked answers so.
    if (answer?.error?.code === 500 && !exploding.has(chatOf(request))) {
      expect(choking && command.by === CHOKING_USER).toBe(true)
    }
    const times = byCommand.get(`${command.chatId} ${command.randomId}`) ?? 0
    if (answer?.error?.code === 400) expect(times).toBe(0)
    else if (answer !== undefined && answer.error === null) expect(times).toBe(command.times)
    else expect([0, command.times]).toContain(times)
    if (answer?.mailbox) {
      const { chatId, randomId } = command
      const own = said.filter((each) => each.chatId === chatId && each.randomId === randomId)
      expect(answer.mailbox.seq).toBe(own.at(-1)?.seq)
    }
  }
  for (const chatId of new Set(said.map((each) => each.chatId))) {
    const seqs = said.filter((each) => each.chatId === chatId).map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
  }
}

const chatOf = ({ command }: Client<Say>['requests'][number]): string => command.chatId

async function checkMailboxes(tables: Tables, said: readonly Said[]): Promise<void> {
  for (const userId of new Set(said.flatMap(({ members }) => members))) {
    const updates = await tables.range(toyUpdates, { userId }, { limit: 10_000 })
    const counted = new Set(updates.map(({ chatId, seq }) => `${chatId} ${seq}`))
    const all = said.filter(({ members }) => members.includes(userId))
    const choked = userId === CHOKING_USER && said.some(({ choke }) => choke)
    const expected = choked ? all.filter(({ chatId, seq }) => counted.has(`${chatId} ${seq}`)) : all
    expect(expected.some(({ choke }) => choke && choked)).toBe(false)
    expect(updates.map(({ pts }) => pts)).toEqual(expected.map((_, i) => i + 1))
    const places = updates.map(({ chatId, seq }) => `${chatId} ${seq}`)
    expect(places.sort()).toEqual(expected.map(({ chatId, seq }) => `${chatId} ${seq}`).sort())
    expect((await tables.get(toyCounters, { userId }))?.pts ?? 0).toBe(expected.length)
    for (const { chatId, count } of await tables.range(toyDialogs, { userId }, { limit: 100 })) {
      expect(count).toBe(expected.filter((each) => each.chatId === chatId).length)
    }
  }
}

/** A process tells each user's updates in the order of their pts. */
function checkUpdates(client: Client<Say>): void {
  for (const pts of client.updates.values()) expect(pts).toEqual([...pts].sort((a, b) => a - b))
}

async function validEvents(log: Log, topic: TopicName): Promise<Said[]> {
  const said: Said[] = []
  for (let p = 0; p < log.partitions(topic); p++) {
    const epochs = new Epochs()
    let lastCause = -1
    const end = await log.end(topic, p)
    for await (const records of readRange(log, topic, p, 0, end, DEFAULT_LIMITS)) {
      for (const { value } of records) {
        const { header, record } = toyCodec.decode(value)
        if (!epochs.accept(header, record)) continue
        // Commands are decided in order, and none that has an event a second time.
        const cause = (header.cause as Position).offset + (header.cause as Position).index / MAX_EVENTS
        expect(cause).toBeGreaterThan(lastCause)
        lastCause = cause
        if (record.type === 'Said') said.push(record as Said)
      }
    }
  }
  return said
}

async function replayed(log: Log): Promise<Tables> {
  const tables = new MemoryTables()
  await tables.create(toyTables)
  await replay({ log, tables, codec: toyCodec, deciders: [toyDecider], folds: [toyFold] })
  return tables
}

async function dump(tables: Tables): Promise<string[]> {
  const rows: string[] = []
  for (const table of toyRows) {
    for await (const row of tables.scan(table)) rows.push(`${table.name} ${JSON.stringify(row)}`)
  }
  return rows.sort()
}

function count(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}
