import type { tl } from '@mtcute/node'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

describe('the life of groups and channels, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let group: number

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
    bob = await member(server.endpoints, 'Bob')
    await acquaint(alice, bob)
  })
  afterAll(async () => {
    for (const each of [alice, bob]) await each?.client.destroy()
    await server?.dispose()
  })

  const actions = async (of: Member, chat: number) =>
    (await of.client.getHistory(chat, { limit: 50 })).map((message) => message.action?.type)
  const channelOf = (of: Member, chat: number) => of.client.resolveChannel(chat)

  it('a basic group has administrators, links and a timer', async () => {
    group = (await alice.client.createGroup({ title: 'Small', users: [bob.id] })).chat.id
    await alice.client.call({
      _: 'messages.editChatAdmin',
      chatId: -group,
      userId: await alice.client.resolveUser(bob.id),
      isAdmin: true,
    })
    expect(await bob.client.getChat(group)).toMatchObject({ isAdmin: true })
    const link = await bob.client.createInviteLink(group, {})
    expect(link.link).toContain('+')
    await alice.client.setChatTtl(group, 3600)
    await eventually('Bob is told', async () => (await actions(bob, group)).includes('ttl_changed'))
    const full = await alice.client.call({ _: 'messages.getFullChat', chatId: -group })
    expect(full.fullChat).toMatchObject({ ttlPeriod: 3600 })
    await alice.client.setChatTtl(group, 0)
  })

  it('a basic group becomes a supergroup with its members', async () => {
    const migrated = await alice.client.call({ _: 'messages.migrateChat', chatId: -group })
    const chats = (migrated as tl.RawUpdates).chats
    const to = chats.find((chat) => chat._ === 'channel') as tl.RawChannel
    expect(chats.find((chat) => chat._ === 'chat')).toMatchObject({
      deactivated: true,
      migratedTo: { channelId: to.id },
    })
    const supergroup = -1_000_000_000_000 - to.id
    await eventually('Bob has the supergroup', async () => {
      const old = await bob.client.call({ _: 'messages.getChats', id: [-group] })
      const [chat] = old.chats
      if (chat?._ !== 'chat' || chat.migratedTo?._ !== 'inputChannel') return false
      const answer = await bob.client.call({ _: 'channels.getFullChannel', channel: chat.migratedTo })
      return answer.fullChat._ === 'channelFull' && answer.fullChat.participantsCount === 2
    })
    expect(await actions(alice, supergroup)).toContain('channel_migrate_from')
    expect(await actions(bob, group)).toContain('chat_migrate_to')
    const members = await alice.client.getChatMembers(supergroup, {})
    expect(members.map(({ user, status }) => [user.id, status])).toEqual([
      [alice.id, 'creator'],
      [bob.id, 'admin'],
    ])
    await expect(alice.client.sendText(group, 'too late')).rejects.toThrow()
  })

  it('a channel has a photo, and loses it', async () => {
    const channel = (await alice.client.createChannel({ title: 'Pictures' })).id
    const picture = await sharp({ create: { width: 640, height: 640, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer()
    await alice.client.setChatPhoto({ chatId: channel, type: 'photo', media: picture })
    const seen = await alice.client.getFullChat(channel)
    expect(seen.photo).not.toBeNull()
    expect(await actions(alice, channel)).toContain('photo_changed')
    await alice.client.deleteChatPhoto(channel)
    expect((await alice.client.getChat(channel)).photo).toBeNull()
  })

  it('a channel is given away by who knows the password', async () => {
    const channel = (await alice.client.createSupergroup({ title: 'Mine' })).id
    await alice.client.addChatMembers(channel, bob.id, {})
    await alice.client.editAdminRights({ chatId: channel, userId: bob.id, rights: { other: true } })
    const give = async (password: tl.TypeInputCheckPasswordSRP) =>
      alice.client.call({
        _: 'messages.editChatCreator',
        peer: await alice.client.resolvePeer(channel),
        userId: await alice.client.resolveUser(bob.id),
        password,
      })
    await expect(give({ _: 'inputCheckPasswordEmpty' })).rejects.toMatchObject({ text: 'PASSWORD_MISSING' })
    await alice.client.enableCloudPassword({ password: 'secret', hint: 'none' })
    await expect(give({ _: 'inputCheckPasswordEmpty' })).rejects.toMatchObject({
      text: 'PASSWORD_HASH_INVALID',
    })
    const request = await alice.client.call({ _: 'account.getPassword' })
    await give(await alice.client.computeSrpParams(request, 'secret'))
    expect(await bob.client.getChat(channel)).toMatchObject({ isCreator: true })
    await alice.client.leaveChat(channel)
  })

  it('common chats, chosen names and links to messages', async () => {
    const shared = (await alice.client.createGroup({ title: 'Shared', users: [bob.id] })).chat.id
    const common = await bob.client.getCommonChats(alice.id)
    expect(common.map(({ id }) => id)).toContain(shared)
    const channel = (await alice.client.createChannel({ title: 'Voice' })).id
    await alice.client.setChatUsername(channel, `voice_${process.pid}`)
    const town = (await alice.client.createSupergroup({ title: 'Talk' })).id
    const peers = await alice.client.call({
      _: 'channels.getSendAs',
      peer: await alice.client.resolvePeer(town),
    })
    expect(peers.peers.map(({ peer }) => peer._)).toEqual(['peerUser', 'peerChannel'])
    const link = await alice.client.call({
      _: 'channels.exportMessageLink',
      channel: await channelOf(alice, channel),
      id: 1,
    })
    expect(link.link).toBe(`https://t.me/voice_${process.pid}/1`)
  })

  it('members of a channel are known by what they said there', async () => {
    const town = (await alice.client.createSupergroup({ title: 'Strangers' })).id
    await alice.client.setChatUsername(town, `strangers_${process.pid}`)
    const zoe = await member(server.endpoints, 'Zoe')
    await bob.client.joinChat(`strangers_${process.pid}`)
    await zoe.client.joinChat(`strangers_${process.pid}`)
    const said = await zoe.client.sendText(town, 'hello from Zoe')
    const peer = await bob.client.resolvePeer(town)
    const named = (msgId: number) =>
      bob.client.call({
        _: 'users.getUsers',
        id: [{ _: 'inputUserFromMessage', peer, msgId, userId: zoe.id }],
      })
    expect(await named(said.id)).toMatchObject([{ _: 'user', firstName: 'Zoe' }])
    await expect(named(1)).rejects.toMatchObject({ text: 'MSG_ID_INVALID' })
    await zoe.client.destroy()
  })

  it('a discussion is read by who may read its channel, and by nobody else', async () => {
    const news = (await alice.client.createChannel({ title: 'Private news' })).id
    const talk = (await alice.client.createSupergroup({ title: 'Private talk' })).id
    const link = await alice.client.createInviteLink(news, {})
    await bob.client.joinChat(link.link)
    await alice.client.call({
      _: 'channels.setDiscussionGroup',
      broadcast: await channelOf(alice, news),
      group: await channelOf(alice, talk),
    })
    const channel = await eventually('Bob knows the channel', () =>
      channelOf(bob, news).catch(() => undefined),
    )
    const page = await bob.client.call({ _: 'channels.getFullChannel', channel })
    const chat = page.chats.find(({ id }) => id === -1_000_000_000_000 - talk) as tl.RawChannel
    expect(chat).toMatchObject({ title: 'Private talk', left: true })
    const group = {
      _: 'inputChannel',
      channelId: chat.id,
      accessHash: chat.accessHash!,
    } as const
    const full = await bob.client.call({ _: 'channels.getFullChannel', channel: group })
    expect(full.fullChat).toMatchObject({ linkedChatId: -1_000_000_000_000 - news })
    await bob.client.leaveChat(news)
    for (const call of [
      { _: 'channels.getFullChannel', channel: group },
      { _: 'channels.getMessages', channel: group, id: [{ _: 'inputMessageID', id: 1 }] },
      { _: 'channels.joinChannel', channel: group },
    ] as const)
      await expect(bob.client.call(call as tl.RpcMethod)).rejects.toMatchObject({ text: 'CHANNEL_PRIVATE' })
  })

  it('who is added to a supergroup while connected gets the message of it', async () => {
    const town = (await alice.client.createSupergroup({ title: 'Welcome' })).id
    await alice.client.sendText(town, 'before')
    await alice.client.addChatMembers(town, bob.id, {})
    type Told = {
      _: string
      message: { action?: { _: string; users?: number[] }; peerId?: { channelId?: number } }
    }
    const isWelcome = ({ _, message }: Told) =>
      _ === 'updateNewChannelMessage' &&
      message.peerId?.channelId === -1_000_000_000_000 - town &&
      message.action?._ === 'messageActionChatAddUser' &&
      message.action.users?.includes(bob.id) === true
    await eventually('Bob is told', () => (bob.updates as Told[]).some(isWelcome))
    expect((bob.updates as Told[]).filter(isWelcome)).toHaveLength(1)
    await alice.client.sendText(town, 'after')
    await eventually('Bob hears what follows', () =>
      (bob.updates as (Told & { message: { message?: string } })[]).some(
        ({ _, message }) => _ === 'updateNewChannelMessage' && message.message === 'after',
      ),
    )
  })
})
