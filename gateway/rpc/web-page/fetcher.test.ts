import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ALICE, Rig } from '../messages/test-rig.ts'
import { fetchPage } from './fetcher.ts'
import { WebPages } from './pages.ts'

const PAGE = '<meta property="og:title" content="A page"><meta name="description" content="about it">'
let server: Server
let base: string
let asked = 0
const options = { mayConnect: (address: string) => address === '127.0.0.1' }
const context = (await Rig.start()).context(ALICE)

beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1
    const isPage = request.url !== '/file'
    response.setHeader('content-type', isPage ? 'text/html; charset=utf-8' : 'application/zip')
    response.end(request.url === '/mute' ? '<p>' : PAGE)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

it('shows what a page says of itself', async () => {
  const url = `${base}/article`
  expect(await fetchPage(context, url, 7n, options)).toEqual({
    _: 'webPage',
    id: 7n,
    url,
    displayUrl: '127.0.0.1/article',
    hash: 0,
    type: 'article',
    siteName: '127.0.0.1',
    title: 'A page',
    description: 'about it',
  })
})

it('shows nothing of what is no page, says nothing, or may not be fetched', async () => {
  expect(await fetchPage(context, `${base}/file`, 1n, options)).toBeUndefined()
  expect(await fetchPage(context, `${base}/mute`, 1n, options)).toBeUndefined()
  expect(await fetchPage(context, `${base}/article`, 1n)).toBeUndefined()
})

it('fetches a page once, however many send it', async () => {
  const pages = new WebPages(options)
  const url = `${base}/shared`
  const before = asked
  const [first, second] = await Promise.all([pages.page(context, url), pages.page(context, url)])
  expect(first).toBe(second)
  expect(asked).toBe(before + 1)
  expect(pages.known(url, context.services.nowMs())?.page).toBe(first)
})
