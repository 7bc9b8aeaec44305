import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'

const PAGE = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: Long.ZERO }

describe('threads and comments, seen from mtcute', () => {
  let couple: Couple
  let alice: Member
  let bob: Member
  let group: number
  let channel: number

  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
    alice = couple.alice
    bob = couple.bob
    group = (await alice.client.createSupergroup({ title: 'Talk' })).id
    channel = (await alice.client.createChannel({ title: 'News' })).id
    await alice.client.addChatMembers(group, [bob.id], {})
    await alice.client.addChatMembers(channel, [bob.id], {})
    await eventually('Bob is in both', async () => {
      const ids: number[] = []
      for await (const { peer } of bob.client.iterDialogs()) ids.push(peer.id)
      return ids.includes(group) && ids.includes(channel)
    })
    await alice.client.call({
      _: 'channels.setDiscussionGroup',
      broadcast: (await alice.client.resolveChannel(channel)) as tl.TypeInputChannel,
      group: (await alice.client.resolveChannel(group)) as tl.TypeInputChannel,
    })
  })
  afterAll(() => endCouple(couple ?? {}))

  const repliesTo = async (who: Member, chat: number, msgId: number) => {
    const peer = await who.client.resolvePeer(chat)
    const answer = await who.client.call({ _: 'messages.getReplies', peer, msgId, ...PAGE })
    return (answer as tl.messages.RawChannelMessages).messages as tl.RawMessage[]
  }
  const rawOf = async (who: Member, chat: number, id: number) => {
    const [message] = await who.client.getMessages(chat, id)
    return message!.raw as tl.RawMessage
  }
  const discussionOf = async (who: Member, chat: number, msgId: number) => {
    const peer = await who.client.resolvePeer(chat)
    return who.client.call({ _: 'messages.getDiscussionMessage', peer, msgId })
  }

  it('begin where somebody answers, and count', async () => {
    const question = await alice.client.sendText(group, 'a question')
    // Clients count from what a message says of its thread before anybody has answered.
    expect(question.raw).toMatchObject({ replies: { replies: 0 } })
    expect(await rawOf(bob, group, question.id)).toMatchObject({ replies: { replies: 0 } })
    const first = await bob.client.sendText(group, 'an answer', { replyTo: question.id })
    await alice.client.sendText(group, 'to the answer', { replyTo: first.id })
    expect((await repliesTo(alice, group, question.id)).map(({ message }) => message)).toEqual([
      'to the answer',
      'an answer',
    ])
    expect(await rawOf(bob, group, question.id)).toMatchObject({ replies: { replies: 2 } })
    await bob.client.deleteMessagesById(group, [first.id])
    await eventually('one is left', async () => {
      const { replies } = await rawOf(bob, group, question.id)
      return replies?.replies === 1
    })
    expect((await repliesTo(bob, group, question.id)).map(({ message }) => message)).toEqual([
      'to the answer',
    ])
  })

  it('hang on the copy of a post in the discussion group', async () => {
    const heard: tl.RawMessage[] = []
    bob.client.onNewMessage.add(({ raw, chat }) => {
      if (chat.id === group) heard.push(raw as tl.RawMessage)
    })
    const post = await alice.client.sendText(channel, 'some news')
    expect(post.raw).toMatchObject({ replies: { comments: true, replies: 0 } })
    await eventually('Bob hears the copy', () => heard.some(({ message }) => message === 'some news'))
    expect(heard.find(({ message }) => message === 'some news')).toMatchObject({
      fwdFrom: { channelPost: post.id, savedFromMsgId: post.id },
      fromId: { _: 'peerChannel' },
    })
    const discussion = await eventually('it is found by the post', () =>
      discussionOf(bob, channel, post.id).catch(() => undefined),
    )
    const [copy] = discussion.messages as tl.RawMessage[]
    expect(copy).toMatchObject({ message: 'some news', pinned: true, replies: { replies: 0 } })
    const comment = await bob.client.sendText(group, 'what a surprise', { replyTo: copy!.id })
    expect((await repliesTo(alice, channel, post.id)).map(({ message }) => message)).toEqual([
      'what a surprise',
    ])
    expect(await rawOf(alice, channel, post.id)).toMatchObject({
      replies: { comments: true, replies: 1, maxId: comment.id, recentRepliers: [{ userId: bob.id }] },
    })
    const edited = await alice.client.editMessage({ chatId: channel, message: post.id, text: 'old news' })
    expect(edited.raw).toMatchObject({ message: 'old news', replies: { replies: 1 } })
  })

  it('are read by themselves', async () => {
    const post = await alice.client.sendText(channel, 'more news')
    const discussion = await eventually('the copy is there', () =>
      discussionOf(bob, channel, post.id).catch(() => undefined),
    )
    const [copy] = discussion.messages
    const comment = await bob.client.sendText(group, 'read me', { replyTo: copy!.id })
    expect(await discussionOf(alice, channel, post.id)).toMatchObject({ unreadCount: 1 })
    const peer = await alice.client.resolvePeer(channel)
    await alice.client.call({ _: 'messages.readDiscussion', peer, msgId: post.id, readMaxId: comment.id })
    expect(await discussionOf(alice, channel, post.id)).toMatchObject({
      unreadCount: 0,
      readInboxMaxId: comment.id,
      maxId: comment.id,
    })
    await expect(discussionOf(alice, channel, 9999)).rejects.toMatchObject({ text: 'MSG_ID_INVALID' })
  })
})
