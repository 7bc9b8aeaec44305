import { EmbeddedRegistry, RecordCodec, type Reply, type UserId } from '@heliograph/schemas/avro'
import {
  allTables,
  contents,
  documentHolds,
  gatewayChannel,
  MemoryBus,
  MemoryTables,
} from '@heliograph/storage'
import { MemoryLog, partitionOf, topicDefinitions } from '@heliograph/topics'
import { afterEach, expect, it } from 'vitest'
import { type Actors, startActors } from '../runtime/node.ts'
import { mediaDecider } from './index.ts'

const PARTITIONS = 4
const DATE = 1_700_000_000
let actors: Actors | undefined

afterEach(() => actors?.stop())

async function start() {
  const codec = await RecordCodec.create(new EmbeddedRegistry())
  const [log, tables, bus] = [new MemoryLog(), new MemoryTables(), new MemoryBus()]
  await log.createTopics(topicDefinitions(PARTITIONS))
  await tables.create(allTables)
  const waiting = new Map<number, (reply: Reply) => void>()
  await bus.subscribe(gatewayChannel('g1'), (payload) => {
    const reply = codec.decodeBare<Reply>(payload)
    waiting.get(reply.request)?.(reply)
  })
  actors = await startActors({
    log,
    tables,
    bus,
    codec,
    now: () => DATE * 1000,
    owner: 'test',
    deciders: [mediaDecider],
    folds: [],
    onFatal: (error) => {
      throw error
    },
  })
  const ask = async (key: string, record: Parameters<typeof mediaDecider.needs>[0]): Promise<Reply> => {
    const request = waiting.size + 1
    const reply = { gateway: 'g1', request, session: Buffer.alloc(16, 1) }
    const value = codec.encode({ cause: null, epoch: 0, reply }, record)
    const answer = new Promise<Reply>((resolve) => waiting.set(request, resolve))
    const at = partitionOf(key, PARTITIONS)
    await log.append('media.commands', at, [{ key, value, timestampMs: DATE * 1000 }])
    return answer
  }
  return { ask, tables }
}

it('a document is made of contents, which it holds through commands of its own', async () => {
  const { ask, tables } = await start()
  const name = 'aa'
  const reply = await ask('file:aa', { type: 'ReserveContent', name, sizeBytes: 10 })
  expect(reply.content).toMatchObject({ stored: false })
  const generation = reply.content!.generation
  expect((await ask('file:aa', { type: 'StoreContent', name, generation })).error).toBeNull()
  const sealed = Buffer.from('sealed')
  const made = { documentId: 7n, uploaderId: 1 as UserId, contents: [{ name, generation }], sealed }
  await ask('document:7', { type: 'CreateDocument', ...made })
  await expect.poll(async () => (await tables.get(contents, { name }))?.holders).toBe(1)
  await ask('document:7', { type: 'HoldDocument', documentId: 7n, holder: 'message:u1-2:1' })
  await expect.poll(async () => (await tables.get(documentHolds, { documentId: 7n }))?.holders).toBe(1)
})
