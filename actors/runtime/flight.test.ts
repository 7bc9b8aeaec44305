import { MemoryTables, MemoryTablesState, type Mutation } from '@heliograph/storage'
import { type LogRecord, LogUnavailable, MemoryLog, type Offset, topicDefinitions } from '@heliograph/topics'
import { expect, test } from 'vitest'
import { Flight } from './flight.ts'
import { Outbox, Sender } from './outbox.ts'
import { RowCache } from './row-cache.ts'
import { RowView } from './row-view.ts'
import { toyChats, toyTables } from './simulation/toy-chat.ts'
import { rest } from './toy.fixture.ts'

const chat = (lastSeq: number): Mutation => {
  return { kind: 'upsert', table: toyChats, row: { chatId: 'a', lastSeq } }
}
const ref = { table: toyChats, key: { chatId: 'a' } }

function gate() {
  let open!: () => void
  let fail!: (error: Error) => void
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { passed, open, fail }
}

test('a row that is on its way is seen as the last batch wrote it, kept in memory or not', async () => {
  const tables = new MemoryTables(new MemoryTablesState())
  await tables.create(toyTables)
  await tables.apply([chat(1)], 1)
  const flight = new Flight(4)
  const gates = [gate(), gate()]
  for (const [i, { passed }] of gates.entries()) {
    const view = new RowView(new RowCache(1), flight)
    view.write(chat(i + 2))
    void flight.push(view, passed)
  }
  const seen = async () => {
    const view = new RowView(new RowCache(1), flight)
    await view.load(tables, [ref])
    return view.get(toyChats, ref.key)?.lastSeq
  }
  expect(await seen()).toBe(3)
  gates[1]?.open()
  await rest()
  expect(await seen()).toBe(3)
  await tables.apply([chat(3)], 3)
  gates[0]?.open()
  await flight.landed()
  expect(flight.landed()).toBeUndefined()
  expect(await seen()).toBe(3)
})

test('no more take off than may, and none after one that failed', async () => {
  const flight = new Flight(2)
  const gates = [gate(), gate()]
  const landings = gates.map(({ passed }) => flight.push({ wrote: () => undefined }, passed))
  const settled = Promise.allSettled(landings)
  const room = flight.room()
  expect(room).toBeDefined()
  gates[0]?.open()
  await room
  expect(flight.room()).toBeUndefined()
  void flight.push({ wrote: () => undefined }, Promise.resolve()).catch(() => undefined)
  gates[1]?.fail(new Error('away'))
  await expect(flight.room()).rejects.toThrow('away')
  await expect(flight.landed()).rejects.toThrow('away')
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test('a consequence is not sent while an earlier one is on its way, nor after one that failed', async () => {
  const gates = [gate(), gate()]
  const appended: string[] = []
  class SlowLog extends MemoryLog {
    override async append(...args: Parameters<MemoryLog['append']>): Promise<Offset> {
      const records: readonly LogRecord[] = args[2]
      appended.push(records.map(({ value }) => String(value)).join())
      await gates[appended.length - 1]?.passed
      return super.append(...args)
    }
  }
  const log = new SlowLog()
  await log.createTopics(topicDefinitions(1))
  const sender = new Sender(log)
  const send = (value: string) => {
    const outbox = new Outbox(log)
    outbox.add([{ topic: 'mailbox.events', key: 'k', value: Buffer.from(value) }], 0)
    return sender.send(outbox)
  }
  const first = send('1')
  const second = send('2')
  const third = send('3')
  const failed = Promise.allSettled([second.sent, third.sent])
  await rest()
  expect(appended).toEqual(['1'])
  gates[0]?.open()
  await first.sent
  await rest()
  expect(appended).toEqual(['1', '2'])
  gates[1]?.fail(new LogUnavailable('away'))
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(appended).toEqual(['1', '2'])
  await expect(send('4').sent).rejects.toThrow(LogUnavailable)
})
