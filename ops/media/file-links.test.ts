import { randomBytes } from 'node:crypto'
import { FILE_LINK_PREFIX, fileLink, openLinkedFile } from '@heliograph/gateway/rpc'
import { addFileRoute, type HttpListener, listenHttp } from '@heliograph/gateway/sockets'
import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { allTables, MemoryBlobs, MemoryTables, memoryKeyring } from '@heliograph/storage'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { NOW, uploadAs } from '../operate/blobs/upload.fixture.ts'
import { OneActor } from '../simulation/media/actor.ts'

const ID = 5n
const bytes = randomBytes(400_000)
const keyring = memoryKeyring()
let nowSeconds = NOW
let listener: HttpListener
let base: string

beforeEach(async () => {
  nowSeconds = NOW
  const tables = new MemoryTables()
  await tables.create(allTables)
  const codec = await RecordCodec.create(new EmbeddedRegistry())
  const ports = { tables, keyring, blobs: new MemoryBlobs(), codec }
  await uploadAs(ports, new OneActor(tables, () => NOW), { id: ID, user: 1, bytes })
  const services = { ...ports, nowMs: () => nowSeconds * 1000 } as never
  const link = () => ({ packet() {}, drained() {}, closed() {} })
  listener = await listenHttp({ host: '127.0.0.1', port: 0 }, link, {
    routes: (app) => addFileRoute(app, FILE_LINK_PREFIX, (token) => openLinkedFile(services, token)),
  })
  base = `http://127.0.0.1:${listener.address.port}`
})
afterEach(() => listener.close())

const linkUntil = (expires: number, documentId = ID, size = '') =>
  base + fileLink(keyring, { documentId, size, expires })

it('gives a document over HTTP, whole and in ranges that fit together', async () => {
  const url = linkUntil(NOW + 60)
  const whole = await fetch(url)
  expect(whole.headers.get('content-type')).toBe('application/octet-stream')
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
  const parts: Buffer[] = []
  const tag = whole.headers.get('etag')!
  for (const range of ['0-99999', '100000-262144', '262145-']) {
    const part = await fetch(url, { headers: { range: `bytes=${range}`, 'if-range': tag } })
    expect(part.status).toBe(206)
    parts.push(Buffer.from(await part.arrayBuffer()))
  }
  expect(Buffer.concat(parts).equals(bytes)).toBe(true)
  const another = await fetch(linkUntil(NOW + 90), { method: 'HEAD' })
  expect(another.headers.get('etag')).toBe(tag)
})

it('gives nothing when the link has ended', async () => {
  const url = linkUntil(NOW + 60)
  nowSeconds = NOW + 60
  expect((await fetch(url)).status).toBe(200)
  nowSeconds = NOW + 61
  expect((await fetch(url)).status).toBe(404)
  expect((await fetch(url, { method: 'HEAD', headers: { range: 'bytes=0-1' } })).status).toBe(404)
})

it('gives nothing for a link that was changed, or that names nothing', async () => {
  const url = linkUntil(NOW + 60)
  const token = Buffer.from(url.slice((base + FILE_LINK_PREFIX).length), 'base64url')
  for (const at of [0, 15, 16, 23, 24, token.length - 1]) {
    const forged = Buffer.from(token)
    forged[at]! ^= 1
    expect((await fetch(base + FILE_LINK_PREFIX + forged.toString('base64url'))).status).toBe(404)
  }
  expect((await fetch(linkUntil(NOW + 60, 6n))).status).toBe(404)
  expect((await fetch(linkUntil(NOW + 60, ID, 'x'))).status).toBe(404)
})
