import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CallContext } from '../handler.ts'
import { fetchGuarded } from '../messages/media/fetch.ts'
import { type Rig, testRig } from '../test-rig.ts'
import { webFileHandler } from './get-web-file.ts'
import { WebFiles, webFileAccessHash } from './web-files.ts'

const CONTENT = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251))

let server: Server
let url: string
let asked: number
let rig: Rig
let nowMs: number
let files: WebFiles
beforeEach(async () => {
  ;[asked, nowMs] = [0, 1_000]
  server = createServer((request, response) => {
    asked += 1
    if (request.url === '/gone') response.writeHead(404).end()
    else response.setHeader('content-type', 'image/png').end(CONTENT)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.png`
  rig = await testRig({ fetchesUrls: true })
  // The one address of this machine that the test may go to.
  const fetch = (address: string, options: { readonly maxBytes: number }) =>
    fetchGuarded(address, { ...options, mayConnect: (to) => to === '127.0.0.1' })
  files = new WebFiles(fetch, () => nowMs)
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

const contextOf = () =>
  ({ services: rig.services, user: 1, caller: rig.caller(1), now: 7 }) as unknown as CallContext

/** As a client asks; with the guard that everybody has unless `open`. */
function part(
  offset: number,
  limit: number,
  change: { url?: string; accessHash?: bigint; open?: boolean } = {},
) {
  const address = change.url ?? url
  const accessHash = change.accessHash ?? webFileAccessHash(rig.services.keyring, address)
  const location = { _: 'inputWebFileLocation', url: address, accessHash } as const
  const call = { _: 'upload.getWebFile', location, offset, limit } as const
  if (change.open === false) return rig.call('upload.getWebFile', { location, offset, limit }, rig.caller(1))
  return webFileHandler(() => files)(call, contextOf())
}

describe('upload.getWebFile', () => {
  it('gives a file of the web part by part, and fetches it once', async () => {
    const first = await part(0, 4096)
    expect(first).toMatchObject({ size: 5_000, mimeType: 'image/png', fileType: { _: 'storage.filePng' } })
    const [second, beyond] = [await part(4096, 4096), await part(8192, 1024)]
    expect(Buffer.concat([first.bytes, second.bytes, beyond.bytes])).toEqual(CONTENT)
    expect(asked).toBe(1)
    nowMs += 61_000
    await part(0, 1024)
    expect(asked).toBe(2)
  })

  it('tries again after a failure', async () => {
    const gone = new URL('/gone', url).href
    for (let times = 1; times <= 2; times += 1) {
      await expect(part(0, 1024, { url: gone })).rejects.toMatchObject({ errorMessage: 'LOCATION_INVALID' })
      expect(asked).toBe(times)
    }
  })

  it.each([
    ['an access hash of another address', { accessHash: 5n }],
    ['what is no address', { url: 'nonsense' }],
    ['an address of this machine, which the guard keeps from', { open: false }],
  ])('getWebFile refuses LOCATION_INVALID: %s', async (_, change) => {
    await expect(part(0, 1024, change)).rejects.toMatchObject({ errorMessage: 'LOCATION_INVALID' })
  })

  it('getWebFile refuses LOCATION_INVALID where the server may not fetch', async () => {
    rig = await testRig()
    await expect(part(0, 1024)).rejects.toMatchObject({ errorMessage: 'LOCATION_INVALID' })
    expect(asked).toBe(0)
  })

  it('getWebFile refuses OFFSET_INVALID and LIMIT_INVALID', async () => {
    await expect(part(-1024, 1024)).rejects.toMatchObject({ errorMessage: 'OFFSET_INVALID' })
    await expect(part(0, 1000)).rejects.toMatchObject({ errorMessage: 'LIMIT_INVALID' })
    await expect(part(0, 2 * 1024 * 1024)).rejects.toMatchObject({ errorMessage: 'LIMIT_INVALID' })
  })
})
