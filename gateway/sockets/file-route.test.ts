import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { addFileRoute } from './file-route.ts'
import { type HttpListener, listenHttp } from './uws.ts'

const bytes = randomBytes(3 * 1024 * 1024 + 7)
const TAG = '"a-tag"'
let listener: HttpListener | undefined
afterEach(() => listener?.close())

async function serve(
  onRead: (start: number) => void = () => undefined,
  sizeBytes = bytes.length,
): Promise<string> {
  const file = {
    sizeBytes,
    mimeType: 'video/mp4',
    entityTag: TAG,
    read: async (start: number, end: number) => {
      onRead(start)
      return start < bytes.length ? bytes.subarray(start, end) : Buffer.alloc(end - start)
    },
  }
  const open = async (token: string) => {
    if (token === 'away') throw new Error('no store')
    return token === 'good' ? file : undefined
  }
  const link = () => ({ packet() {}, drained() {}, closed() {} })
  listener = await listenHttp({ host: '127.0.0.1', port: 0 }, link, {
    routes: (app) => addFileRoute(app, '/file/', open),
  })
  return `http://127.0.0.1:${listener.address.port}/file/`
}

it('gives a file whole, in part, and its size alone', async () => {
  const url = await serve()
  const whole = await fetch(`${url}good`)
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
  expect(whole.headers.get('content-type')).toBe('video/mp4')
  const part = await fetch(`${url}good`, { headers: { range: 'bytes=1000000-1999999' } })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe(`bytes 1000000-1999999/${bytes.length}`)
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1_000_000, 2_000_000))).toBe(true)
  const head = await fetch(`${url}good`, { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe(String(bytes.length))
  const beyond = await fetch(`${url}good`, { headers: { range: 'bytes=99999999-' } })
  expect(beyond.status).toBe(416)
})

it('gives a range only of the bytes that the reader has begun with (If-Range)', async () => {
  const url = await serve()
  const asked = async (ifRange: string) => {
    const headers = { range: 'bytes=10-19', 'if-range': ifRange }
    const answer = await fetch(`${url}good`, { headers })
    return { status: answer.status, bytes: (await answer.arrayBuffer()).byteLength }
  }
  expect((await fetch(`${url}good`, { method: 'HEAD' })).headers.get('etag')).toBe(TAG)
  expect(await asked(TAG)).toEqual({ status: 206, bytes: 10 })
  for (const other of ['"another"', `W/${TAG}`, 'Tue, 01 Dec 2026 00:00:00 GMT'])
    expect(await asked(other)).toEqual({ status: 200, bytes: bytes.length })
})

it('says that nothing has changed to who has it (If-None-Match)', async () => {
  const url = await serve()
  const status = async (ifNoneMatch: string) =>
    (await fetch(`${url}good`, { method: 'HEAD', headers: { 'if-none-match': ifNoneMatch } })).status
  expect([await status(TAG), await status(`"x", W/${TAG}`), await status('*')]).toEqual([304, 304, 304])
  expect(await status('"x"')).toBe(200)
})

it('takes no range of HEAD', async () => {
  const url = await serve()
  const head = await fetch(`${url}good`, { method: 'HEAD', headers: { range: 'bytes=0-9' } })
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)])
})

it('knows nothing of other tokens, and says when it cannot look', async () => {
  const url = await serve()
  expect((await fetch(`${url}bad`)).status).toBe(404)
  expect((await fetch(`${url}away`)).status).toBe(503)
})

it('reads no further ahead than a slow reader takes, and ends with it', async () => {
  const starts: number[] = []
  const url = new URL(await serve((start) => starts.push(start), 1024 ** 3))
  const socket = connect(Number(url.port), url.hostname)
  await once(socket, 'connect')
  socket.pause()
  socket.write(`GET ${url.pathname}good HTTP/1.1\r\nHost: x\r\n\r\n`)
  let before = 0
  const isAtRest = () => {
    const same = starts.length > 0 && starts.length === before
    before = starts.length
    return same
  }
  await expect.poll(isAtRest, { interval: 100 }).toBe(true)
  // Of 4,096 steps: what the kernel's buffers take.
  expect(starts.length).toBeLessThan(100)
  socket.destroy()
  await once(socket, 'close')
})
