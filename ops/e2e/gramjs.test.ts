import { Api, type TelegramClient } from 'telegram'
import { NewMessage, type NewMessageEvent } from 'telegram/events/index.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GramjsTransport, gramjsClient, gramjsLogin } from '../clients/gramjs.ts'
import { eventually } from './eventually.ts'
import { freshPhone } from './people.ts'
import { LOGIN_CODE, ServerProcess } from './server.ts'

interface GramjsMember {
  readonly client: TelegramClient
  readonly phone: string
  readonly me: Api.User
  readonly arrived: string[]
}

describe.each<GramjsTransport>(['tcp', 'websocket'])('GramJS over %s', (transport) => {
  let server: ServerProcess
  let dora: GramjsMember
  let emil: GramjsMember

  async function join(firstName: string): Promise<GramjsMember> {
    const phone = freshPhone()
    const client = await gramjsClient(server.endpoints, transport)
    await gramjsLogin(client, { phone, firstName }, async () => LOGIN_CODE)
    const arrived: string[] = []
    client.addEventHandler((event: NewMessageEvent) => {
      arrived.push(event.message.message)
    }, new NewMessage({}))
    const me = (await client.getMe()) as Api.User
    return { client, phone, me, arrived }
  }

  beforeAll(async () => {
    server = await ServerProcess.start()
    dora = await join('Dora')
    emil = await join('Emil')
  })
  afterAll(async () => {
    await dora?.client.destroy()
    await emil?.client.destroy()
    await server?.dispose()
  })

  it('finds the other by number and by username', async () => {
    const imported = await dora.client.invoke(
      new Api.contacts.ImportContacts({
        contacts: [
          new Api.InputPhoneContact({
            clientId: 1 as never,
            phone: emil.phone,
            firstName: 'Emil',
            lastName: '',
          }),
        ],
      }),
    )
    expect(imported.users.map((user) => user.id.toString())).toEqual([emil.me.id.toString()])
    const username = `dora_${transport}_${process.pid}`
    await dora.client.invoke(new Api.account.UpdateUsername({ username }))
    const found = (await emil.client.getEntity(username)) as Api.User
    expect(found.id.toString()).toBe(dora.me.id.toString())
  })

  it('sends, receives, replies, edits and deletes', async () => {
    const sent = await dora.client.sendMessage(emil.me.id, { message: 'hello from GramJS' })
    await eventually('Emil gets it', () => emil.arrived.includes('hello from GramJS'))
    const [received] = await emil.client.getMessages(dora.me.id, { limit: 1 })
    await emil.client.sendMessage(dora.me.id, { message: 'hello back', replyTo: received!.id })
    const reply = await eventually('Dora gets the reply', async () => {
      const [last] = await dora.client.getMessages(emil.me.id, { limit: 1 })
      return last?.message === 'hello back' ? last : undefined
    })
    expect(reply.replyTo?.replyToMsgId).toBe(sent.id)
    await dora.client.editMessage(emil.me.id, { message: sent.id, text: 'edited' })
    const [first] = await emil.client.getMessages(dora.me.id, { ids: [received!.id] })
    expect(first?.message).toBe('edited')
    await dora.client.deleteMessages(emil.me.id, [sent.id], { revoke: true })
    await eventually('gone', async () =>
      (await emil.client.getMessages(dora.me.id, { limit: 10 })).every(
        (message) => message.message !== 'edited',
      ),
    )
  })

  it('lists dialogs with unread counts, and reads them', async () => {
    await dora.client.sendMessage(emil.me.id, { message: 'unread' })
    const dialog = async () =>
      (await emil.client.getDialogs({})).find((each) => each.id?.toString() === dora.me.id.toString())
    const before = await eventually('unread counted', async () => {
      const found = await dialog()
      return (found?.unreadCount ?? 0) > 0 ? found : undefined
    })
    expect(before.message?.message).toBe('unread')
    await emil.client.markAsRead(dora.me.id)
    expect((await dialog())?.unreadCount).toBe(0)
  })

  it('keeps Saved Messages and searches them', async () => {
    await emil.client.sendMessage('me', { message: 'remember the lighthouse' })
    const found = await emil.client.getMessages('me', { search: 'lighthouse', limit: 5 })
    expect(Array.from(found, (message) => message.message)).toEqual(['remember the lighthouse'])
  })

  it('comes back with a saved session, without a code', async () => {
    const saved = dora.client.session.save() as unknown as string
    const again = await gramjsClient(server.endpoints, transport, saved)
    await again.connect()
    expect((await again.getMe()).id.toString()).toBe(dora.me.id.toString())
    await again.destroy()
  })

  it('logs out', async () => {
    const gone = await join('Gone')
    await gone.client.invoke(new Api.auth.LogOut())
    await expect(gone.client.invoke(new Api.updates.GetState())).rejects.toMatchObject({ code: 401 })
    await gone.client.destroy()
  })
})
