import { Long } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

describe('messages of a supergroup, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let group: number

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
    bob = await member(server.endpoints, 'Bob')
    await acquaint(alice, bob)
    group = (await alice.client.createSupergroup({ title: 'Talk' })).id
    await alice.client.addChatMembers(group, [bob.id], {})
    await eventually('Bob is in the group', async () =>
      (await dialogsOf(bob)).some((dialog) => dialog.peer.id === group),
    )
  })
  afterAll(async () => {
    await alice?.client.destroy()
    await bob?.client.destroy()
    await server?.dispose()
  })

  const dialogsOf = async (who: Member) => {
    const dialogs = []
    for await (const dialog of who.client.iterDialogs()) dialogs.push(dialog)
    return dialogs
  }
  const textsOf = async (who: Member, limit = 20) =>
    (await who.client.getHistory(group, { limit })).map(({ text }) => text).filter((text) => text !== '')

  it('reach the other members while they are connected, and name who sent them', async () => {
    const heard: { text: string; sender: number; chat: number }[] = []
    bob.client.onNewMessage.add(({ text, sender, chat }) => {
      heard.push({ text, sender: sender.id, chat: chat.id })
    })
    const sent = await alice.client.sendText(group, 'hello all')
    expect(sent).toMatchObject({ text: 'hello all', isOutgoing: true })
    await eventually('Bob hears it', () => heard.some(({ text }) => text === 'hello all'))
    expect(heard.at(-1)).toEqual({ text: 'hello all', sender: alice.id, chat: group })
    const [seen] = await bob.client.getHistory(group, { limit: 1 })
    expect(seen).toMatchObject({ id: sent.id, text: 'hello all', isOutgoing: false })
  })

  it('answer each other, and mention those whom they answer', async () => {
    const question = await alice.client.sendText(group, 'anybody there?')
    const answer = await bob.client.sendText(group, 'I am', { replyTo: question.id })
    expect(answer.replyToMessage?.id).toBe(question.id)
    const [seen] = await alice.client.getHistory(group, { limit: 1 })
    expect(seen).toMatchObject({ text: 'I am', isMention: true })
    const peer = await alice.client.resolvePeer(group)
    const page = { offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 }
    const mentions = async () => {
      const found = await alice.client.call({ _: 'messages.getUnreadMentions', peer, ...page })
      return 'messages' in found ? found.messages : []
    }
    expect(await mentions()).toMatchObject([{ id: answer.id, mediaUnread: true }])
    await alice.client.call({ _: 'messages.readMentions', peer })
    expect(await mentions()).toEqual([])
  })

  it('go all at once where an administrator removes what one member has written', async () => {
    for (const text of ['first of many', 'second of many']) await bob.client.sendText(group, text)
    await alice.client.sendText(group, 'from Alice')
    const channel = await alice.client.resolveChannel(group)
    const participant = await alice.client.resolvePeer(bob.id)
    const affected = await alice.client.call({ _: 'channels.deleteParticipantHistory', channel, participant })
    expect(affected).toMatchObject({ _: 'messages.affectedHistory', offset: 0 })
    expect(affected.ptsCount).toBeGreaterThanOrEqual(2)
    await eventually('Bob reads none of his', async () => {
      const left = await bob.client.getHistory(group, { limit: 50 })
      return left.every(({ sender, action }) => sender.id !== bob.id || action !== null)
    })
    expect(await textsOf(alice)).toContain('from Alice')
    const maxId = Long.MAX_VALUE
    const log = { _: 'channels.getAdminLog', channel, q: '', maxId, minId: Long.ZERO, limit: 1 } as const
    const { events } = await alice.client.call(log)
    expect(events).toMatchObject([{ action: { _: 'channelAdminLogEventActionDeleteMessage' } }])
  })

  it('say to who sends them when they go, where the group has a timer', async () => {
    const peer = await alice.client.resolvePeer(group)
    await alice.client.call({ _: 'messages.setHistoryTTL', peer, period: 86_400 })
    const sent = await alice.client.sendText(group, 'for a day')
    expect(sent.raw).toMatchObject({ message: 'for a day', ttlPeriod: 86_400 })
    await alice.client.call({ _: 'messages.setHistoryTTL', peer, period: 0 })
    const kept = await alice.client.sendText(group, 'for ever')
    expect(kept.raw).not.toHaveProperty('ttlPeriod', 86_400)
  })

  it('are edited by their authors only, and seen so by all', async () => {
    const sent = await alice.client.sendText(group, 'teh typo')
    await alice.client.editMessage({ chatId: group, message: sent.id, text: 'the typo' })
    await eventually('Bob sees the new text', async () => (await textsOf(bob, 1))[0] === 'the typo')
    await eventually('Bob is told', () => bob.updates.some(({ _ }) => _ === 'updateEditChannelMessage'))
    const foreign = bob.client.editMessage({ chatId: group, message: sent.id, text: 'mine now' })
    await expect(foreign).rejects.toMatchObject({ text: 'MESSAGE_AUTHOR_REQUIRED' })
  })

  it('are deleted for all, by who may', async () => {
    const hers = await alice.client.sendText(group, 'stays')
    await expect(bob.client.deleteMessagesById(group, [hers.id])).rejects.toMatchObject({
      text: 'MESSAGE_DELETE_FORBIDDEN',
    })
    const his = await bob.client.sendText(group, 'goes')
    await alice.client.deleteMessagesById(group, [his.id])
    expect(await textsOf(bob)).not.toContain('goes')
    await eventually('Bob is told', () => bob.updates.some(({ _ }) => _ === 'updateDeleteChannelMessages'))
    expect(await textsOf(bob)).toContain('stays')
  })

  it('count as unread until they are read, and senders see that', async () => {
    const unreadOf = async () => (await bob.client.getPeerDialogs(group))[0]?.unreadCount
    await bob.client.readHistory(group)
    const first = await alice.client.sendText(group, 'unread one')
    const last = await alice.client.sendText(group, 'unread two')
    expect(await unreadOf()).toBe(2)
    await bob.client.readHistory(group, { maxId: first.id })
    expect(await unreadOf()).toBe(1)
    await bob.client.readHistory(group, { maxId: last.id })
    expect(await unreadOf()).toBe(0)
    await eventually('Alice sees that it was read', async () => {
      const [dialog] = await alice.client.getPeerDialogs(group)
      return dialog?.raw._ === 'dialog' && dialog.raw.readOutboxMaxId === last.id
    })
  })

  it('are forwarded into private chats and back, with where they come from', async () => {
    const original = await alice.client.sendText(group, 'pass it on')
    const [copy] = await bob.client.forwardMessagesById({
      fromChatId: group,
      messages: [original.id],
      toChatId: alice.id,
    })
    expect(copy).toMatchObject({ text: 'pass it on', forward: { sender: { id: alice.id } } })
    const [back] = await bob.client.forwardMessagesById({
      fromChatId: alice.id,
      messages: [copy!.id],
      toChatId: group,
    })
    expect(back).toMatchObject({
      text: 'pass it on',
      chat: { id: group },
      forward: { sender: { id: alice.id } },
    })
  })

  it('are all there for who was away, in the order of sending', async () => {
    await bob.client.disconnect()
    const texts = Array.from({ length: 30 }, (_, i) => `while you were out ${i}`)
    for (const text of texts) await alice.client.sendText(group, text)
    const heard: string[] = []
    bob.client.onNewMessage.add(({ text }) => {
      heard.push(text)
    })
    await bob.client.connect()
    await bob.client.startUpdatesLoop()
    await eventually('Bob has all', () => heard.length >= texts.length)
    expect(heard.filter((text) => text.startsWith('while'))).toEqual(texts)
  })

  it('are pinned, which a service message tells, and unpinned', async () => {
    const sent = await alice.client.sendText(group, 'keep this')
    await alice.client.pinMessage({ chatId: group, message: sent.id, notify: true })
    const [told, kept] = await eventually('Bob sees it pinned', async () => {
      const page = await bob.client.getHistory(group, { limit: 2 })
      return page[0]?.action?.type === 'message_pinned' ? page : undefined
    })
    expect(told?.replyToMessage?.id).toBe(sent.id)
    expect(kept).toMatchObject({ id: sent.id, raw: { pinned: true } })
    await eventually('Bob is told', () => bob.updates.some(({ _ }) => _ === 'updatePinnedChannelMessages'))
    await alice.client.unpinMessage({ chatId: group, message: sent.id })
    const [unpinned] = await bob.client.getMessages(group, sent.id)
    expect(unpinned?.raw).not.toHaveProperty('pinned', true)
    await expect(bob.client.unpinMessage({ chatId: group, message: sent.id })).rejects.toMatchObject({
      code: 400,
    })
  })

  it('show who types', async () => {
    await bob.client.sendTyping(group, 'typing')
    await eventually('Alice sees Bob typing', () =>
      alice.updates.some(({ _ }) => _ === 'updateChannelUserTyping'),
    )
  })
})

describe('posts of a broadcast channel, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let channel: number

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
    bob = await member(server.endpoints, 'Bob')
    await acquaint(alice, bob)
    channel = (await alice.client.createChannel({ title: 'News' })).id
    await alice.client.addChatMembers(channel, [bob.id], {})
  })
  afterAll(async () => {
    await alice?.client.destroy()
    await bob?.client.destroy()
    await server?.dispose()
  })

  it('are in the name of the channel, and not for subscribers to write', async () => {
    const post = await alice.client.sendText(channel, 'the news')
    expect(post).toMatchObject({ isChannelPost: true, sender: { id: channel } })
    const [seen] = await eventually('Bob has it', async () => {
      const page = await bob.client.getHistory(channel, { limit: 1 })
      return page[0]?.text === 'the news' ? page : undefined
    })
    expect(seen).toMatchObject({ isChannelPost: true, sender: { id: channel }, signature: null })
    await expect(bob.client.sendText(channel, 'me too')).rejects.toMatchObject({
      text: 'CHAT_ADMIN_REQUIRED',
    })
  })

  it('are forwarded with the channel and the number of the post', async () => {
    const post = await alice.client.sendText(channel, 'spread the word')
    const [copy] = await bob.client.forwardMessagesById({
      fromChatId: channel,
      messages: [post.id],
      toChatId: 'me',
    })
    expect(copy?.forward).toMatchObject({ sender: { id: channel }, fromMessageId: post.id })
  })
})
