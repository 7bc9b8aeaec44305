import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { OpenFiles } from './open-files.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heliograph-open-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Open descriptors of this process that are files of the directory. */
function openHere(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory)
    } catch {
      return false
    }
  }).length
}
const read = (files: OpenFiles, path: string) =>
  files.use(path, async (handle) => (await handle.read(Buffer.alloc(10), 0, 10, 0)).bytesRead)

it('keeps a file open, and not more than some', async () => {
  const files = new OpenFiles()
  const paths = Array.from({ length: 200 }, (_, i) => join(directory, String(i)))
  for (const path of paths) writeFileSync(path, 'content')
  await Promise.all(paths.flatMap((path) => [read(files, path), read(files, path)]))
  expect(await read(files, paths[0]!)).toBe(7)
  await expect.poll(openHere).toBeLessThanOrEqual(64)
  for (const path of paths) await files.forget(path)
  expect(openHere()).toBe(0)
})

it('does not close what is being read, and looks again for what was not there', async () => {
  const files = new OpenFiles()
  const path = join(directory, 'a')
  await expect(read(files, path)).rejects.toMatchObject({ code: 'ENOENT' })
  writeFileSync(path, 'content')
  await files.use(path, async (handle) => {
    await files.forget(path)
    expect((await handle.read(Buffer.alloc(10), 0, 10, 0)).bytesRead).toBe(7)
  })
  expect(openHere()).toBe(0)
})
