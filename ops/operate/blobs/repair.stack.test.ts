import { randomBytes } from 'node:crypto'
import { contentBlob } from '@heliograph/gateway/rpc'
import { contents } from '@heliograph/storage'
import { SeaweedBlobs, SeaweedCopies } from '@heliograph/storage/seaweedfs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { OneActor } from '../../simulation/media/actor.ts'
import { ALICE, Conversation } from '../conversation.fixture.ts'
import type { Opened } from '../open.ts'
import { repairBlobs } from './repair.ts'
import { ReplicatedSeaweed } from './replicated.fixture.ts'
import { NOW, uploadAs } from './upload.fixture.ts'
import { verifyBlobs } from './verify.ts'

const DIRECTORY = 'repair'
/** Two chunks of the filer, of 4 MiB at most. */
const SIZE_BYTES = 6_000_000
const PIECE_BYTES = 64

let conversation: Conversation
let cluster: ReplicatedSeaweed
beforeAll(async () => {
  ;[cluster, conversation] = await Promise.all([ReplicatedSeaweed.start(), Conversation.create()])
})
afterAll(async () => {
  await cluster?.stop()
  conversation?.remove()
})

it('finds the damaged replica of each chunk, and makes both right again', async () => {
  await conversation.on(async ({ ports }, codec) => {
    const settings = { filer: cluster.filer, directory: DIRECTORY, master: cluster.master }
    const blobs = new SeaweedBlobs(settings)
    const stores: Opened = { ...ports, blobs, codec, nowMs: () => NOW * 1000, embedded: true }
    const actor = new OneActor(ports.tables, () => NOW)
    await uploadAs(stores, actor, { id: 1n, user: ALICE, bytes: randomBytes(SIZE_BYTES) })
    const place = async () => {
      for await (const { name, generation } of ports.tables.scan(contents))
        return contentBlob({ name: name!, generation: generation! })
      throw new Error('no content')
    }
    const piece = async (start: number) => (await blobs.read(await place(), start, start + PIECE_BYTES))!
    const repair = async () => {
      const copies = new SeaweedCopies(settings)
      const result = await repairBlobs(stores, [copies], () => undefined)
      await copies.close()
      return result
    }
    expect(await repair()).toMatchObject({ contents: 1, repaired: [], beyond: [] })

    // One server's copy of the first chunk of the filer, the other server's of the second.
    expect(cluster.damage(1, await piece(2_000_000))).toBe(1)
    expect(cluster.damage(2, await piece(5_000_000))).toBe(1)
    expect((await repair()).repaired).toHaveLength(1)
    expect(await repair()).toMatchObject({ contents: 1, repaired: [], beyond: [] })
    expect((await verifyBlobs(stores, () => undefined)).bad).toEqual([])

    const lost = await piece(3_000_000)
    // What was replaced lies there too, until the volume is tidied up.
    for (const server of [1, 2] as const) expect(cluster.damage(server, lost)).toBeGreaterThan(0)
    const { repaired, beyond } = await repair()
    expect([repaired, beyond]).toMatchObject([[], [{ why: 'damaged' }]])
    await blobs.close()
  })
})
