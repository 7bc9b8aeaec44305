import { randomBytes, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { describeBlobs } from '@heliograph/storage/contract'
import { SeaweedBlobs } from '@heliograph/storage/seaweedfs'
import { describe, expect, it } from 'vitest'
import { readStack } from '../stack/endpoints.ts'

const { seaweedfs: filer } = await readStack(process.env.HELIOGRAPH_STACK ?? '')

async function make() {
  const directory = `test-${randomUUID()}`
  const blobs = new SeaweedBlobs({ filer, directory })
  const dispose = async () => {
    await blobs.close()
    await fetch(`${filer}/${directory}?recursive=true`, { method: 'DELETE' })
  }
  return { blobs, directory, dispose }
}

async function* listed(path: string): AsyncGenerator<string> {
  const answer = await fetch(`${filer}/${path}/?limit=1000`, { headers: { accept: 'application/json' } })
  if (answer.status === 404) return
  const { Entries } = (await answer.json()) as { Entries: { FullPath: string; Mode: number }[] | null }
  for (const { FullPath, Mode } of Entries ?? []) {
    const isDirectory = Mode >= 2 ** 31
    if (isDirectory) yield* listed(FullPath.slice(1))
    else yield FullPath
  }
}

describeBlobs('SeaweedBlobs', make)

describe('SeaweedBlobs on a filer', () => {
  it('streams what spans several chunks of the filer, and its parts', async () => {
    const { blobs, dispose } = await make()
    const piece = randomBytes(1024 * 1024)
    const content = Readable.from(Array.from({ length: 20 }, () => piece))
    expect(await blobs.put('large', content, 2 ** 30)).toBe(20 * piece.length)
    const across = await blobs.read('large', 8 * piece.length - 10, 8 * piece.length + 10)
    expect(across).toEqual(Buffer.concat([piece.subarray(-10), piece.subarray(0, 10)]))
    let size = 0
    for await (const chunk of (await blobs.stream('large', 5))!) size += (chunk as Buffer).length
    expect(size).toBe(20 * piece.length - 5)
    await dispose()
  })

  it('keeps one whole file where several write the same key, and leaves no others', async () => {
    const { blobs, directory, dispose } = await make()
    const content = randomBytes(100_000)
    const sizes = await Promise.all(Array.from({ length: 5 }, () => blobs.put('same', content, 100_000)))
    expect(sizes).toEqual(Array(5).fill(100_000))
    expect((await blobs.read('same', 0, 100_000))?.equals(content)).toBe(true)
    await expect(blobs.put('cut', failing(), 100_000)).rejects.toThrow('cut off')
    const files: string[] = []
    for await (const file of listed(directory)) files.push(file)
    expect(files.length).toBe(1)
    await dispose()
  })

  it('keeps what is empty', async () => {
    const { blobs, dispose } = await make()
    expect(await blobs.put('empty', Buffer.alloc(0), 10)).toBe(0)
    expect(await blobs.size('empty')).toBe(0)
    expect(await blobs.read('empty', 0, 10)).toEqual(Buffer.alloc(0))
    await dispose()
  })
})

function failing(): Readable {
  return Readable.from(
    (async function* () {
      yield randomBytes(50_000)
      throw new Error('cut off')
    })(),
  )
}
