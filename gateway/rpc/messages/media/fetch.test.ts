import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fetchGuarded, NotFetched } from './fetch.ts'

let server: Server
let base: string
const options = { maxBytes: 1000, mayConnect: () => true }

beforeAll(async () => {
  server = createServer((request, response) => {
    const port = (server.address() as AddressInfo).port
    if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end()
    else if (request.url === '/moved') response.writeHead(301, { location: '/a%20file.txt' }).end()
    else if (request.url === '/elsewhere')
      response.writeHead(302, { location: `http://localhost:${port}/a` }).end()
    else if (request.url === '/file') response.writeHead(302, { location: 'file:///etc/passwd' }).end()
    else if (request.url === '/large') {
      response.write(Buffer.alloc(600))
      response.end(Buffer.alloc(600))
    } else if (request.url === '/gone') response.writeHead(404).end()
    else response.setHeader('content-type', 'text/plain; charset=utf-8').end('hello')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

it('fetches a file, through redirects', async () => {
  const fetched = await fetchGuarded(`${base}/moved`, options)
  expect(fetched).toEqual({ bytes: Buffer.from('hello'), mimeType: 'text/plain', name: 'a file.txt' })
})

it.each([
  ['/loop', 'too many redirects'],
  ['/large', 'too large'],
  ['/gone', 'answered 404'],
  ['/file', 'not HTTP'],
])('refuses %s', async (path, why) => {
  await expect(fetchGuarded(base + path, options)).rejects.toThrow(why)
})

it('goes to no address of this machine or its network, by number, by name or by redirect', async () => {
  const guarded = { maxBytes: 1000 }
  for (const url of [
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
    'http://user:password@example.org/',
    'http://example.org:22/',
    'gopher://example.org/',
    'nonsense',
  ])
    await expect(fetchGuarded(url, guarded), url).rejects.toThrow(NotFetched)
  const only = { maxBytes: 1000, mayConnect: (address: string) => address === '127.0.0.1' }
  expect((await fetchGuarded(`${base}/a`, only)).name).toBe('a')
  const none = { maxBytes: 1000, mayConnect: () => false }
  await expect(fetchGuarded(`${base.replace('127.0.0.1', 'localhost')}/a`, none)).rejects.toThrow(
    'not a public',
  )
})
