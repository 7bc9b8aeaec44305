import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeBlobs } from '../blobs.contract.ts'
import { FileBlobs } from './blobs.ts'

const make = async () => {
  const directory = mkdtempSync(join(tmpdir(), 'heliograph-blobs-'))
  const dispose = async () => rmSync(directory, { recursive: true })
  return { directory, blobs: new FileBlobs(directory), dispose }
}

describeBlobs('FileBlobs', make)

it('FileBlobs leaves one private file for each blob, and no others', async () => {
  const { directory, blobs, dispose } = await make()
  await Promise.all([1, 2, 3].map(() => blobs.put('same', Buffer.from('content'), 100)))
  await expect(blobs.put('large', Buffer.alloc(101), 100)).rejects.toThrow()
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  expect(files.length).toBe(1)
  expect(statSync(join(files[0]!.parentPath, files[0]!.name)).mode & 0o777).toBe(0o600)
  await dispose()
})
