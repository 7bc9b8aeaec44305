import { createDocument, fileOfBytes, sweepMedia } from '@heliograph/gateway/rpc'
import {
  DOCUMENT_GRACE_SECONDS,
  EmbeddedRegistry,
  RecordCodec,
  type ShelfName,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  allTables,
  documents,
  MemoryBlobs,
  MemoryStateCache,
  MemoryTables,
  memoryKeyring,
} from '@heliograph/storage'
import { beforeEach, expect, it } from 'vitest'
import { OneActor } from './actor.ts'

const START_SECONDS = 1_700_000_000
const USER = 1 as UserId

type Command = Parameters<OneActor['ask']>[0]
let nowSeconds: number
let tables: MemoryTables
let blobs: MemoryBlobs
let actor: OneActor
let codec: RecordCodec
const keyring = memoryKeyring()

beforeEach(async () => {
  nowSeconds = START_SECONDS
  tables = new MemoryTables()
  await tables.create(allTables)
  blobs = new MemoryBlobs(() => nowSeconds * 1000)
  actor = new OneActor(tables, () => nowSeconds)
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

const services = () =>
  ({
    ...{ tables, blobs, keyring, codec, cache: new MemoryStateCache() },
    commands: { ask: (_topic: string, _key: string, command: Command) => actor.ask(command) },
    nowMs: () => nowSeconds * 1000,
  }) as never

async function upload(id: bigint): Promise<void> {
  const main = fileOfBytes(Buffer.from(`file ${id}`))
  const value = {
    _: 'document',
    ...{ id, accessHash: 0n, fileReference: new Uint8Array(0), date: 0, dcId: 1 },
    ...{ mimeType: 'audio/mpeg', size: main.sizeBytes, attributes: [] },
  } as const
  const context = { services: services(), user: USER, caller: undefined, now: nowSeconds } as never
  await createDocument(context, {
    value: { ...value, attributes: [] },
    main,
    sizes: [],
    sizesFile: undefined,
  })
}

/** Sweeps until nothing more can be given up, long after all grace periods. */
async function sweep(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    nowSeconds += 2 * DOCUMENT_GRACE_SECONDS
    await sweepMedia(services())
  }
}

async function left(): Promise<{ documents: bigint[]; blobs: number }> {
  const ids: bigint[] = []
  for await (const { documentId } of tables.scan(documents)) ids.push(documentId!)
  let count = 0
  for await (const _ of blobs.list('content')) count += 1
  return { documents: ids, blobs: count }
}

const shelf = (name: ShelfName): [Command, Command] => [
  {
    ...{ type: 'PutOnShelf', userId: USER, shelf: name, itemId: 1n, documentId: 1n },
    ...{ name: null, archived: false, settings: null },
  },
  { type: 'TakeFromShelf', userId: USER, shelf: name, itemIds: [1n] },
]
const entry = (kind: 'wallpaper' | 'stickers' | 'theme'): [Command, Command] => [
  {
    ...{ type: 'PublishEntry', kind, name: 'one', entryId: 9n, ownerId: USER },
    ...{ sealed: Buffer.alloc(1), documentIds: [1n] },
  },
  { type: 'WithdrawEntry', kind, name: 'one', ownerId: USER },
]
const message: [Command, Command] = [
  { type: 'HoldDocument', documentId: 1n, holder: 'message:u1-2:1' },
  { type: 'ReleaseDocument', documentId: 1n, holder: 'message:u1-2:1' },
]

it.each([
  ['music on a page', ...shelf('music')],
  ['a ringtone', ...shelf('ringtones')],
  ['a saved GIF', ...shelf('gifs')],
  ['a favourite sticker', ...shelf('faved')],
  ['a wallpaper', ...entry('wallpaper')],
  ['a theme', ...entry('theme')],
  ['a sticker set', ...entry('stickers')],
  ['a message', ...message],
] as const)('%s keeps its file for as long as it is there, and no longer', async (_, hold, release) => {
  await upload(1n)
  await upload(2n)
  await actor.ask(hold)
  await sweep()
  expect(await left()).toEqual({ documents: [1n], blobs: 1 })
  await actor.ask(release)
  await sweep()
  expect(await left()).toEqual({ documents: [], blobs: 0 })
})
