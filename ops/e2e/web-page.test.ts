import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { type Member, member } from './people.ts'
import { LOGIN_CODE, ServerProcess } from './server.ts'

describe('previews of links, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let inside: Server
  let asked = 0

  beforeAll(async () => {
    inside = createServer((_, response) => {
      asked += 1
      response.end('<title>secret</title>')
    })
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
    server = await ServerProcess.start(['--login-code', LOGIN_CODE, '--fetch-urls'])
    alice = await member(server.endpoints, 'Alice')
  })
  afterAll(async () => {
    await alice?.client.destroy()
    await server?.dispose()
    inside?.close()
  })

  const address = () => `http://127.0.0.1:${(inside.address() as AddressInfo).port}/`

  it('come after the message, and never from this machine', async () => {
    const heard: tl.TypeWebPage[] = []
    alice.client.onRawUpdate.add(({ update }) => {
      if (update._ === 'updateWebPage') heard.push(update.webpage)
    })
    const sent = await alice.client.sendText('me', `see ${address()}`)
    expect((sent.raw as tl.RawMessage).media).toMatchObject({ webpage: { _: 'webPagePending' } })
    await eventually('the page has come', () => heard.length > 0)
    expect(heard).toMatchObject([{ _: 'webPageEmpty', url: address() }])
    expect(asked).toBe(0)
  })

  it('are left out where the sender wants none: noWebpage', async () => {
    const sent = await alice.client.sendText('me', `see ${address()}?2`, { disableWebPreview: true })
    expect((sent.raw as tl.RawMessage).media).toBeUndefined()
  })

  it('are asked for by themselves: getWebPage refuses WC_CONVERT_URL_INVALID, getWebPagePreview MESSAGE_EMPTY', async () => {
    const preview = await alice.client.call({ _: 'messages.getWebPagePreview', message: `see ${address()}` })
    expect(preview.media).toMatchObject({ _: 'messageMediaEmpty' })
    const wrong = alice.client.call({ _: 'messages.getWebPage', url: 'no address', hash: 0 })
    await expect(wrong).rejects.toMatchObject({ text: 'WC_CONVERT_URL_INVALID' })
    const empty = alice.client.call({ _: 'messages.getWebPagePreview', message: ' ' })
    await expect(empty).rejects.toMatchObject({ text: 'MESSAGE_EMPTY' })
  })
})
