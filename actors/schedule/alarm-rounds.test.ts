import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { allTables, MemoryStateCache, MemoryTables } from '@heliograph/storage'
import type { Log } from '@heliograph/topics'
import { beforeEach, describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { extra } from '../message/public.samples.ts'
import { alice, chat, sent, seq } from '../message/samples.ts'
import { someAt } from '../runtime/specification.ts'
import { AlarmRounds } from './alarm-rounds.ts'

const due = someAt.date + 60

describe('rounds of alarms', () => {
  let nowMs: number
  let tables: MemoryTables
  let given: object[]
  let rounds: AlarmRounds

  beforeEach(async () => {
    nowMs = someAt.date * 1000
    tables = new MemoryTables()
    await tables.create(allTables)
    const codec = await RecordCodec.create(new EmbeddedRegistry())
    given = []
    const append: Log['append'] = async (_, __, records) => {
      for (const { value } of records) given.push(codec.decode(value).record)
      return 0 as never
    }
    const log = { append, partitions: () => 4 }
    const now = () => nowMs
    rounds = new AlarmRounds({ log, tables, cache: new MemoryStateCache(now), codec, nowMs: now })
  })

  const at = (seconds: number) => {
    nowMs = seconds * 1000
    return rounds.ring()
  }
  const put = {
    type: 'ScheduledPut',
    chatId: chat,
    senderId: alice,
    id: 1,
    randomId: 7n,
    replyToSeq: seq(3),
    silent: false,
    sealed: Buffer.from('body'),
    extra: null,
    words: null,
    dueAt: due,
    date: someAt.date,
    editDate: 0,
    formerDueAt: 0,
    ids: [1],
    randomIds: [7n],
    lastId: 1,
    lostFiles: [],
  } as never

  it('give what is due to the actor, and again only after a while', async () => {
    await tables.apply(messageDecider.project(put), 1)
    expect(await at(due - 1)).toBe(0)
    expect(await at(due)).toBe(1)
    expect(given).toEqual([
      {
        type: 'FireScheduled',
        chatId: chat,
        senderId: alice,
        id: 1,
        dueAt: due,
        randomId: 7n,
        replyToSeq: 3,
        threadSeq: null,
      },
    ])
    expect(await at(due + 1)).toBe(0)
    expect(await at(due + 40)).toBe(1)
  })

  it('take what runs out together in one command', async () => {
    const messages = [1, 2, 3].map((each) =>
      sent(alice, { seq: seq(each), randomId: BigInt(each), expiresAt: due }),
    )
    await tables.apply(
      messages.flatMap((message) => messageDecider.project(message)),
      1,
    )
    expect(await at(due)).toBe(1)
    expect(given).toEqual([{ type: 'ExpireMessages', chatId: chat, dueAt: due, seqs: [1, 2, 3] }])
  })

  it('end polls', async () => {
    const poll = { ...NO_POLL, options: [], correct: [], closeDate: due }
    const message = sent(alice, { extra: extra({ kinds: ['poll'], poll }) })
    await tables.apply(messageDecider.project(message), 1)
    expect(await at(due)).toBe(1)
    expect(given).toEqual([{ type: 'ExpireMessages', chatId: chat, dueAt: due, seqs: [1] }])
  })
})

const NO_POLL = {
  pollId: 9n,
  multiple: false,
  quiz: false,
  publicVoters: false,
  noRevote: false,
  hiddenResults: false,
}
