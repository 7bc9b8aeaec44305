import { decodeCall, encodeResult, RPC_ERROR_ID } from '@heliograph/schemas/tl'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import { Meter } from '../measure/meter.ts'
import { seededRandom } from '../pace/random.ts'
import type { FileMessage, Stream } from '../traffic/stream.ts'
import { Findings } from '../verify/findings.ts'
import { Contents, PART_BYTES } from './content.ts'
import { FileTraffic } from './file-traffic.ts'

const SIZE = 2 * PART_BYTES + 700
const LOCATION = { id: 1n, accessHash: 2n, fileReference: Buffer.from('r'), sizeBytes: SIZE }
const FILE_TYPE = { _: 'storage.filePartial' }

function errorOf(code: number, text: string): Buffer {
  const head = Buffer.alloc(9)
  head.writeInt32LE(RPC_ERROR_ID, 0)
  head.writeInt32LE(code, 4)
  head[8] = text.length
  return Buffer.concat([head, Buffer.from(text)])
}

/** Keeps the parts of one file; `disturb` may answer in its place. */
class FakeServer {
  parts: Buffer[] = []
  disturb: (method: string) => Buffer | Error | undefined = () => undefined

  async request(body: Buffer): Promise<Buffer> {
    const call = decodeCall(body)
    const other = this.disturb(call._)
    if (other instanceof Error) throw other
    return other ?? this.answer(call as never)
  }

  private answer(call: { _: string; filePart: number; bytes: Uint8Array; offset: number; limit: number }) {
    if (call._ === 'upload.saveFilePart') {
      this.parts[call.filePart] = Buffer.from(call.bytes)
      return encodeResult('upload.saveFilePart', true, LOAD_LAYER)
    }
    const bytes = Buffer.concat(this.parts).subarray(call.offset, call.offset + call.limit)
    return encodeResult('upload.getFile', { _: 'upload.file', type: FILE_TYPE, mtime: 0, bytes }, LOAD_LAYER)
  }
}

describe('a file on its way', () => {
  let server: FakeServer
  let meter: Meter
  let findings: Findings
  let traffic: FileTraffic
  let sent: FileMessage[]
  beforeEach(() => {
    server = new FakeServer()
    meter = new Meter()
    findings = new Findings()
    traffic = new FileTraffic(meter, findings)
    sent = []
  })

  async function send(): Promise<FileMessage> {
    const connection = { request: (body: Buffer) => server.request(body), wasSlowSince: () => false }
    const client = { connection }
    const stream = {
      ledger: { name: 'a→b' },
      sender: client,
      receiver: client,
      sendFile: (message: FileMessage) => sent.push(message),
    }
    const settings = { minBytes: SIZE, maxBytes: SIZE, repeated: 0, contents: 1 }
    const contents = new Contents(settings, seededRandom(1))
    traffic.send(stream as unknown as Stream, contents, contents.draw(), performance.now())
    await expect.poll(() => sent.length).toBe(1)
    return sent[0] as FileMessage
  }

  async function arrive(message: FileMessage, location: typeof LOCATION | undefined = LOCATION) {
    const done = vi.fn()
    message.arrived('a→b #0', location, done)
    await expect.poll(() => traffic.isIdle).toBe(true)
    return done
  }

  it('is uploaded in parts, sent, downloaded and compared', async () => {
    const message = await send()
    expect(message.media).toMatchObject({ file: { parts: 3 } })
    message.acknowledged()
    expect(await arrive(message)).toHaveBeenCalledOnce()
    expect(findings.total).toBe(0)
    expect(meter.take()).toMatchObject({ bytesUp: SIZE, bytesDown: SIZE, filesSent: 1, filesReceived: 1 })
  })

  it('goes on over lost connections and waits, and counts each byte once', async () => {
    const failures = [new Error('lost'), errorOf(500, 'TIMEOUT'), undefined, new Error('lost')]
    server.disturb = () => failures.shift()
    await arrive(await send())
    expect(findings.total).toBe(0)
    expect(meter.take()).toMatchObject({ bytesUp: SIZE, bytesDown: SIZE, errors: { '500 TIMEOUT': 1 } })
  })

  it('is found where other bytes come, or none', async () => {
    const message = await send()
    server.parts[1]?.fill(0, 5, 6)
    expect(await arrive(message)).toHaveBeenCalledOnce()
    expect(findings.counts.damaged).toBe(1)
    await arrive(message, undefined)
    expect(findings.counts.damaged).toBe(2)
    expect(meter.take().filesReceived).toBe(0)
  })

  it('is found where the server refuses to give it', async () => {
    const message = await send()
    server.disturb = () => errorOf(400, 'LOCATION_INVALID')
    await arrive(message)
    expect(findings.examples).toEqual(['lost: the file of a→b #0: 400 LOCATION_INVALID'])
  })

  it('is uploaded again where the server has forgotten its parts, and refused for anything else', async () => {
    const message = await send()
    server.parts = []
    const again = vi.fn()
    expect(message.refused('400 FILE_PART_0_MISSING', again)).toBe(true)
    await expect.poll(() => again.mock.calls.length).toBe(1)
    expect(server.parts).toHaveLength(3)
    expect(message.refused('400 MEDIA_INVALID', again)).toBe(false)
  })

  it('ends with the run: what is not there then stays open', async () => {
    const message = await send()
    server.disturb = () => new Error('lost')
    const done = vi.fn()
    message.arrived('a→b #0', LOCATION, done)
    traffic.stop()
    await expect.poll(() => traffic.isIdle).toBe(true)
    expect(done).not.toHaveBeenCalled()
    expect(findings.total).toBe(0)
  })
})
