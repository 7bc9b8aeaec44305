import { Long } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

interface ReactionsUpdate {
  _: string
  msgId: number
  reactions: {
    min?: boolean
    results: { count: number; chosenOrder?: number; reaction: { emoticon: string } }[]
  }
}

describe('reactions, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let carol: Member
  let group: number
  let channel: number

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
    bob = await member(server.endpoints, 'Bob')
    carol = await member(server.endpoints, 'Carol')
    await acquaint(alice, bob)
    await acquaint(alice, carol)
    group = (await alice.client.createSupergroup({ title: 'Talk' })).id
    channel = (await alice.client.createChannel({ title: 'News' })).id
    for (const chat of [group, channel]) {
      await alice.client.addChatMembers(chat, [bob.id, carol.id], {})
      for (const who of [bob, carol]) await knows(who, chat)
    }
  })
  afterAll(async () => {
    await Promise.all([alice, bob, carol].map((each) => each?.client.destroy()))
    await server?.dispose()
  })

  const knows = (who: Member, chat: number) =>
    eventually('the chat is known', async () => {
      for await (const dialog of who.client.iterDialogs()) if (dialog.peer.id === chat) return true
      return false
    })
  const reactionsOf = async (who: Member, chat: number | string, id: number) => {
    const [message] = await who.client.getMessages(chat, id)
    return message?.reactions?.reactions.map(({ emoji, count, order }) => ({
      emoji,
      count,
      order: order ?? null,
    }))
  }
  const told = (who: Member, id: number): ReactionsUpdate[] =>
    (who.updates as ReactionsUpdate[]).filter(
      ({ _, msgId }) => _ === 'updateMessageReactions' && msgId === id,
    )

  it('are said in a private chat, changed and taken back, and heard by the other side', async () => {
    const sent = await alice.client.sendText(bob.id, 'how is it?')
    const [seen] = await eventually('Bob has it', async () => {
      const page = await bob.client.getHistory(alice.id, { limit: 1 })
      return page[0]?.text === 'how is it?' ? page : undefined
    })
    const react = (emoji: string | null) =>
      bob.client.sendReaction({ chatId: alice.id, message: seen!.id, emoji })
    await react('👍')
    await eventually('Alice hears it', () => told(alice, sent.id).length > 0)
    expect(await reactionsOf(alice, bob.id, sent.id)).toEqual([{ emoji: '👍', count: 1, order: null }])
    expect(await reactionsOf(bob, alice.id, seen!.id)).toEqual([{ emoji: '👍', count: 1, order: 1 }])
    await react('❤')
    await expect(react('❤')).rejects.toMatchObject({ text: 'MESSAGE_NOT_MODIFIED' })
    await expect(react('🪣')).rejects.toMatchObject({ text: 'REACTION_INVALID' })
    expect(await reactionsOf(alice, bob.id, sent.id)).toEqual([{ emoji: '❤', count: 1, order: null }])
    await react(null)
    await eventually('Alice hears that', () => told(alice, sent.id).at(-1)?.reactions.results.length === 0)
    expect(await reactionsOf(alice, bob.id, sent.id)).toBeUndefined()
  })

  it('are counted together in a supergroup, with who said what', async () => {
    const sent = await alice.client.sendText(group, 'all together')
    await bob.client.sendReaction({ chatId: group, message: sent.id, emoji: ['👍', '🔥'] })
    await carol.client.sendReaction({ chatId: group, message: sent.id, emoji: '🔥' })
    expect(await reactionsOf(carol, group, sent.id)).toEqual([
      { emoji: '🔥', count: 2, order: 1 },
      { emoji: '👍', count: 1, order: null },
    ])
    const users = await alice.client.getReactionUsers({ chatId: group, message: sent.id })
    expect(users.total).toBe(3)
    expect(users.map(({ peer }) => peer.id).sort()).toEqual([bob.id, bob.id, carol.id].sort())
    const [first] = await alice.client.getReactionUsers({ chatId: group, message: sent.id, emoji: '👍' })
    expect(first?.peer.id).toBe(bob.id)
    await eventually('Carol hears what Bob said, without what is her own', () =>
      told(carol, sent.id).some(({ reactions }) => reactions.min === true && reactions.results.length === 2),
    )
    await alice.client.editMessage({ chatId: group, message: sent.id, text: 'all together now' })
    expect((await reactionsOf(bob, group, sent.id))?.[0]).toEqual({ emoji: '🔥', count: 2, order: 2 })
  })

  it('wait for the author until it has seen them', async () => {
    const peer = await alice.client.resolvePeer(group)
    const unread = async () => {
      const { dialogs } = await alice.client.call({
        _: 'messages.getPeerDialogs',
        peers: [{ _: 'inputDialogPeer', peer }],
      })
      return dialogs[0]?._ === 'dialog' ? dialogs[0].unreadReactionsCount : undefined
    }
    await alice.client.call({ _: 'messages.readReactions', peer })
    expect(await unread()).toBe(0)
    const sent = await alice.client.sendText(group, 'say something')
    await carol.client.sendReaction({ chatId: group, message: sent.id, emoji: '👏' })
    expect(await unread()).toBe(1)
    const page = { offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 }
    const list = await alice.client.call({ _: 'messages.getUnreadReactions', peer, ...page })
    expect(list).toMatchObject({
      count: 1,
      messages: [{ id: sent.id, reactions: { recentReactions: [{ unread: true }] } }],
    })
    await alice.client.call({ _: 'messages.readReactions', peer })
    expect(await unread()).toBe(0)
  })

  it('keep to what the chat allows', async () => {
    const sent = await alice.client.sendText(group, 'only thumbs')
    const peer = await alice.client.resolvePeer(group)
    const allow = (
      availableReactions:
        | { _: 'chatReactionsAll' }
        | {
            _: 'chatReactionsSome'
            reactions: { _: 'reactionEmoji'; emoticon: string }[]
          },
    ) => alice.client.call({ _: 'messages.setChatAvailableReactions', peer, availableReactions })
    await allow({ _: 'chatReactionsSome', reactions: [{ _: 'reactionEmoji', emoticon: '👍' }] })
    await expect(
      bob.client.sendReaction({ chatId: group, message: sent.id, emoji: '🔥' }),
    ).rejects.toMatchObject({ text: 'REACTION_INVALID' })
    await bob.client.sendReaction({ chatId: group, message: sent.id, emoji: '👍' })
    await allow({ _: 'chatReactionsAll' })
  })

  it('are taken away by administrators', async () => {
    const sent = await alice.client.sendText(group, 'tidy up')
    await bob.client.sendReaction({ chatId: group, message: sent.id, emoji: '👎' })
    const participants = {
      peer: await alice.client.resolvePeer(group),
      participant: await alice.client.resolvePeer(bob.id),
    }
    await alice.client.call({ _: 'messages.deleteParticipantReaction', msgId: sent.id, ...participants })
    expect(await reactionsOf(bob, group, sent.id)).toBeUndefined()
    expect(await alice.client.call({ _: 'messages.deleteParticipantReactions', ...participants })).toBe(true)
  })

  it('to posts are counted, and nobody is named', async () => {
    const post = await alice.client.sendText(channel, 'the news')
    await bob.client.sendReaction({ chatId: channel, message: post.id, emoji: '🎉' })
    expect(await reactionsOf(carol, channel, post.id)).toEqual([{ emoji: '🎉', count: 1, order: null }])
    const [message] = await carol.client.getMessages(channel, post.id)
    expect(message?.reactions?.usersVisible).toBe(false)
    await expect(carol.client.getReactionUsers({ chatId: channel, message: post.id })).rejects.toMatchObject({
      text: 'BROADCAST_FORBIDDEN',
    })
  })

  it('in a basic group reach every member under its own number of the message', async () => {
    const { chat } = await alice.client.createGroup({ title: 'Few', users: [bob.id, carol.id] })
    await bob.client.sendText('me', 'moves the numbers')
    const sent = await alice.client.sendText(chat.id, 'in the group')
    const [seen] = await eventually('Bob has it', async () => {
      const page = await bob.client.getHistory(chat.id, { limit: 1 })
      return page[0]?.text === 'in the group' ? page : undefined
    })
    await bob.client.sendReaction({ chatId: chat.id, message: seen!.id, emoji: '👍' })
    await eventually('Alice hears it', () => told(alice, sent.id).length > 0)
    expect(await reactionsOf(alice, chat.id, sent.id)).toEqual([{ emoji: '👍', count: 1, order: null }])
  })

  it('are tags in Saved Messages, and remembered', async () => {
    const saved = await alice.client.sendText('me', 'keep this')
    const self = { _: 'inputPeerSelf' } as const
    const reaction = { _: 'reactionEmoji', emoticon: '❤' } as const
    await alice.client.call({
      _: 'messages.sendReaction',
      peer: self,
      msgId: saved.id,
      reaction: [reaction],
      addToRecent: true,
    })
    await alice.client.call({ _: 'messages.updateSavedReactionTag', reaction, title: 'dear' })
    const tags = await alice.client.call({ _: 'messages.getSavedReactionTags', hash: Long.ZERO })
    expect(tags).toMatchObject({ tags: [{ reaction, title: 'dear', count: 1 }] })
    const recent = await alice.client.call({ _: 'messages.getRecentReactions', limit: 5, hash: Long.ZERO })
    expect(recent).toMatchObject({ reactions: [reaction] })
    const top = await alice.client.call({ _: 'messages.getTopReactions', limit: 2, hash: Long.ZERO })
    expect(top).toMatchObject({ reactions: [reaction, {}] })
    const all = { q: '', filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0 } as const
    const page = { offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO } as const
    const search = (emoticon: string) => {
      const savedReaction = [{ _: 'reactionEmoji', emoticon } as const]
      return alice.client.call({ _: 'messages.search', peer: self, savedReaction, ...all, ...page })
    }
    expect(await search('❤')).toMatchObject({ messages: [{ id: saved.id }] })
    expect(await search('🔥')).toMatchObject({ messages: [] })
    const [message] = await alice.client.getMessages('me', saved.id)
    expect(message?.raw).toMatchObject({ reactions: { reactionsAsTags: true } })
  })

  it('are gone with their message', async () => {
    const sent = await alice.client.sendText(group, 'short-lived')
    await bob.client.sendReaction({ chatId: group, message: sent.id, emoji: '👍' })
    await alice.client.deleteMessagesById(group, [sent.id])
    await expect(
      bob.client.sendReaction({ chatId: group, message: sent.id, emoji: '🔥' }),
    ).rejects.toMatchObject({ text: 'MESSAGE_ID_INVALID' })
  })

  it('count those who have seen a post, once each', async () => {
    const post = await alice.client.sendText(channel, 'look at this')
    const look = async (who: Member, increment: boolean) => {
      const peer = await who.client.resolvePeer(channel)
      const { views } = await who.client.call({
        _: 'messages.getMessagesViews',
        peer,
        id: [post.id],
        increment,
      })
      return views[0]
    }
    expect(await look(bob, true)).toMatchObject({ views: 1 })
    expect(await look(bob, true)).toMatchObject({ views: 1 })
    expect(await look(carol, true)).toMatchObject({ views: 2 })
    await bob.client.forwardMessagesById({ fromChatId: channel, messages: [post.id], toChatId: 'me' })
    expect(await look(carol, false)).toMatchObject({ views: 2, forwards: 1 })
    await eventually('the counts are kept', async () => {
      const [message] = await carol.client.getMessages(channel, post.id)
      return message?.views === 2 && message.forwards === 1
    })
    await eventually('Alice hears it', () => alice.updates.some(({ _ }) => _ === 'updateChannelMessageViews'))
  })

  it('of reading show who has read a message in a small group', async () => {
    const sent = await alice.client.sendText(group, 'who has read this?')
    const readers = async () => {
      const peer = await alice.client.resolvePeer(group)
      return alice.client.call({ _: 'messages.getMessageReadParticipants', peer, msgId: sent.id })
    }
    expect(await readers()).toEqual([])
    await bob.client.readHistory(group)
    expect(await readers()).toMatchObject([{ userId: bob.id }])
  })
})
