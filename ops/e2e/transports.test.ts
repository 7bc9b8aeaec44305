import { MemoryStorage, type TelegramClient } from '@mtcute/node'
import { Api } from 'telegram'
import { NewMessage, type NewMessageEvent } from 'telegram/events/index.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GramjsTransport, gramjsClient, gramjsLogin } from '../clients/gramjs.ts'
import { exchangeOverHttp, HttpClient, httpSignUp } from '../clients/http-client.ts'
import { mtcuteClient } from '../clients/mtcute.ts'
import type { MtcuteFraming } from '../clients/mtcute-transport.ts'
import { mtcuteWebClient } from '../clients/mtcute-web.ts'
import { eventually } from './eventually.ts'
import { acquaint, freshPhone, type Member, memberOn } from './people.ts'
import { LOGIN_CODE, ServerProcess } from './server.ts'

const NEW_SESSION_CREATED = 0x9ec20908
const BAD_SERVER_SALT = 0xedab447b

let server: ServerProcess
beforeAll(async () => {
  server = await ServerProcess.start()
})
afterAll(async () => {
  await server?.dispose()
})

/** What a member has been pushed, of text. */
const arrived = (member: Member): string[] =>
  member.updates
    .filter((update) => update._ === 'updateNewMessage')
    .map((update) => (update as never as { message: { message: string } }).message.message)

async function converse(makeClient: () => Promise<TelegramClient>): Promise<void> {
  const alice = await memberOn(await makeClient(), 'Alice')
  const bob = await memberOn(await makeClient(), 'Bob')
  try {
    await acquaint(alice, bob)
    await alice.client.sendText(bob.id, 'over this transport')
    await eventually('Bob is told', () => arrived(bob).includes('over this transport'))
    const long = 'x'.repeat(4_000)
    await bob.client.sendText(alice.id, long)
    await eventually('Alice is told', () => arrived(alice).includes(long))
    const history = await alice.client.getHistory(bob.id)
    expect(history.map(({ text }) => text)).toEqual([long, 'over this transport'])
  } finally {
    await alice.client.destroy()
    await bob.client.destroy()
  }
}

describe('mtcute', () => {
  it.each<MtcuteFraming>(['padded', 'obfuscated', 'obfuscated padded'])('over TCP, %s', async (framing) => {
    await converse(() => mtcuteClient(server.endpoints, { framing }))
  })

  it('with temporary keys', async () => {
    const storages: MemoryStorage[] = []
    await converse(() => {
      const storage = new MemoryStorage()
      storages.push(storage)
      return mtcuteClient(server.endpoints, { usePfs: true, storage })
    })
    const temporary = storages.map(({ authKeys }) => authKeys.getTemp(server.endpoints.dcId, 0, Date.now()))
    expect(temporary.map((key) => key?.length)).toEqual([256, 256])
  })

  it('for the web, over WebSocket', async () => {
    await converse(() => mtcuteWebClient(server.endpoints))
  })
})

describe('GramJS', () => {
  async function join(transport: GramjsTransport, firstName: string) {
    const phone = freshPhone()
    const client = await gramjsClient(server.endpoints, transport)
    await gramjsLogin(client, { phone, firstName }, async () => LOGIN_CODE)
    const arrived: string[] = []
    client.addEventHandler((event: NewMessageEvent) => {
      arrived.push(event.message.message)
    }, new NewMessage({}))
    await client.getMe()
    return { client, phone, arrived }
  }

  it.each<GramjsTransport>(['tcp abridged', 'tcp obfuscated'])('over %s', async (transport) => {
    const dora = await join(transport, 'Dora')
    const emil = await join(transport, 'Emil')
    try {
      const contact = { clientId: 1 as never, phone: emil.phone, firstName: 'Emil', lastName: '' }
      const contacts = [new Api.InputPhoneContact(contact)]
      const { users } = await dora.client.invoke(new Api.contacts.ImportContacts({ contacts }))
      await dora.client.sendMessage(users[0]!.id, { message: `over ${transport}` })
      await eventually('Emil is told', () => emil.arrived.includes(`over ${transport}`))
      const [last] = await dora.client.getMessages(users[0]!.id, { limit: 1 })
      expect(last?.message).toBe(`over ${transport}`)
    } finally {
      await dora.client.destroy()
      await emil.client.destroy()
    }
  })
})

describe('over HTTP', () => {
  it('a key is made, calls are answered, and a waiting request brings what is new', async () => {
    const { endpoints } = server
    const phones = [freshPhone(), freshPhone()] as const
    const alice = new HttpClient(endpoints, await exchangeOverHttp(endpoints))
    const bob = new HttpClient(endpoints, await exchangeOverHttp(endpoints))
    await httpSignUp(alice, phones[0], 'Alice', LOGIN_CODE)
    await httpSignUp(bob, phones[1], 'Bob', LOGIN_CODE)
    const contact = {
      _: 'inputPhoneContact',
      clientId: 1n,
      phone: phones[1],
      firstName: 'Bob',
      lastName: '',
    } as const
    const { users } = await alice.call('contacts.importContacts', { contacts: [contact] })
    const [found] = users
    if (found?._ !== 'user') throw new Error('Bob is not found')
    await bob.call('updates.getState', {})
    bob.longPoll()
    const peer = { _: 'inputPeerUser', userId: found.id, accessHash: found.accessHash! } as const
    await alice.call('messages.sendMessage', { peer, message: 'by post', randomId: 1n })
    const news = await eventually('Bob is told', () => bob.updates.find(({ _ }) => _ === 'updates'))
    expect(news).toMatchObject({ updates: [{ _: 'updateNewMessage', message: { message: 'by post' } }] })
    const state = await bob.call('updates.getState', {})
    expect(state).toMatchObject({ unreadCount: 1 })
  })
})

describe('the salt of a key exchange', () => {
  it('is still good after a restart, for a client that has used nothing else', async () => {
    const key = await exchangeOverHttp(server.endpoints)
    await server.kill()
    await server.restart()
    const client = new HttpClient(server.endpoints, key)
    await client.call('help.getNearestDc', {})
    expect(client.services).toContain(NEW_SESSION_CREATED)
    expect(client.services).not.toContain(BAD_SERVER_SALT)
    const other = new HttpClient(server.endpoints, { ...key, serverSalt: key.serverSalt ^ 1n })
    await other.call('help.getNearestDc', {})
    expect(other.services).toContain(BAD_SERVER_SALT)
  })
})
