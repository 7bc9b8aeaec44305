import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { CONTENT_CHUNK_BYTES, DamagedBlob, readContent, sealChunks, sealedSize } from './blobs-cipher.ts'
import { MemoryBlobs } from './memory/blobs.ts'

const KEY = createHash('sha256').update('key').digest()

async function stored(content: Buffer, pieceBytes: number) {
  const blobs = new MemoryBlobs()
  const pieces = Array.from({ length: Math.ceil(content.length / pieceBytes) }, (_, i) =>
    content.subarray(i * pieceBytes, (i + 1) * pieceBytes),
  )
  const sealed = Readable.from(sealChunks(Readable.from(pieces), KEY))
  const size = await blobs.put('content/a', sealed, sealedSize(content.length))
  return { blobs, size, blob: { blobKey: 'content/a', key: KEY, sizeBytes: content.length } }
}

it('gives back any range of what was stored, in pieces of whatever size', async () => {
  for (const length of [0, 1, CONTENT_CHUNK_BYTES - 1, CONTENT_CHUNK_BYTES, CONTENT_CHUNK_BYTES * 2 + 5]) {
    const content = randomBytes(length)
    for (const pieceBytes of [1000, CONTENT_CHUNK_BYTES, 200_000]) {
      const { blobs, size, blob } = await stored(content, pieceBytes)
      expect(size).toBe(sealedSize(length))
      for (const [start, end] of [
        [0, length],
        [length >> 1, length + 10],
        [CONTENT_CHUNK_BYTES - 7, CONTENT_CHUNK_BYTES + 7],
        [length + 1, length + 5],
      ] as const) {
        expect((await readContent(blobs, blob, start, end))?.equals(content.subarray(start, end))).toBe(true)
      }
    }
  }
})

it('is the same whenever the same is stored, so that it is stored once', async () => {
  const content = randomBytes(CONTENT_CHUNK_BYTES + 100)
  const read = async (pieceBytes: number) =>
    (await stored(content, pieceBytes)).blobs.read('content/a', 0, content.length * 2)
  expect(await read(1000)).toEqual(await read(77_777))
})

it('never gives damaged bytes', async () => {
  const { blobs, blob } = await stored(randomBytes(CONTENT_CHUNK_BYTES * 2), 50_000)
  const sealed = (await blobs.read('content/a', 0, Number.MAX_SAFE_INTEGER))!
  const put = async (bytes: Buffer) => {
    await blobs.delete('content/a')
    await blobs.put('content/a', bytes, bytes.length)
  }
  const flipped = Buffer.from(sealed)
  flipped[CONTENT_CHUNK_BYTES + 50]! ^= 1
  await put(flipped)
  await expect(readContent(blobs, blob, CONTENT_CHUNK_BYTES, CONTENT_CHUNK_BYTES + 5)).rejects.toThrow(
    DamagedBlob,
  )
  expect(await readContent(blobs, blob, 0, 10)).toHaveLength(10)
  await put(sealed.subarray(0, sealed.length - 1))
  await expect(readContent(blobs, blob, CONTENT_CHUNK_BYTES, CONTENT_CHUNK_BYTES * 2)).rejects.toThrow(
    DamagedBlob,
  )
  await blobs.delete('content/a')
  expect(await readContent(blobs, blob, 0, 10)).toBeUndefined()
})
