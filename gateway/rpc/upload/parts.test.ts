import { randomBytes } from 'node:crypto'
import { blobFileName, MemoryBlobs, MemoryStateCache, memoryKeyring, PARTS_AREA } from '@heliograph/storage'
import { expect, it } from 'vitest'
import { MAX_PART_BYTES, MAX_SAVING_BYTES, MAX_UPLOADED_BYTES_PER_USER } from './limits.ts'
import { checkPartSize, readPart, removeParts, savePart } from './parts.ts'

const rig = () => ({
  blobs: new MemoryBlobs(),
  cache: new MemoryStateCache(),
  keyring: memoryKeyring(),
  random: randomBytes,
  telemetry: undefined,
})
const ID = { user: 1, fileId: 7n }

it('parts come in any order, more than once, from any gateway, and are encrypted where they lie', async () => {
  const services = rig()
  const [first, second] = [randomBytes(1000), randomBytes(500)]
  await savePart(services, ID, 1, second)
  await savePart(services, ID, 0, first)
  await savePart(services, ID, 0, first)
  expect(await readPart(services, ID, 0)).toEqual(first)
  const other = { ...services, blobs: Object.create(services.blobs, {}) as MemoryBlobs }
  Object.setPrototypeOf(other.blobs, {
    read: (...args: [string, number, number]) => services.blobs.read(...args),
  })
  expect(await readPart(other, ID, 1)).toEqual(second)
  const stored = (await services.blobs.read(`${PARTS_AREA}/1/7/0`, 0, 2000))!
  expect(stored.includes(first.subarray(0, 32))).toBe(false)
})

it('a part with another size under the same id replaces the first: the client has begun anew', async () => {
  const services = rig()
  await savePart(services, ID, 0, randomBytes(100))
  const again = randomBytes(200)
  await savePart(services, ID, 0, again)
  expect(await readPart(services, ID, 0)).toEqual(again)
})

it('files of one user mean nothing to another, and removed ones to nobody', async () => {
  const services = rig()
  await savePart(services, ID, 0, randomBytes(100))
  await expect(readPart(services, { ...ID, user: 2 }, 0)).rejects.toThrow('FILE_PART_0_MISSING')
  await expect(readPart(services, ID, 3)).rejects.toThrow('FILE_PART_3_MISSING')
  await removeParts(services, ID, 1)
  await expect(readPart(services, ID, 0)).rejects.toThrow('FILE_PART_0_MISSING')
  for await (const { name } of services.blobs.list(PARTS_AREA)) expect(name).toBe(blobFileName('none'))
})

it('the size of parts is agreed between gateways', async () => {
  const services = rig()
  await checkPartSize(services, ID, 1024)
  await checkPartSize(services, ID, 1024)
  await expect(checkPartSize(services, ID, 2048)).rejects.toThrow('FILE_PART_SIZE_CHANGED')
  const elsewhere = { ...services, blobs: new MemoryBlobs() }
  await expect(checkPartSize(elsewhere, ID, 2048)).rejects.toThrow('FILE_PART_SIZE_CHANGED')
})

it('a user has a quota', async () => {
  const services = rig()
  await services.cache.increment('uploaded:1', MAX_UPLOADED_BYTES_PER_USER - 100, 60)
  await savePart(services, ID, 0, randomBytes(100))
  await expect(savePart(services, ID, 1, randomBytes(1))).rejects.toMatchObject({ code: 420 })
  await savePart(services, { ...ID, user: 2 }, 0, randomBytes(1))
})

it('a gateway holds a bounded number of bytes that are not written yet', async () => {
  const services = rig()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  services.blobs.put = async (_key, content) => {
    await held
    return (content as Buffer).length
  }
  const part = Buffer.alloc(MAX_PART_BYTES)
  const count = MAX_SAVING_BYTES / MAX_PART_BYTES
  const saving = Array.from({ length: count }, (_, i) => savePart(services, ID, i, part))
  await expect(savePart(services, ID, count, part)).rejects.toMatchObject({ code: 420 })
  release()
  await Promise.all(saving)
  await savePart(services, ID, count, part)
})
