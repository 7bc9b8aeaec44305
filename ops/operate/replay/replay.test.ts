import { randomBytes } from 'node:crypto'
import {
  accountDecider,
  mediaDecider,
  messageDecider,
  notificationFold,
  startActors,
} from '@heliograph/actors'
import {
  type ChatId,
  EmbeddedRegistry,
  privateChatId,
  RecordCodec,
  type UserId,
  userKey,
} from '@heliograph/schemas/avro'
import { allTables, dialogs, MemoryBus, MemoryTables, messages, type Tables } from '@heliograph/storage'
import { MemoryLog, partitionOf, type TopicName, topicDefinitions } from '@heliograph/topics'
import { beforeEach, describe, expect, it } from 'vitest'
import { compareTables } from './compare.ts'
import { replayedTables } from './origin.ts'
import { Rebuild } from './rebuild.ts'
import { inspectScope, repairRows } from './repair.ts'
import { chatScope, userScopes } from './scope.ts'
import { verify } from './verify.ts'

const PARTITIONS = 2
const [ALICE, BOB, CAROL] = [101, 102, 103] as UserId[] as [UserId, UserId, UserId]
const NOW_MS = 1_700_000_000_000

let log: MemoryLog
let live: MemoryTables
let codec: RecordCodec

beforeEach(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
  log = new MemoryLog()
  live = await emptyTables()
  await log.createTopics(topicDefinitions(PARTITIONS))
  for (const userId of [ALICE, BOB, CAROL]) {
    const profile = Buffer.from('profile')
    await give('account.commands', userKey(userId), {
      type: 'CreateUser',
      userId,
      phoneHmac: `${userId}`,
      profile,
    })
  }
  await handleAll()
  for (let i = 0; i < 40; i++) await send(ALICE, i % 3 === 0 ? CAROL : BOB)
  await give('account.commands', userKey(BOB), {
    type: 'SetBlocked',
    userId: BOB,
    peerId: CAROL,
    blocked: true,
  })
  await handleAll()
})

async function emptyTables(): Promise<MemoryTables> {
  const tables = new MemoryTables(undefined, () => NOW_MS)
  await tables.create(allTables)
  return tables
}

async function give(
  topic: TopicName,
  key: string,
  record: { readonly type: string; readonly [field: string]: unknown },
): Promise<void> {
  const value = codec.encode({ cause: null, epoch: 0, reply: null, trace: null }, record)
  await log.append(topic, partitionOf(key, PARTITIONS), [{ key, value, timestampMs: NOW_MS }])
}

async function send(from: UserId, to: UserId): Promise<void> {
  const chatId: ChatId = privateChatId(from, to)
  await give('chat.commands', chatId, {
    type: 'SendMessage',
    chatId,
    senderId: from,
    randomId: randomBytes(8).readBigInt64LE(),
    replyToSeq: null,
    silent: false,
    sealed: randomBytes(40),
  })
}

/** Actors take over, handle what there is, and end. */
async function handleAll(): Promise<void> {
  const actors = await startActors({
    log,
    tables: live,
    bus: new MemoryBus(),
    codec,
    now: () => NOW_MS,
    owner: 'test',
    deciders: [accountDecider, messageDecider, mediaDecider],
    folds: [notificationFold],
    onFatal: (error) => {
      throw error
    },
  })
  await actors.stop()
}

const damage = (tables: Tables, seq: number) =>
  tables.apply(
    [{ kind: 'delete', table: messages, key: { chatId: privateChatId(ALICE, BOB), seq } }],
    1_000_000,
  )

describe('a replay', () => {
  it('knows where every row comes from, but for positions and keys', () => {
    const missing = allTables.filter((table) => !replayedTables.includes(table))
    expect(missing.map(({ name }) => name).sort()).toEqual(['checkpoints', 'data_keys', 'parked_actors'])
  })

  it('rebuilds every row of the live tables', async () => {
    const replayed = await emptyTables()
    const rebuild = await Rebuild.open({ log, codec, tables: replayed })
    expect(await rebuild.catchUp()).toBeGreaterThan(100)
    const { rows, count } = await compareTables(live, replayed, replayedTables)
    expect(rows).toBeGreaterThan(200)
    expect(count).toBe(0)
  })

  it('goes on where an earlier one was cut off', async () => {
    const replayed = await emptyTables()
    await (await Rebuild.open({ log, codec, tables: replayed })).catchUp()
    await send(BOB, ALICE)
    await handleAll()
    const again = await Rebuild.open({ log, codec, tables: replayed })
    expect(await again.catchUp()).toBeLessThan(20)
    expect((await compareTables(live, replayed, replayedTables)).count).toBe(0)
  })

  it('tells which rows differ: lost, changed and too many', async () => {
    const replayed = await emptyTables()
    const rebuild = await Rebuild.open({ log, codec, tables: replayed })
    await rebuild.catchUp()
    await damage(live, 3)
    const [dialog] = await live.range(dialogs, { userId: BOB }, { limit: 1 })
    const time = 1_000_000
    await live.apply([{ kind: 'upsert', table: dialogs, row: { ...dialog, unread: 77 } }], time)
    await live.apply([{ kind: 'upsert', table: dialogs, row: { ...dialog, peerId: 999 } }], time)
    const { differences } = await verify(live, replayed, rebuild)
    expect(differences.map(({ table, kind }) => `${table.name} ${kind}`).sort()).toEqual([
      'dialogs different',
      'dialogs extra',
      'messages missing',
    ])
  })

  it('compares with a system that goes on: what it changed in between is no difference', async () => {
    const replayed = await emptyTables()
    const rebuild = await Rebuild.open({ log, codec, tables: replayed })
    await rebuild.catchUp()
    await send(BOB, ALICE)
    await handleAll()
    expect((await verify(live, replayed, rebuild)).count).toBe(0)
  })
})

describe('a repair', () => {
  it('of one chat writes what the log says, and only that', async () => {
    const chatId = privateChatId(ALICE, BOB)
    const ports = { log, codec, live, scratch: await emptyTables() }
    await live.apply([{ kind: 'delete', table: messages, key: { chatId, seq: 2 } }], 1_000)
    const found = await inspectScope(chatScope(chatId), ports)
    expect(found.differences).toEqual([{ table: messages, key: { chatId, seq: 2 }, kind: 'missing' }])
    await repairRows(ports, { ...found, endOf: () => 2_000 })
    const again = await inspectScope(chatScope(chatId), { ...ports, scratch: await emptyTables() })
    expect(again.differences).toEqual([])
  })

  it('of one user covers what it set and what it received', async () => {
    const before = await compareWithReplay()
    const time = 1_000
    await live.apply([{ kind: 'delete', table: dialogs, key: { userId: BOB, peerId: ALICE } }], time)
    for (const scope of userScopes(BOB)) {
      const ports = { log, codec, live, scratch: await emptyTables() }
      const found = await inspectScope(scope, ports)
      expect(found.rows).toBeGreaterThan(0)
      await repairRows(ports, { ...found, endOf: () => time + 1 })
    }
    expect(await compareWithReplay()).toBe(before)
  })

  async function compareWithReplay(): Promise<number> {
    const replayed = await emptyTables()
    await (await Rebuild.open({ log, codec, tables: replayed })).catchUp()
    return (await compareTables(live, replayed, replayedTables)).count
  }
})
