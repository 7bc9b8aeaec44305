import { Api } from 'telegram'
import { NewMessage, type NewMessageEvent } from 'telegram/events/index.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { endGramjsCouple, type GramjsCouple, type GramjsPerson, startGramjsCouple } from './gramjs-people.ts'

interface Listener extends GramjsPerson {
  readonly arrived: string[]
}

describe('messages of groups and channels, seen from GramJS', () => {
  let couple: GramjsCouple
  let dora: GramjsPerson
  let emil: Listener

  function listening(person: GramjsPerson): Listener {
    const arrived: string[] = []
    person.client.addEventHandler((event: NewMessageEvent) => {
      arrived.push(event.message.message)
    }, new NewMessage({}))
    return { ...person, arrived }
  }

  beforeAll(async () => {
    couple = await startGramjsCouple()
    dora = couple.dora
    emil = listening(couple.emil)
  })
  afterAll(() => endGramjsCouple(couple))

  async function found(megagroup: boolean): Promise<Api.Channel> {
    const kind = megagroup ? { megagroup: true } : { broadcast: true }
    const made = (await dora.client.invoke(
      new Api.channels.CreateChannel({ ...kind, title: 'Made by GramJS', about: '' }),
    )) as Api.Updates
    const channel = made.chats[0] as Api.Channel
    await dora.client.invoke(new Api.channels.InviteToChannel({ channel, users: [emil.me.id] }))
    return channel
  }

  /** The channel as the other sees it: with an access hash of its own. */
  const seenByEmil = (channel: Api.Channel) =>
    eventually('Emil has the channel', async () => {
      const dialogs = await emil.client.getDialogs({})
      const dialog = dialogs.find(({ entity }) => entity?.id.toString() === channel.id.toString())
      return dialog?.entity as Api.Channel | undefined
    })

  it('reach the members of a supergroup, are answered, edited and deleted', async () => {
    const channel = await found(true)
    const his = await seenByEmil(channel)
    const sent = await dora.client.sendMessage(channel, { message: 'hello group' })
    await eventually('Emil gets it', () => emil.arrived.includes('hello group'))
    const answer = await emil.client.sendMessage(his, { message: 'hello back', replyTo: sent.id })
    expect(answer.replyTo?.replyToMsgId).toBe(sent.id)
    await dora.client.editMessage(channel, { message: sent.id, text: 'edited' })
    const [edited] = await emil.client.getMessages(his, { ids: [sent.id] })
    expect(edited?.message).toBe('edited')
    await dora.client.deleteMessages(channel, [answer.id], { revoke: true })
    const texts = (await emil.client.getMessages(his, { limit: 10 })).map(({ message }) => message)
    expect(texts).toContain('edited')
    expect(texts).not.toContain('hello back')
  })

  it('are posts in a broadcast channel, which subscribers read and forward', async () => {
    const channel = await found(false)
    const his = await seenByEmil(channel)
    const post = await dora.client.sendMessage(channel, { message: 'the news' })
    expect(post.post).toBe(true)
    await eventually('Emil gets it', () => emil.arrived.includes('the news'))
    await emil.client.markAsRead(his, post.id)
    await emil.client.forwardMessages('me', { messages: [post.id], fromPeer: his })
    const [copy] = await emil.client.getMessages('me', { limit: 1 })
    expect(copy?.fwdFrom?.channelPost).toBe(post.id)
    await expect(emil.client.sendMessage(his, { message: 'me too' })).rejects.toThrow('CHAT_ADMIN_REQUIRED')
  })

  it('reach the members of a basic group', async () => {
    const made = (await dora.client.invoke(
      new Api.messages.CreateChat({ users: [emil.me.id], title: 'Two of us' }),
    )) as unknown as { chats?: Api.Chat[]; updates?: { chats: Api.Chat[] } }
    const chat = (made.chats ?? made.updates?.chats)?.[0] as Api.Chat
    await dora.client.sendMessage(chat, { message: 'hello both' })
    await eventually('Emil gets it', () => emil.arrived.includes('hello both'))
    const [seen] = await emil.client.getMessages(chat.id.negate(), { limit: 1 })
    expect(seen).toMatchObject({ message: 'hello both', out: false })
  })
})
