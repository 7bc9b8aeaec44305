import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'

describe('topics of a forum, seen from mtcute', () => {
  let couple: Couple
  let alice: Member
  let bob: Member
  let forum: number

  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
    alice = couple.alice
    bob = couple.bob
    forum = (await alice.client.createSupergroup({ title: 'Forum', forum: true })).id
    await alice.client.addChatMembers(forum, [bob.id], {})
    await eventually('Bob is in it', async () => {
      const ids: number[] = []
      for await (const { peer } of bob.client.iterDialogs()) ids.push(peer.id)
      return ids.includes(forum)
    })
  })
  afterAll(() => endCouple(couple ?? {}))

  const topicsOf = async (who: Member) => {
    const peer = await who.client.resolvePeer(forum)
    const page = { offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 50 }
    const answer = await who.client.call({ _: 'messages.getForumTopics', peer, ...page })
    return answer.topics as tl.RawForumTopic[]
  }
  const topicOf = async (who: Member, id: number) => (await topicsOf(who)).find((topic) => topic.id === id)
  const create = (title: string) => alice.client.createForumTopic({ chatId: forum, title })

  it('are made, listed and found, General among them', async () => {
    const made = await create('Gardening')
    expect(made.action).toMatchObject({ type: 'topic_created', title: 'Gardening' })
    expect((await topicsOf(bob)).map(({ id, title }) => [id, title])).toEqual([
      [made.id, 'Gardening'],
      [1, 'General'],
    ])
    expect(await bob.client.getForumTopicsById(forum, [made.id])).toMatchObject([{ title: 'Gardening' }])
  })

  it('hold messages, which are read by topic', async () => {
    const heard: tl.RawMessage[] = []
    bob.client.onNewMessage.add(({ raw }) => void heard.push(raw as tl.RawMessage))
    const { id } = await create('Cooking')
    const sent = await alice.client.sendText(forum, 'soup', { replyTo: id })
    await alice.client.sendText(forum, 'elsewhere')
    await eventually('Bob hears it', () => heard.some(({ message }) => message === 'soup'))
    expect(heard.find(({ message }) => message === 'soup')?.replyTo).toMatchObject({
      forumTopic: true,
      replyToMsgId: id,
    })
    expect(await topicOf(bob, id)).toMatchObject({ topMessage: sent.id, unreadMentionsCount: 0 })
    const peer = await bob.client.resolvePeer(forum)
    const unread = (await topicOf(bob, id))!.unreadCount
    expect(unread).toBeGreaterThan(0)
    const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: Long.ZERO }
    const replies = await bob.client.call({ _: 'messages.getReplies', peer, msgId: id, ...page })
    expect((replies as tl.messages.RawChannelMessages).messages.map(({ id }) => id)).toEqual([sent.id, id])
    await bob.client.call({ _: 'messages.readDiscussion', peer, msgId: id, readMaxId: sent.id })
    expect(await topicOf(bob, id)).toMatchObject({ unreadCount: 0, readInboxMaxId: sent.id })
    const general = await bob.client.call({ _: 'messages.getReplies', peer, msgId: 1, ...page })
    const texts = (general as tl.messages.RawChannelMessages).messages as tl.RawMessage[]
    expect(texts.map(({ message }) => message)).toContain('elsewhere')
    expect(texts.map(({ message }) => message)).not.toContain('soup')
  })

  it('count what is unread, mentions, reactions and votes each for itself, General among them', async () => {
    const { id } = await create('Counting')
    const peer = await bob.client.resolvePeer(forum)
    const page = { offsetId: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0 }
    await bob.client.call({
      _: 'channels.readHistory',
      channel: await bob.client.resolveChannel(forum),
      maxId: 0,
    })
    const mention = {
      text: 'bob',
      entities: [{ _: 'messageEntityMentionName', offset: 0, length: 3, userId: bob.id }],
    }
    for (const [words, topic] of [
      ['general', undefined],
      [mention, undefined],
      [mention, id],
      ['last in the topic', id],
    ] as const)
      await alice.client.sendText(forum, words as string, topic === undefined ? {} : { replyTo: topic })
    const counts = async (who: Member, topic: number) => {
      const { unreadCount, unreadMentionsCount, unreadReactionsCount } = (await topicOf(who, topic))!
      return [unreadCount, unreadMentionsCount, unreadReactionsCount]
    }
    await eventually('both are counted', async () => (await topicOf(bob, id))?.unreadMentionsCount === 1)
    expect(await counts(bob, 1)).toEqual([2, 1, 0])
    expect((await counts(bob, id)).slice(1)).toEqual([1, 0])
    await bob.client.call({ _: 'messages.readDiscussion', peer, msgId: id, readMaxId: 1_000_000 })
    expect(await counts(bob, 1)).toEqual([2, 1, 0])
    const unseen = (topMsgId: number) =>
      bob.client.call({ _: 'messages.getUnreadMentions', peer, topMsgId, ...page })
    expect(await unseen(1)).toMatchObject({ count: 1 })
    await bob.client.call({ _: 'messages.readMentions', peer, topMsgId: id })
    expect(await unseen(1)).toMatchObject({ count: 1 })
    expect(await unseen(id)).toMatchObject({ count: 0 })
    const dialogs = await bob.client.call({
      _: 'messages.getPeerDialogs',
      peers: [{ _: 'inputDialogPeer', peer }],
    })
    expect(dialogs.dialogs[0]).toMatchObject({ unreadCount: 2, unreadMentionsCount: 1 })
    await bob.client.call({ _: 'messages.readDiscussion', peer, msgId: 1, readMaxId: 1_000_000 })
    expect(await counts(bob, 1)).toEqual([0, 1, 0])
    const [own] = await alice.client.getHistory(forum, { limit: 1 })
    await bob.client.sendReaction({ chatId: forum, message: own!.id, emoji: '👍' })
    await eventually(
      'Alice has a reaction',
      async () => (await topicOf(alice, id))?.unreadReactionsCount === 1,
    )
    expect((await topicOf(alice, 1))?.unreadReactionsCount).toBe(0)
    const reader = await alice.client.resolvePeer(forum)
    await alice.client.call({ _: 'messages.readReactions', peer: reader, topMsgId: 1 })
    expect((await topicOf(alice, id))?.unreadReactionsCount).toBe(1)
    await alice.client.call({ _: 'messages.readReactions', peer: reader, topMsgId: id })
    expect((await topicOf(alice, id))?.unreadReactionsCount).toBe(0)
  })

  it('know how many messages they have, without what is deleted and what stands elsewhere', async () => {
    const { id } = await create('Sums')
    const peer = await bob.client.resolvePeer(forum)
    const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: Long.ZERO }
    const counted = async (msgId?: number) => {
      const answer = (await bob.client.call(
        msgId === undefined
          ? { _: 'messages.getHistory', peer, ...page }
          : { _: 'messages.getReplies', peer, msgId, ...page },
      )) as tl.messages.RawChannelMessages
      expect([answer.count, answer.inexact]).toEqual([answer.messages.length, false])
      return answer.count
    }
    const sent = []
    for (const words of ['one', 'two', 'three'])
      sent.push(await alice.client.sendText(forum, words, { replyTo: id }))
    const [general, all] = [await counted(1), await counted()]
    expect(await counted(id)).toBe(4)
    await alice.client.deleteMessages([sent[1]!])
    await eventually('the topic is counted again', async () => (await counted(id).catch(() => 0)) === 3)
    expect([await counted(1), await counted()]).toEqual([general, all - 1])
  })

  it('are renamed, closed and opened again', async () => {
    const { id } = await create('Typo')
    await alice.client.editForumTopic({ chatId: forum, topicId: id, title: 'No typo' })
    expect(await topicOf(bob, id)).toMatchObject({ title: 'No typo' })
    await alice.client.toggleForumTopicClosed({ chatId: forum, topicId: id, closed: true })
    await expect(bob.client.sendText(forum, 'too late', { replyTo: id })).rejects.toMatchObject({
      text: 'TOPIC_CLOSED',
    })
    await alice.client.toggleForumTopicClosed({ chatId: forum, topicId: id, closed: false })
    expect((await bob.client.sendText(forum, 'in time', { replyTo: id })).text).toBe('in time')
    const peer = await bob.client.resolvePeer(forum)
    const edit = { _: 'messages.editForumTopic', peer, topicId: id, title: 'mine' } as const
    await expect(bob.client.call(edit)).rejects.toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' })
  })

  it('are pinned, which is told', async () => {
    const { id } = await create('Rules')
    await alice.client.toggleForumTopicPinned({ chatId: forum, topicId: id, pinned: true })
    expect((await topicsOf(bob))[0]).toMatchObject({ id, pinned: true })
    await eventually('Bob is told', () => bob.updates.some(({ _ }) => _ === 'updatePinnedForumTopics'))
  })

  it('keep a draft each', async () => {
    const { id } = await create('Drafts')
    const peer = await alice.client.resolvePeer(forum)
    const replyTo = { _: 'inputReplyToMessage', replyToMsgId: id, topMsgId: id } as const
    await alice.client.call({ _: 'messages.saveDraft', peer, message: 'not yet', replyTo })
    expect((await topicOf(alice, id))?.draft).toMatchObject({ message: 'not yet' })
    await alice.client.call({ _: 'messages.saveDraft', peer, message: '', replyTo })
    expect((await topicOf(alice, id))?.draft).toBeUndefined()
  })

  it('go with all their messages', async () => {
    const { id } = await create('Gone')
    const sent = await alice.client.sendText(forum, 'gone as well', { replyTo: id })
    await alice.client.deleteForumTopicHistory(forum, id)
    expect(await topicOf(bob, id)).toBeUndefined()
    expect(await bob.client.getMessages(forum, [sent.id])).toEqual([null])
  })
})
