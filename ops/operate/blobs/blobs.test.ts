import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contentBlob } from '@heliograph/gateway/rpc'
import { CONTENT_AREA, contents } from '@heliograph/storage'
import { FileBlobs } from '@heliograph/storage/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OneActor } from '../../simulation/media/actor.ts'
import type { EmbeddedStores } from '../../start/embedded.ts'
import { ALICE, BOB, Conversation } from '../conversation.fixture.ts'
import { blobsCommand } from './command.ts'
import { findOrphans, MIN_ORPHAN_AGE_MS, removeOrphans } from './orphans.ts'
import { NOW, uploadAs } from './upload.fixture.ts'

let conversation: Conversation
beforeEach(async () => {
  conversation = await Conversation.create()
  await conversation.on(async (stores, codec) => {
    const actor = new OneActor(stores.ports.tables, () => NOW)
    const send = (id: bigint, user: number, text: string) =>
      uploadAs({ ...stores.ports, codec }, actor, { id, user, bytes: Buffer.from(text) })
    await send(1n, ALICE, 'the same')
    await send(2n, BOB, 'the same')
    await send(3n, BOB, 'another')
  })
})
afterEach(async () => {
  process.exitCode = undefined
  await conversation.remove()
})

const found = async (...flags: string[]) => {
  const [line] = await conversation.run(blobsCommand(), '--json', ...flags)
  return JSON.parse(line ?? '')
}
const firstContent = async ({ ports }: EmbeddedStores) => {
  for await (const { name, generation } of ports.tables.scan(contents))
    return { name: name!, generation: generation! }
  throw new Error('no content')
}

it('tells what is kept, and what is saved by keeping the same once', async () => {
  const { usage } = await found()
  expect(usage).toMatchObject({ documents: 3, contents: 2, free: 0, toErase: 0, parts: 0 })
  expect(usage.referredBytes).toBeGreaterThan(usage.storedBytes)
  const lines = await conversation.run(blobsCommand())
  expect(lines.join('\n')).toContain('each stored byte is used 1.5')
})

it('finds every content whole, and one that is damaged or gone', async () => {
  expect((await found('--verify')).verified).toMatchObject({ contents: 2, bad: [] })
  expect(process.exitCode).toBeUndefined()
  await conversation.on(async (stores) => {
    const blob = contentBlob(await firstContent(stores))
    const size = (await stores.ports.blobs.size(blob))!
    await stores.ports.blobs.delete(blob)
    await stores.ports.blobs.put(blob, Buffer.alloc(size), size)
  })
  expect((await found('--verify')).verified.bad).toMatchObject([{ why: 'damaged' }])
  expect(process.exitCode).toBe(1)
  await conversation.on(async (stores) => stores.ports.blobs.delete(contentBlob(await firstContent(stores))))
  expect((await found('--verify', '--orphans')).verified.bad).toMatchObject([{ why: 'no blob' }])
  expect((await found('--orphans')).orphans.missing).toHaveLength(1)
})

it('finds what nothing has, when it is old enough, and removes nothing else', async () => {
  await conversation.on(async ({ ports }, codec) => {
    await ports.blobs.put(`${CONTENT_AREA}/nobody's`, Buffer.from('orphan'), 100)
    const opened = (nowMs: () => number) => ({ ...ports, codec, nowMs, embedded: true })
    expect((await findOrphans(opened(Date.now))).orphans).toEqual([])
    const later = opened(() => Date.now() + MIN_ORPHAN_AGE_MS)
    const { orphans, missing } = await findOrphans(later)
    expect([orphans.length, missing]).toEqual([1, []])
    await removeOrphans(later, orphans)
    expect((await findOrphans(later)).orphans).toEqual([])
  })
  expect((await found('--verify')).verified.bad).toEqual([])
})

describe('repair', () => {
  const repaired = async (...flags: string[]) =>
    JSON.parse((await conversation.run(blobsCommand(), 'repair', '--json', ...flags))[0] ?? '')
  let backup: string
  beforeEach(async () => {
    backup = mkdtempSync(join(tmpdir(), 'heliograph-backup-'))
    cpSync(join(conversation.directory, 'blobs'), backup, { recursive: true })
  })
  afterEach(() => rmSync(backup, { recursive: true }))

  /** Damages one content, or takes it away. */
  const harm = (how: 'damage' | 'remove', where = conversation.directory) =>
    conversation.on(async (stores) => {
      const blob = contentBlob(await firstContent(stores))
      const blobs = where === conversation.directory ? stores.ports.blobs : new FileBlobs(where)
      const size = (await blobs.size(blob))!
      if (how === 'remove') await blobs.delete(blob)
      else await blobs.put(blob, Buffer.alloc(size), size, { replace: true })
    })

  it.each([
    ['damage', 'damaged'],
    ['remove', 'no blob'],
  ] as const)('takes what is right from another directory: %s', async (how, why) => {
    await harm(how)
    expect(await repaired('--from', backup)).toMatchObject({
      contents: 2,
      repaired: [{ why, chunks: 1 }],
      beyond: [],
    })
    expect(process.exitCode).toBeUndefined()
    expect((await found('--verify')).verified.bad).toEqual([])
    expect(await repaired('--from', backup)).toMatchObject({ repaired: [], beyond: [] })
  })

  it('touches nothing where there is no right copy, and says so', async () => {
    await harm('damage')
    await harm('damage', backup)
    expect(await repaired('--from', `${backup},/nowhere`)).toMatchObject({
      repaired: [],
      beyond: [{ why: 'damaged' }],
    })
    expect(process.exitCode).toBe(1)
    const lines = await conversation.run(blobsCommand(), 'repair')
    expect(lines.join('\n')).toContain('name directories with --from')
    expect((await found('--verify')).verified).toMatchObject({ contents: 2, bad: [{ why: 'damaged' }] })
  })
})
