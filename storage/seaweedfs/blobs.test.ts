import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../tables.ts'
import { SeaweedBlobs } from './blobs.ts'

/** Where the filer answers: longer than a machine stops. */
const ANSWER_TIMEOUT_MS = 60_000
/** Where it does not: longer than a request needs to get there on a busy machine. */
const SHORT_ANSWER_MS = 1_500
const CONTENT = Buffer.from('0123456789')

type Handler = (request: IncomingMessage, response: ServerResponse) => void

describe('SeaweedBlobs on a filer that misbehaves', () => {
  let server: Server
  let blobs: SeaweedBlobs
  let handle: Handler
  let seen: string[]
  beforeEach(async () => {
    seen = []
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url?.split('/')[2]?.slice(0, 7)}`)
      handle(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    blobs = waiting(ANSWER_TIMEOUT_MS)
  })
  afterEach(async () => {
    await blobs.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const waiting = (answerTimeoutMs: number) => {
    const filer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return new SeaweedBlobs({ filer, directory: 'd', answerTimeoutMs })
  }

  /** A filer without files that answers uploads as `onUpload` says. */
  const uploads =
    (onUpload: (body: Buffer, response: ServerResponse) => void): Handler =>
    (request, response) => {
      if (request.method === 'HEAD') response.writeHead(404).end()
      else if (request.method === 'PUT')
        buffer(request).then(
          (body) => onUpload(body, response),
          () => undefined,
        )
      else response.writeHead(204).end()
    }
  const stored = (response: ServerResponse, size: number, body: Buffer) =>
    response
      .writeHead(201, { 'content-md5': createHash('md5').update(body).digest('base64') })
      .end(JSON.stringify({ name: 'n', size }))
  const put = () => blobs.put('a', CONTENT, 100)

  it('takes a confirmed upload', async () => {
    handle = uploads((body, response) => stored(response, body.length, body))
    expect(await put()).toBe(CONTENT.length)
    expect(seen.map((line) => line.split(' ')[0])).toEqual(['HEAD', 'PUT', 'POST'])
  })

  for (const [name, onUpload, reason] of [
    [
      'a short write',
      (body, response) => stored(response, body.length - 1, body),
      'the filer has stored 9 of 10 bytes',
    ],
    [
      'other bytes',
      (body, response) => stored(response, body.length, Buffer.from('other')),
      'the filer has stored other bytes than it was sent',
    ],
    [
      'a refusal for now',
      (_, response) => response.writeHead(500).end('full'),
      'the filer answered 500 to PUT',
    ],
    ['no answer', () => undefined, 'the filer: '],
    ['a broken connection', (_, response) => response.destroy(), 'the filer: '],
  ] as [string, (body: Buffer, response: ServerResponse) => void, string][])
    it(`rejects an upload after ${name}, and removes what it left`, async () => {
      if (name === 'no answer') blobs = waiting(SHORT_ANSWER_MS)
      handle = uploads(onUpload)
      const failure = await put().catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(StoreUnavailable)
      expect(String(failure)).toContain(reason)
      expect(seen.slice(1)).toEqual(['PUT uploads', 'DELETE uploads'])
    })

  it('asks whether a move whose answer is lost has happened', async () => {
    let moved = false
    handle = (request, response) => {
      if (request.method === 'HEAD')
        response.writeHead(moved ? 200 : 404, { 'content-length': moved ? CONTENT.length : 0 }).end()
      else if (request.method === 'PUT')
        buffer(request).then(
          (body) => stored(response, body.length, body),
          () => undefined,
        )
      else if (request.method === 'POST') {
        moved = true
        response.destroy()
      } else response.writeHead(204).end()
    }
    expect(await put()).toBe(CONTENT.length)
  })

  it('lets a source be slower than the filer may be', async () => {
    blobs = waiting(SHORT_ANSWER_MS)
    handle = uploads((body, response) => stored(response, body.length, body))
    const slow = Readable.from(
      (async function* () {
        yield CONTENT
        await new Promise((resolve) => setTimeout(resolve, SHORT_ANSWER_MS * 1.5))
        yield CONTENT
      })(),
    )
    expect(await blobs.put('a', slow, 100)).toBe(2 * CONTENT.length)
  })

  it('reads again after failures, a few times', async () => {
    let failures = 2
    handle = (_, response) => {
      if (failures-- > 0) return void response.writeHead(503).end()
      response.writeHead(206, { 'content-range': 'bytes 0-9/10', 'content-length': 10 }).end(CONTENT)
    }
    expect(await blobs.read('a', 0, 10)).toEqual(CONTENT)
    failures = 100
    await expect(blobs.read('a', 0, 10)).rejects.toThrow(StoreUnavailable)
    expect(failures).toBe(97)
  })

  it('never takes a part for the whole', async () => {
    handle = (_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-9/10', 'content-length': 10 })
      response.write(CONTENT.subarray(0, 4), () => response.destroy())
    }
    await expect(blobs.read('a', 0, 10)).rejects.toThrow(StoreUnavailable)
    await expect(buffer((await blobs.stream('a'))!)).rejects.toThrow(StoreUnavailable)
  })

  it('does not take other bytes than it has asked for', async () => {
    handle = (_, response) => void response.writeHead(200, { 'content-length': 10 }).end(CONTENT)
    await expect(blobs.read('a', 5, 7)).rejects.toThrow('the filer gave 10 bytes from 0, not those from 5 on')
  })

  it('does not wait for ever', async () => {
    blobs = waiting(200)
    handle = () => undefined
    await expect(blobs.size('a')).rejects.toThrow(StoreUnavailable)
    await blobs.close()
    server.closeAllConnections()
  })

  it('does not hide a request that the filer never takes', async () => {
    handle = (_, response) => void response.writeHead(403).end()
    const failure = await blobs.size('a').catch((error: unknown) => error)
    expect(failure).not.toBeInstanceOf(StoreUnavailable)
    expect(String(failure)).toMatch(/the filer answered 403 to HEAD/)
  })
})
