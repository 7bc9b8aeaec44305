import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { StoreUnavailable } from '../tables.ts'
import { SeaweedCopies } from './copies.ts'

const servers: Server[] = []
const opened: SeaweedCopies[] = []
afterEach(async () => {
  for (const copies of opened.splice(0)) await copies.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

type Answer = { readonly status?: number; readonly body: string | Buffer }

/** `host:port` of a server that answers GETs; a range is cut out of what it says. */
async function serve(answer: (path: string) => Answer | undefined): Promise<string> {
  const server = createServer((request, response) => {
    const found = answer(request.url ?? '')
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')
    if (found === undefined) return response.writeHead(404).end()
    if (found.status !== undefined || range === null)
      return response.writeHead(found.status ?? 200).end(found.body)
    const [from, to] = [Number(range[1]), Number(range[2])]
    return response.writeHead(206).end(Buffer.from(found.body).subarray(from, to + 1))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const volume = (chunks: Readonly<Record<string, Answer>>) => serve((path) => chunks[path.slice(1)])

/** A filer whose one file is 0123456789, in two chunks: 0-5 in volume 3, the rest in volume 4. */
async function replicas(places: Readonly<Record<string, readonly string[]>>): Promise<SeaweedCopies> {
  const chunks = [
    { fid: { volume_id: 4, file_key: 0x2b, cookie: 7 }, offset: 6, size: 4 },
    { file_id: '3,aa', size: 6 },
  ]
  const filer = await serve((path) =>
    path.startsWith('/d/content/') ? { body: JSON.stringify({ chunks }) } : undefined,
  )
  const master = await serve((path) => {
    const urls = places[/volumeId=(\d+)/.exec(path)?.[1] ?? '']
    return urls && { body: JSON.stringify({ locations: urls.map((url) => ({ url })) }) }
  })
  const settings = { filer: `http://${filer}`, master: `http://${master}/`, directory: 'd' }
  const copies = new SeaweedCopies({ ...settings, answerTimeoutMs: 500 })
  opened.push(copies)
  return copies
}

async function found(copies: SeaweedCopies, start: number, end: number): Promise<string[]> {
  const all: string[] = []
  for await (const each of copies.copies('content/a', start, end)) all.push(each.toString())
  return all
}

it('gives what each server has, in all ways where a range lies in two chunks', async () => {
  const one = await volume({ '3,aa': { body: '012345' }, '4,2b00000007': { body: '67x9' } })
  const two = await volume({ '3,aa': { body: '0123y5' }, '4,2b00000007': { body: '6789' } })
  const copies = await replicas({ 3: [one, two], 4: [two, one] })
  expect(await found(copies, 0, 4)).toEqual(['0123'])
  expect(await found(copies, 3, 6)).toEqual(['345', '3y5'])
  expect(await found(copies, 4, 9)).toEqual(['45678', 'y5678', '4567x', 'y567x'])
})

it('leaves out a server that is away, fails or has too little', async () => {
  const right = await volume({ '3,aa': { body: '012345' } })
  const failing = await volume({ '3,aa': { status: 500, body: 'CRC error' } })
  const short = await volume({ '3,aa': { body: '012' } })
  const copies = await replicas({ 3: ['127.0.0.1:1', failing, short, right] })
  expect(await found(copies, 2, 6)).toEqual(['2345'])
})

it('has nothing of a file that is not there, and says when the master knows no place', async () => {
  const copies = await replicas({})
  await expect(found(copies, 0, 4)).rejects.toThrow(StoreUnavailable)
  const none: Buffer[] = []
  for await (const each of copies.copies('other/b', 0, 4)) none.push(each)
  expect(none.filter(({ length }) => length > 0)).toEqual([])
})
