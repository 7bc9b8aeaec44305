import { deepStrictEqual, ok } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Random } from '@heliograph/actors/simulation'
import {
  contentBlob,
  contentKeyOf,
  contentName,
  createDocument,
  fileOfBytes,
  MEDIA_SCOPE,
  openDescription,
  sweepMedia,
} from '@heliograph/gateway/rpc'
import {
  CONTENT_GRACE_SECONDS,
  DOCUMENT_GRACE_SECONDS,
  type RecordCodec,
  type UserId,
} from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import {
  allTables,
  type Blobs,
  contents,
  documentHolders,
  documents,
  MemoryBlobs,
  MemoryStateCache,
  MemoryTables,
  mediaExpiries,
  memoryKeyring,
  readContent,
} from '@heliograph/storage'
import { OneActor } from './actor.ts'
import { Ended, Turns } from './turns.ts'

const USERS = [1, 2, 3] as UserId[]
const CONTENTS = ['one', 'two', 'three'].map((name) => Buffer.from(`content ${name}`))
const STEPS = 40
const END_ONE_IN = 25
const START_SECONDS = 1_700_000_000
/** Time passes between any two steps, but a call does not take as long as a document may take to be made. */
const MAX_PAUSE_SECONDS = CONTENT_GRACE_SECONDS / 20

/**
 * People upload, send and delete the same few contents again and again while gateways sweep and end anywhere. Whatever a
 * message refers to must be there, whole, at any time; and when nobody refers to anything any more nothing must be left.
 */
export class MediaWorld {
  readonly tables = new MemoryTables()
  readonly #keyring = memoryKeyring()
  readonly #codec: RecordCodec
  readonly #random: Random
  readonly #turns: Turns
  readonly #actor: OneActor
  readonly #blobs: MemoryBlobs
  readonly #held = new Map<string, bigint>()
  #seconds = START_SECONDS
  #nextId = 1n
  ended = 0
  /** Uploads that took too long, which their clients begin anew. */
  refused = 0

  constructor(seed: number, codec: RecordCodec) {
    this.#codec = codec
    this.#random = new Random(seed)
    this.#turns = new Turns(this.#random)
    this.#actor = new OneActor(this.tables, () => this.#seconds)
    this.#blobs = new MemoryBlobs(() => this.#seconds * 1000)
  }

  async run(): Promise<void> {
    await this.tables.create(allTables)
    for (let step = 0; step < STEPS; step++) {
      const acting = Array.from({ length: 1 + this.#random.below(4) }, () => this.#someone())
      const pause = () => {
        this.#seconds += this.#random.below(MAX_PAUSE_SECONDS)
      }
      await this.#turns.run(END_ONE_IN, pause)
      await Promise.all(acting)
      this.#seconds += this.#random.below(DOCUMENT_GRACE_SECONDS)
      await this.#assertHeldIsThere()
    }
    await this.#finish()
  }

  /** One thing that somebody does, which may end in the middle. */
  async #someone(): Promise<void> {
    const what = this.#random.below(6)
    try {
      if (what < 3) await this.#upload()
      else if (what === 3) await this.#release()
      else await sweepMedia(this.#services(new MemoryStateCache()))
    } catch (error) {
      if (error instanceof Ended) this.ended++
      else if (error instanceof RpcError) this.refused++
      else throw error
    }
  }

  async #upload(): Promise<void> {
    const services = this.#services(new MemoryStateCache())
    const id = this.#nextId++
    const file = fileOfBytes(this.#random.pick(CONTENTS))
    const value = { ...EMPTY_DOCUMENT, id, size: file.sizeBytes }
    const context = { services, user: this.#random.pick(USERS), caller: undefined, now: this.#seconds }
    await createDocument(context as never, { value, main: file, sizes: [], sizesFile: undefined })
    if (this.#random.below(3) === 0) return
    const holder = `message:u1-2:${id}`
    // Of one step: the record of the message is what tells the media actor.
    this.#held.set(holder, id)
    await this.#actor.ask({ type: 'HoldDocument', documentId: id, holder })
  }

  async #release(): Promise<void> {
    const [first] = [...this.#held]
    if (first === undefined) return
    const [holder, documentId] = first
    this.#held.delete(holder)
    await this.#actor.ask({ type: 'ReleaseDocument', documentId, holder })
  }

  /** What gateways work with, each operation of which is one of the turns. */
  #services(cache: MemoryStateCache) {
    const turn = async <T>(act: () => Promise<T>): Promise<T> => {
      await this.#turns.next()
      return act()
    }
    const blobs = this.#blobs
    const inTurns: Blobs = {
      put: async (key, content, max) => {
        const bytes: Buffer[] = []
        for await (const chunk of content) bytes.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk))
        return turn(() => blobs.put(key, Buffer.concat(bytes), max))
      },
      read: (...args) => turn(() => blobs.read(...args)),
      stream: (...args) => turn(() => blobs.stream(...args)),
      size: (key) => turn(() => blobs.size(key)),
      delete: (key) => turn(() => blobs.delete(key)),
      list: (area) => blobs.list(area),
      deleteListed: (area, name) => turn(() => blobs.deleteListed(area, name)),
    }
    const ask = (_topic: string, _key: string, command: never) => turn(() => this.#actor.ask(command))
    return {
      tables: this.tables,
      keyring: this.#keyring,
      codec: this.#codec,
      cache,
      blobs: inTurns,
      commands: { ask },
      nowMs: () => this.#seconds * 1000,
    } as never
  }

  /** Every document that a message holds is there, with every byte of its contents. */
  async #assertHeldIsThere(): Promise<void> {
    const key = await this.#keyring.find(MEDIA_SCOPE)
    for (const [holder, documentId] of this.#held) {
      const row = await this.tables.get(documents, { documentId })
      ok(row?.sealed && key, `${holder}: its document ${documentId} is gone`)
      const description = openDescription({ codec: this.#codec }, documentId, key, row.sealed)
      for (const { sha256, generation, sizeBytes } of description?.contents ?? []) {
        const blobKey = contentBlob({ name: contentName(this.#keyring, sha256), generation })
        const blob = { blobKey, key: contentKeyOf(this.#keyring, sha256), sizeBytes }
        const bytes = await readContent(this.#blobs, blob, 0, sizeBytes)
        ok(bytes, `${holder}: the blob of its document ${documentId} is gone`)
        deepStrictEqual(createHash('sha256').update(bytes).digest(), sha256)
      }
    }
  }

  /** Everything is deleted and all grace periods end: nothing may be left. */
  async #finish(): Promise<void> {
    while (this.#held.size > 0) await this.#release()
    for (let round = 0; round < 4; round++) {
      this.#seconds += DOCUMENT_GRACE_SECONDS + CONTENT_GRACE_SECONDS
      const sweeping = sweepMedia(this.#services(new MemoryStateCache()))
      await this.#turns.run(0)
      await sweeping
    }
    for (const table of [documents, documentHolders, contents, mediaExpiries])
      for await (const row of this.tables.scan(table)) ok(false, `left in ${table.name}: ${describe(row)}`)
    for await (const { name } of this.#blobs.list('content')) ok(false, `a blob is left: ${name}`)
  }
}

const EMPTY_DOCUMENT = {
  _: 'document',
  accessHash: 0n,
  fileReference: new Uint8Array(0),
  date: 0,
  mimeType: 'text/plain',
  dcId: 1,
  attributes: [],
} as const

const describe = (row: object): string =>
  JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value))
