import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterEach, expect, it } from 'vitest'
import { PICTURE_MAX_MEMORY_BYTES, PICTURE_TIMEOUT_MS } from './limits.ts'
import { PicturePool } from './picture-pool.ts'
import { type PictureLimits, PictureProcess } from './picture-process.ts'
import { picture } from './samples.ts'

const MIB = 1024 * 1024
const run = promisify(execFile)
const USUAL: PictureLimits = { timeoutMs: PICTURE_TIMEOUT_MS, memoryBytes: PICTURE_MAX_MEMORY_BYTES }

const lost: string[] = []
const started: PictureProcess[] = []
function start(limits: Partial<PictureLimits> = {}): PictureProcess {
  const process = new PictureProcess((why) => lost.push(why), { ...USUAL, ...limits })
  started.push(process)
  return process
}
afterEach(() => {
  for (const process of started.splice(0)) process.end()
  lost.length = 0
})

const small = () => picture({ width: 90, height: 60 })
/** All of it has to be in memory before the first row is known. */
const large = () =>
  sharp({ create: { width: 4_000, height: 4_000, channels: 4, background: '#2040c080' } })
    .toColourspace('rgb16')
    .png({ progressive: true, compressionLevel: 1 })
    .toBuffer()

it('works at one picture after the other', async () => {
  const process = start()
  const source = await small()
  for (let count = 1; count <= 2; count += 1) {
    const image = await process.run({ make: 'image', source, purpose: 'photo' })
    expect(image).toMatchObject({ width: 90, height: 60, sizes: [{ type: 'm', width: 90 }] })
    expect(process.orders).toBe(count)
  }
  const text = Buffer.from('no picture at all')
  await expect(process.run({ make: 'image', source: text, purpose: 'photo' })).rejects.toMatchObject({
    code: 400,
    errorMessage: 'PHOTO_EXT_INVALID',
  })
  expect(process.isAlive).toBe(true)
})

it('is ended where a picture takes too long', async () => {
  const process = start({ timeoutMs: 1 })
  const order = { make: 'image', source: await large(), purpose: 'photo' } as const
  await expect(process.run(order)).rejects.toThrow('IMAGE_PROCESS_FAILED')
  expect([process.isAlive, lost]).toEqual([false, ['it took too long']])
})

it('cannot take more memory than it is given', async () => {
  const process = start({ memoryBytes: 128 * MIB })
  const order = { make: 'image', source: await large(), purpose: 'photo' } as const
  await expect(process.run(order)).rejects.toThrow('IMAGE_PROCESS_FAILED')
})

it('takes the largest picture that there may be', async () => {
  const image = await start().run({ make: 'image', source: await large(), purpose: 'photo' })
  expect(image).toMatchObject({ width: 4_000, height: 4_000 })
  expect(lost).toEqual([])
})

it('says that it is the process that failed where it cannot be started', async () => {
  const process = start({ memoryBytes: MIB })
  await expect(process.run({ make: 'image', source: await small(), purpose: 'photo' })).rejects.toThrow(
    'cannot be started',
  )
})

it('another one takes the place of one that is gone, and what waits is worked at', async () => {
  const pool = new PicturePool(() => start(started.length === 0 ? { timeoutMs: 1 } : {}))
  await expect(pool.image(await large(), 'photo')).rejects.toThrow('IMAGE_PROCESS_FAILED')
  const source = await small()
  const images = await Promise.all(Array.from({ length: 8 }, () => pool.image(source, 'photo')))
  expect(images.map(({ width }) => width)).toEqual(new Array(8).fill(90))
  expect(started.length).toBeLessThanOrEqual(3)
  expect(pool.depth).toBe(0)
  pool.close()
  expect(started.some(({ isAlive }) => isAlive)).toBe(false)
  await expect(pool.image(source, 'photo')).rejects.toThrow('no more')
})

it('keeps nobody from ending, and ends with who has started it', async () => {
  const url = new URL('../dist/media/picture-process.js', import.meta.url).href
  const source = (await small()).toString('base64')
  const script = `
    const { PictureProcess } = await import('${url}')
    const process = new PictureProcess(() => {})
    await process.run({ make: 'image', source: Buffer.from('${source}', 'base64'), purpose: 'photo' })
    console.log(process.pid)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
  const pid = Number(stdout)
  expect(pid).toBeGreaterThan(1)
  const isGone = () => {
    try {
      return !process.kill(pid, 0)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH'
    }
  }
  await expect.poll(isGone).toBe(true)
})
