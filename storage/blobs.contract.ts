import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BlobEntry, type Blobs, BlobTooLarge, blobFileName } from './blobs.ts'

const MAX_BYTES = 1_000_000

/** What every `Blobs` must do. */
export function describeBlobs(
  name: string,
  make: () => Promise<{ blobs: Blobs; dispose(): Promise<void> }>,
): void {
  describe(`${name} as Blobs`, () => {
    let blobs: Blobs
    let dispose: () => Promise<void>
    beforeEach(async () => {
      ;({ blobs, dispose } = await make())
    })
    afterEach(() => dispose())

    const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251))
    const chunks = (size: number) =>
      Readable.from(
        Array.from({ length: Math.ceil(content.length / size) }, (_, i) =>
          content.subarray(i * size, (i + 1) * size),
        ),
      )

    it('keeps buffers and streams', async () => {
      expect(await blobs.put('a', content, MAX_BYTES)).toBe(content.length)
      expect(await blobs.put('b/../b', chunks(7_000), MAX_BYTES)).toBe(content.length)
      for (const key of ['a', 'b/../b']) {
        expect(await blobs.size(key)).toBe(content.length)
        expect((await blobs.read(key, 0, content.length))?.equals(content)).toBe(true)
        expect((await buffer((await blobs.stream(key))!)).equals(content)).toBe(true)
      }
    })

    it('reads parts, and what there is of parts beyond the end', async () => {
      await blobs.put('a', content, MAX_BYTES)
      expect(await blobs.read('a', 70_000, 70_010)).toEqual(content.subarray(70_000, 70_010))
      expect(await blobs.read('a', content.length - 2, content.length + 9)).toEqual(content.subarray(-2))
      expect(await blobs.read('a', content.length + 5, content.length + 9)).toEqual(Buffer.alloc(0))
      expect(await buffer((await blobs.stream('a', 5, 15))!)).toEqual(content.subarray(5, 15))
      expect(await buffer((await blobs.stream('a', content.length))!)).toEqual(Buffer.alloc(0))
    })

    it('keeps the first content of a key', async () => {
      await blobs.put('a', Buffer.from('first'), MAX_BYTES)
      expect(await blobs.put('a', Buffer.from('the second'), MAX_BYTES)).toBe(5)
      expect(await blobs.read('a', 0, 99)).toEqual(Buffer.from('first'))
    })

    it('puts a content in the place of another where it is told to, or keeps that one', async () => {
      await blobs.put('a', content, MAX_BYTES)
      expect(await blobs.read('a', 0, 5)).toEqual(content.subarray(0, 5))
      const better = chunks(9_000).map((chunk: Buffer) => Buffer.from(chunk).fill(7))
      await expect(blobs.put('a', chunks(9_000), 100_000, { replace: true })).rejects.toThrow(BlobTooLarge)
      expect((await blobs.read('a', 0, content.length))?.equals(content)).toBe(true)
      expect(await blobs.put('a', better, MAX_BYTES, { replace: true })).toBe(content.length)
      expect((await blobs.read('a', 0, MAX_BYTES))?.equals(Buffer.alloc(content.length, 7))).toBe(true)
      expect(await blobs.put('b', Buffer.from('new'), MAX_BYTES, { replace: true })).toBe(3)
    })

    it('refuses what is too large and keeps nothing of it', async () => {
      await expect(blobs.put('a', chunks(9_000), 100_000)).rejects.toThrow(BlobTooLarge)
      await expect(blobs.put('a', content, content.length - 1)).rejects.toThrow(BlobTooLarge)
      expect(await blobs.size('a')).toBeUndefined()
      expect(await blobs.put('a', chunks(9_000), content.length)).toBe(content.length)
    })

    it('keeps nothing of a stream that fails', async () => {
      const failing = Readable.from(
        (async function* () {
          yield Buffer.from('part')
          throw new Error('cut off')
        })(),
      )
      await expect(blobs.put('a', failing, MAX_BYTES)).rejects.toThrow('cut off')
      expect(await blobs.size('a')).toBeUndefined()
    })

    it('takes what need not be durable as well', async () => {
      expect(await blobs.put('a', content, MAX_BYTES, { durable: false })).toBe(content.length)
      expect(await blobs.read('a', 0, 10)).toEqual(content.subarray(0, 10))
    })

    it('lists an area, and deletes what it has listed', async () => {
      await blobs.put('one/a', content, MAX_BYTES)
      await blobs.put('one/b', Buffer.from('b'), MAX_BYTES)
      await blobs.put('two/a', Buffer.from('other'), MAX_BYTES)
      const listed = async () => {
        const found: BlobEntry[] = []
        for await (const entry of blobs.list('one')) found.push(entry)
        return found.sort((x, y) => y.sizeBytes - x.sizeBytes)
      }
      const [first, second] = await listed()
      expect(await listed()).toHaveLength(2)
      expect(first).toMatchObject({ name: blobFileName('one/a'), sizeBytes: content.length })
      expect(second).toMatchObject({ name: blobFileName('one/b'), sizeBytes: 1 })
      expect(Math.abs(Date.now() - first!.modifiedMs)).toBeLessThan(60_000)
      await blobs.deleteListed('one', first!.name)
      expect(await blobs.size('one/a')).toBeUndefined()
      expect(await listed()).toEqual([second])
      for await (const entry of blobs.list('none')) expect(entry).toBeUndefined()
    })

    it('has nothing where there is nothing, or no more', async () => {
      await blobs.put('a', content, MAX_BYTES)
      await blobs.delete('a')
      await blobs.delete('a')
      expect(await blobs.size('a')).toBeUndefined()
      expect(await blobs.read('a', 0, 1)).toBeUndefined()
      expect(await blobs.stream('a')).toBeUndefined()
    })
  })
}
