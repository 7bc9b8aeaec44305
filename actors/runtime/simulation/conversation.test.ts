import {
  type ChatCommand,
  EmbeddedRegistry,
  type MessageSent,
  peerIdOf,
  privateChatId,
  RecordCodec,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  allTables,
  chatReads,
  chats,
  dialogs,
  MemoryTables,
  type Mutation,
  mailboxCounters,
  mailboxHistory,
  mailboxMessages,
  mailboxUpdates,
  messages,
  sentRandomIds,
  type Tables,
  users,
} from '@heliograph/storage'
import { type Log, topicDefinitions } from '@heliograph/topics'
import { beforeAll, describe, expect, test } from 'vitest'
import { messageDecider } from '../../message/index.ts'
import { notificationFold } from '../../notification/index.ts'
import { Epochs } from '../epochs.ts'
import { readRange } from '../partition-reader.ts'
import { DEFAULT_LIMITS } from '../ports.ts'
import { replay } from '../replay.ts'
import { Client } from './client.ts'
import type { Cast } from './incarnation.ts'
import { live, someCrash } from './life.ts'
import { Random } from './random.ts'
import { type CrashPoint, type StoreModel, WORLD_TIME_MS, World } from './world.ts'

/** The same crashes as in `crash.test.ts`, with the actors, records and tables of the product. */

const TOPICS = topicDefinitions(2)
const PEOPLE = [1_000_000_001, 1_000_000_002, 1_000_000_003] as UserId[]
const REBUILT = [
  chats,
  messages,
  sentRandomIds,
  chatReads,
  mailboxCounters,
  mailboxHistory,
  mailboxMessages,
  mailboxUpdates,
  dialogs,
]
let codec: RecordCodec
let cast: Cast

beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
  cast = { codec, deciders: [messageDecider], folds: [notificationFold] }
})

async function signUp(world: World): Promise<void> {
  const { tables } = await world.stores()
  const mutations = PEOPLE.map((userId): Mutation => {
    const row = { userId, phoneHmac: 'x', profile: Buffer.alloc(1), username: null, createdAt: 1 }
    return { kind: 'upsert', table: users, row }
  })
  await tables.apply(mutations, 1)
  world.noteDone({ kind: 'apply', mutations, writeTime: 1 })
  world.makeDurable(world.written)
}

function someCommand(random: Random, i: number): ChatCommand {
  const [one, two] = [random.pick(PEOPLE), random.pick(PEOPLE)]
  const chatId = privateChatId(one, two)
  const seq = (1 + random.below(4)) as never
  const sealed = Buffer.from(`message ${i}`)
  switch (random.below(8)) {
    case 0:
      return { type: 'ReadHistory', chatId, readerId: one, upToSeq: seq }
    case 1:
      return { type: 'DeleteMessages', chatId, userId: one, seqs: [seq], forAll: random.below(2) === 0 }
    case 2:
      return { type: 'EditMessage', chatId, editorId: one, seq, sealed }
    default: {
      const replyToSeq = random.below(3) === 0 ? seq : null
      return {
        type: 'SendMessage',
        chatId,
        senderId: one,
        randomId: BigInt(i),
        sealed,
        replyToSeq,
        silent: false,
      }
    }
  }
}

async function check(seed: number, model: StoreModel, crashes: readonly CrashPoint[]): Promise<void> {
  const world = new World(seed, model, TOPICS, allTables)
  await signUp(world)
  const client = new Client<ChatCommand>(world, {
    codec,
    decodeBare: (payload) => codec.decodeBare(payload),
    topic: 'chat.commands',
    keyOf: ({ chatId }) => chatId,
  })
  const script = Array.from({ length: 20 }, (_, i) => someCommand(world.random, i))
  await live(world, cast, client, script, crashes)
  expect(client.unanswered).toBe(0)
  const { log, tables } = await world.stores()
  const sent = await sentMessages(log)
  for (const { command, answer } of client.requests) {
    if (command.type !== 'SendMessage') continue
    const times = sent.filter(({ randomId }) => randomId === command.randomId).length
    expect(times).toBe(answer?.error === null ? 1 : 0)
  }
  await checkPts(tables)
  await checkMessages(tables, sent)
  const rebuilt = new MemoryTables(undefined, () => WORLD_TIME_MS)
  await rebuilt.create(allTables)
  await replay({ log, codec, tables: rebuilt, deciders: cast.deciders, folds: cast.folds })
  expect(await dump(rebuilt)).toEqual(await dump(tables))
}

async function sentMessages(log: Log): Promise<MessageSent[]> {
  const sent: MessageSent[] = []
  for (let p = 0; p < log.partitions('chat.events'); p++) {
    const epochs = new Epochs()
    const end = await log.end('chat.events', p)
    for await (const records of readRange(log, 'chat.events', p, 0, end, DEFAULT_LIMITS)) {
      for (const { value } of records) {
        const { header, record } = codec.decode(value)
        if (epochs.accept(header, record) && record.type === 'MessageSent') sent.push(record as MessageSent)
      }
    }
  }
  return sent
}

async function checkPts(tables: Tables): Promise<void> {
  for (const userId of PEOPLE) {
    let pts = 1
    for (const update of await tables.range(mailboxUpdates, { userId }, { limit: 1000 })) {
      pts += update.ptsCount ?? 0
      expect(update.pts).toBe(pts)
    }
    expect((await tables.get(mailboxCounters, { userId }))?.pts ?? 1).toBe(pts)
  }
}

/** Each member counted each message once, by ids without a gap. */
async function checkMessages(tables: Tables, sent: readonly MessageSent[]): Promise<void> {
  for (const userId of PEOPLE) {
    const expected = sent.filter(({ members }) => members.includes(userId)).map(placeOf(userId))
    const counted = await tables.range(mailboxMessages, { userId }, { limit: 1000 })
    expect(counted.map(({ msgId }) => msgId)).toEqual(expected.map((_, i) => i + 1))
    expect(counted.map(({ peerId, seq }) => `${peerId} ${seq}`).sort()).toEqual(expected.sort())
  }
}

const placeOf =
  (userId: UserId) =>
  ({ chatId, seq }: MessageSent): string =>
    `${peerIdOf(userId, chatId)} ${seq}`

async function dump(tables: Tables): Promise<string[]> {
  const rows: string[] = []
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  for (const table of REBUILT) {
    for await (const row of tables.scan(table)) rows.push(`${table.name} ${JSON.stringify(row, plain)}`)
  }
  return rows.sort()
}

describe.each<StoreModel>(['shared', 'independent'])('on %s stores', (model) => {
  test('people who talk while processes crash lose and double nothing', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = new Random(seed)
      const crashes = Array.from({ length: random.below(5) }, () => someCrash(random, 120))
      try {
        await check(seed, model, crashes)
      } catch (error) {
        throw new Error(`fails with seed ${seed}, crashes ${JSON.stringify(crashes)}`, { cause: error })
      }
    }
  })
})
