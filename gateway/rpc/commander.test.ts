import { type BusRecord, EmbeddedRegistry, RecordCodec, type SetBlocked } from '@heliograph/schemas/avro'
import { gatewayChannel, MemoryBus } from '@heliograph/storage'
import { type LogRecord, MemoryLog, type Offset, topicDefinitions } from '@heliograph/topics'
import { beforeEach, describe, expect, it } from 'vitest'
import { ANSWER_TIMEOUT_MS, Commander } from './commander.ts'
import { testCaller } from './test-rig.ts'

const command = (peerId: number): SetBlocked =>
  ({ type: 'SetBlocked', userId: 1, peerId, blocked: true }) as unknown as SetBlocked

describe('a commander', () => {
  let bus: MemoryBus
  let codec: RecordCodec
  let log: MemoryLog
  let appends: (readonly LogRecord[])[]
  let nowMs: number
  let flush: () => void
  let commander: Commander

  beforeEach(async () => {
    bus = new MemoryBus()
    codec = await RecordCodec.create(new EmbeddedRegistry())
    log = new MemoryLog()
    await log.createTopics(topicDefinitions(1))
    appends = []
    const append = log.append.bind(log)
    log.append = (topic, partition, records) => {
      appends.push(records)
      return append(topic, partition, records)
    }
    nowMs = 1_000_000
    commander = await Commander.start({
      topics: log,
      bus,
      codec,
      node: 'n1',
      nowMs: () => nowMs,
      schedule: (run) => {
        flush = run
      },
    })
    return () => commander.close()
  })

  const ask = (peerId: number) =>
    commander.ask('account.commands', 'user:1', command(peerId), testCaller(1, 'ab'))
  const reply = (request: number, error: { code: number; message: string } | null = null) =>
    bus.publish(
      gatewayChannel('n1'),
      codec.encodeBare<BusRecord>({
        type: 'Reply',
        request,
        error,
        mailbox: null,
        channel: null,
        userId: null,
      }),
    )
  const headerOf = (record: LogRecord) => codec.decode(record.value).header

  it('appends the commands of one turn together and in order, each with its address', async () => {
    const first = ask(1)
    const second = ask(2)
    flush()
    expect(appends.length).toBe(1)
    const records = appends[0]!
    expect(records.map((record) => codec.decode<SetBlocked>(record.value).record.peerId)).toEqual([1, 2])
    expect(records.map((record) => record.key)).toEqual(['user:1', 'user:1'])
    const { reply: address } = headerOf(records[0]!)
    expect(address).toMatchObject({ gateway: 'n1', request: 1 })
    expect(address!.session.toString('hex')).toBe('ab'.repeat(8) + 'ff'.repeat(8))
    reply(2)
    reply(1)
    expect((await first).request).toBe(1)
    expect((await second).request).toBe(2)
  })

  it('turns a rejection into the error of the protocol', async () => {
    const asked = ask(1)
    flush()
    reply(1, { code: 400, message: 'USERNAME_OCCUPIED' })
    await expect(asked).rejects.toMatchObject({ code: 400, errorMessage: 'USERNAME_OCCUPIED' })
  })

  it('gives up a call whose answer does not come, and ignores the late answer', async () => {
    const asked = ask(1)
    flush()
    nowMs += ANSWER_TIMEOUT_MS - 1
    const later = ask(2)
    commander.expire()
    nowMs += 1
    commander.expire()
    await expect(asked).rejects.toMatchObject({ code: 500, errorMessage: 'TIMEOUT' })
    flush()
    reply(1)
    reply(2)
    expect((await later).request).toBe(2)
  })

  it('refuses the calls of an append that failed', async () => {
    log.append = () => Promise.reject<Offset>(new Error('disk full'))
    const asked = ask(1)
    flush()
    await expect(asked).rejects.toMatchObject({ code: 500, errorMessage: 'LOG_UNAVAILABLE' })
  })

  it('refuses what waits when it closes', async () => {
    const asked = ask(1)
    commander.close()
    await expect(asked).rejects.toMatchObject({ code: 500 })
  })
})
