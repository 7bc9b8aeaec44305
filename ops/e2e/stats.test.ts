import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

interface Chart {
  readonly columns: [string, ...number[]][]
  readonly names: Record<string, string>
}

describe('statistics, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let carol: Member
  let channel: number
  let group: number

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
    bob = await member(server.endpoints, 'Bob')
    carol = await member(server.endpoints, 'Carol')
    await acquaint(alice, bob)
    await acquaint(alice, carol)
    channel = (await alice.client.createChannel({ title: 'News' })).id
    await alice.client.setChatUsername(channel, `stats_news_${process.pid}`)
    group = (await alice.client.createSupergroup({ title: 'Talk' })).id
    await alice.client.setChatUsername(group, `stats_talk_${process.pid}`)
    await bob.client.joinChat(`stats_news_${process.pid}`)
    await bob.client.joinChat(`stats_talk_${process.pid}`)
    await alice.client.addChatMembers(group, carol.id, {})
  })
  afterAll(async () => {
    await Promise.all([alice, bob, carol].map((each) => each?.client.destroy()))
    await server?.dispose()
  })

  const inputOf = (who: Member, chat: number | string) => who.client.resolveChannel(chat)
  const read = (graph: tl.TypeStatsGraph): Chart => {
    if (graph._ !== 'statsGraph') throw new Error(`no chart but ${graph._}`)
    return JSON.parse(graph.json.data) as Chart
  }
  /** The last value of each series, by its name. */
  const lastOf = (graph: tl.TypeStatsGraph) => {
    const { columns, names } = read(graph)
    return Object.fromEntries(columns.slice(1).map(([id, ...values]) => [names[id], values.at(-1)]))
  }
  const statsOf = async () =>
    alice.client.call({ _: 'stats.getBroadcastStats', channel: await inputOf(alice, channel) })

  it('are for administrators, who are told so', async () => {
    const name = `stats_news_${process.pid}`
    const full = await alice.client.call({
      _: 'channels.getFullChannel',
      channel: await inputOf(alice, channel),
    })
    expect(full.fullChat).toMatchObject({ canViewStats: true, statsDc: expect.any(Number) })
    const seen = await bob.client.call({ _: 'channels.getFullChannel', channel: await inputOf(bob, name) })
    expect(seen.fullChat).toMatchObject({ canViewStats: false })
    for (const method of ['stats.getBroadcastStats', 'stats.getMegagroupStats'] as const) {
      const denied = bob.client.call({ _: method, channel: await inputOf(bob, name) })
      await expect(denied).rejects.toMatchObject({ code: 403, text: 'CHAT_ADMIN_REQUIRED' })
    }
    const wrong = alice.client.call({ _: 'stats.getMegagroupStats', channel: await inputOf(alice, channel) })
    await expect(wrong).rejects.toMatchObject({ code: 400, text: 'MEGAGROUP_REQUIRED' })
    const other = alice.client.call({ _: 'stats.getBroadcastStats', channel: await inputOf(alice, group) })
    await expect(other).rejects.toMatchObject({ code: 400, text: 'BROADCAST_REQUIRED' })
  })

  it('of a channel tell of members, views, forwards and reactions', async () => {
    const name = `stats_news_${process.pid}`
    const post = await alice.client.sendText(channel, 'a post')
    const peer = await bob.client.resolvePeer(name)
    await bob.client.call({ _: 'messages.getMessagesViews', peer, id: [post.id], increment: true })
    await bob.client.sendReaction({ chatId: name, message: post.id, emoji: '👍' })
    await bob.client.forwardMessagesById({
      fromChatId: name,
      messages: [post.id],
      toChatId: `stats_talk_${process.pid}`,
    })
    const stats = await eventually('all is counted', async () => {
      const found = await statsOf()
      const counters = found.recentPostsInteractions.find((each) => 'msgId' in each && each.msgId === post.id)
      return counters !== undefined && counters.views > 0 && counters.forwards > 0 ? found : undefined
    })
    expect(stats.recentPostsInteractions[0]).toMatchObject({
      msgId: post.id,
      views: 1,
      forwards: 1,
      reactions: 1,
    })
    expect(stats.followers).toMatchObject({ current: 2, previous: 0 })
    expect(stats.viewsPerPost).toMatchObject({ current: 1, previous: 0 })
    expect(stats.enabledNotifications).toMatchObject({ part: 2, total: 2 })
    expect(lastOf(stats.growthGraph)).toEqual({ Members: 2 })
    expect(lastOf(stats.followersGraph)).toEqual({ Joined: 1, Left: 0 })
    expect(lastOf(stats.newFollowersBySourceGraph)).toMatchObject({ Search: 1, Links: 0 })
    expect(lastOf(stats.interactionsGraph)).toEqual({ Views: 1, Shares: 1 })
    expect(lastOf(stats.reactionsByEmotionGraph)).toEqual({ '👍': 1 })
    expect(stats.languagesGraph._).toBe('statsGraphError')
  })

  it('show a day by the hour', async () => {
    const { growthGraph } = await statsOf()
    const token = (growthGraph as tl.RawStatsGraph).zoomToken!
    const [, ...days] = read(growthGraph).columns[0]!
    const x = Long.fromNumber(days.at(-1)!)
    const hours = await alice.client.call({ _: 'stats.loadAsyncGraph', token, x })
    expect(read(hours).columns[0]).toHaveLength(25)
    expect(lastOf(hours)).toEqual({ Members: 2 })
    await expect(bob.client.call({ _: 'stats.loadAsyncGraph', token, x })).rejects.toMatchObject({
      text: 'CHAT_ADMIN_REQUIRED',
    })
    const outdated = alice.client.call({ _: 'stats.loadAsyncGraph', token, x: Long.fromNumber(86_400_000) })
    await expect(outdated).rejects.toMatchObject({ text: 'GRAPH_OUTDATED_RELOAD' })
    const invalid = alice.client.call({ _: 'stats.loadAsyncGraph', token: 'no such', x })
    await expect(invalid).rejects.toMatchObject({ text: 'GRAPH_INVALID_RELOAD' })
  })

  it('of a post tell when it was seen, and where it has been forwarded to', async () => {
    const [post] = (await statsOf()).recentPostsInteractions as tl.RawPostInteractionCountersMessage[]
    const place = { channel: await inputOf(alice, channel), msgId: post!.msgId }
    const stats = await alice.client.call({ _: 'stats.getMessageStats', ...place })
    const [, ...views] = read(stats.viewsGraph).columns[1]!
    expect(views.reduce((sum, value) => sum + value, 0)).toBe(1)
    expect(Object.values(read(stats.reactionsByEmotionGraph).names)).toEqual(['👍'])
    const forwards = await alice.client.call({
      _: 'stats.getMessagePublicForwards',
      ...place,
      offset: '',
      limit: 10,
    })
    expect(forwards.count).toBe(1)
    expect(forwards.forwards[0]).toMatchObject({
      message: { message: 'a post', fwdFrom: { channelPost: post!.msgId } },
    })
    for (const _ of ['stats.getMessageStats', 'stats.getMessagePublicForwards'] as const) {
      const none = alice.client.call({ _, ...place, msgId: 999, offset: '', limit: 1 } as never)
      await expect(none).rejects.toMatchObject({ code: 400, text: 'MESSAGE_ID_INVALID' })
    }
  })

  it('of a supergroup tell who wrote, brought in and removed whom', async () => {
    const name = `stats_talk_${process.pid}`
    for (const text of ['four', 'five!!']) await bob.client.sendText(name, text)
    const spam = await bob.client.sendText(name, 'spam')
    await alice.client.deleteMessagesById(group, [spam.id])
    await alice.client.kickChatMember({ chatId: group, userId: carol.id })
    const stats = await alice.client.call({
      _: 'stats.getMegagroupStats',
      channel: await inputOf(alice, group),
    })
    expect(stats.members).toMatchObject({ current: 2, previous: 0 })
    expect(stats.messages).toMatchObject({ current: 3, previous: 0 })
    expect(stats.posters).toMatchObject({ current: 1 })
    expect(stats.topPosters).toMatchObject([{ userId: bob.id, messages: 3, avgChars: 5 }])
    expect(stats.topAdmins).toMatchObject([{ userId: alice.id, deleted: 1, kicked: 1, banned: 0 }])
    expect(stats.topInviters).toMatchObject([{ userId: alice.id, invitations: 1 }])
    expect(lastOf(stats.messagesGraph)).toEqual({ Messages: 3 })
    expect(lastOf(stats.membersGraph)).toEqual({ Joined: 2, Left: 1 })
    expect(stats.users.map(({ id }) => id).sort()).toEqual([alice.id, bob.id].sort())
  })

  it('of a poll tell when votes came', async () => {
    const poll = await alice.client.sendMedia(channel, {
      type: 'poll',
      question: 'Yes?',
      answers: ['Yes', 'No'],
    })
    const name = `stats_news_${process.pid}`
    await bob.client.sendVote({ chatId: name, message: poll.id, options: [0] })
    const stats = await alice.client.call({
      _: 'stats.getPollStats',
      peer: await alice.client.resolvePeer(channel),
      msgId: poll.id,
    } as never)
    const { votesGraph } = stats as unknown as { votesGraph: tl.TypeStatsGraph }
    const [, ...votes] = read(votesGraph).columns[1]!
    expect(votes.reduce((sum, value) => sum + value, 0)).toBe(1)
  })
})
