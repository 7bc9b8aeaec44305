import type { tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

const FIRST_LINK_USES = 1

describe('supergroups and channels, seen from mtcute', () => {
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
  })
  afterAll(async () => {
    for (const each of [alice, bob, carol]) await each?.client.destroy()
    await server?.dispose()
  })

  const input = (of: Member, chat: number) => of.client.resolveChannel(chat)
  const full = async (of: Member, chat: number) => {
    const answer = await of.client.call({ _: 'channels.getFullChannel', channel: await input(of, chat) })
    return answer.fullChat as tl.RawChannelFull
  }
  const actions = async (of: Member, chat: number) =>
    (await of.client.getHistory(chat, { limit: 50 })).map((message) => message.action?.type)

  it('are made by anybody', async () => {
    const made = await alice.client.createSupergroup({ title: 'Town', description: 'all of us' })
    group = made.id
    expect(made).toMatchObject({ title: 'Town', isCreator: true, chatType: 'supergroup' })
    const broadcast = await alice.client.createChannel({ title: 'News' })
    channel = broadcast.id
    expect(broadcast).toMatchObject({ title: 'News', chatType: 'channel' })
    expect(await actions(alice, group)).toEqual(['channel_created'])
    expect(await full(alice, group)).toMatchObject({
      about: 'all of us',
      participantsCount: 1,
      adminsCount: 1,
      canViewParticipants: true,
    })
  })

  it('are joined by a public name, and read by anybody', async () => {
    const username = `town_${process.pid}`
    expect(
      await alice.client.call({
        _: 'channels.checkUsername',
        channel: await input(alice, group),
        username,
      }),
    ).toBe(true)
    await alice.client.setChatUsername(group, username)
    const seen = await bob.client.getChat(username)
    expect(seen).toMatchObject({ title: 'Town', isMember: false, username })
    await bob.client.joinChat(username)
    expect(await full(bob, group)).toMatchObject({ participantsCount: 2 })
    await eventually('Alice sees Bob join', async () => (await actions(alice, group)).includes('users_added'))
    const found = await carol.client.call({ _: 'contacts.search', q: username.slice(0, 6), limit: 5 })
    expect(found.chats).toMatchObject([{ title: 'Town', left: true }])
  })

  it('take a name once', async () => {
    const taken = alice.client.setChatUsername(channel, `town_${process.pid}`)
    await expect(taken).rejects.toMatchObject({ text: 'USERNAME_OCCUPIED' })
  })

  it('list their members by role and name', async () => {
    const all = await alice.client.getChatMembers(group, {})
    expect(all.map(({ user, status }) => [user.id, status])).toEqual([
      [alice.id, 'creator'],
      [bob.id, 'member'],
    ])
    const named = await alice.client.getChatMembers(group, { type: 'all', query: 'kno' })
    expect(named.map(({ user }) => user.id)).toEqual([bob.id])
    const admins = await bob.client.getChatMembers(group, { type: 'admins' })
    expect(admins.map(({ user }) => user.id)).toEqual([alice.id])
    const own = await bob.client.getChatMember({ chatId: group, userId: 'me' })
    expect(own).toMatchObject({ status: 'member' })
    const refused = bob.client.getChatMembers(group, { type: 'banned' })
    await expect(refused).rejects.toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' })
  })

  it('have administrators with rights and titles', async () => {
    await alice.client.editAdminRights({
      chatId: group,
      userId: bob.id,
      rights: { banUsers: true, inviteUsers: true, changeInfo: true },
      rank: 'sheriff',
    })
    const seen = await alice.client.getChatMember({ chatId: group, userId: bob.id })
    expect(seen).toMatchObject({ status: 'admin', title: 'sheriff' })
    await bob.client.setChatTitle(group, 'Big Town')
    const beyond = bob.client.editAdminRights({
      chatId: group,
      userId: carol.id,
      rights: { banUsers: true },
    })
    await expect(beyond).rejects.toThrow()
  })

  it('are joined by links with limits, and by asking', async () => {
    const link = await alice.client.createInviteLink(channel, { usageLimit: FIRST_LINK_USES })
    const preview = await bob.client.call({ _: 'messages.checkChatInvite', hash: link.link.split('+')[1]! })
    expect(preview).toMatchObject({ _: 'chatInvite', title: 'News', broadcast: true })
    await bob.client.joinChat(link.link)
    const late = carol.client.joinChat(link.link)
    await expect(late).rejects.toMatchObject({ text: 'INVITE_HASH_EXPIRED' })
    const asking = await alice.client.createInviteLink(channel, { withApproval: true })
    expect(await carol.client.joinChat(asking.link)).toMatchObject({ status: 'request_sent' })
    const pending = await alice.client.getInviteLinkMembers(channel, { requested: true })
    expect(pending.map(({ user }) => user.id)).toEqual([carol.id])
    expect(await full(alice, channel)).toMatchObject({ requestsPending: 1, recentRequesters: [carol.id] })
    await alice.client.hideJoinRequest({ chatId: channel, user: carol.id, action: 'approve' })
    const seen = await eventually('Carol hears that she is in', () =>
      full(carol, channel).catch(() => undefined),
    )
    expect(seen).toMatchObject({ participantsCount: 3 })
    const [first] = await alice.client.getInviteLinkMembers(channel, { link: link.link })
    expect(first?.user.id).toBe(bob.id)
    const links = await alice.client.getInviteLinks(channel, {})
    expect(links.length).toBeGreaterThanOrEqual(2)
    await alice.client.revokeInviteLink(channel, asking.link)
    const revoked = await alice.client.getInviteLinks(channel, { revoked: true })
    expect(revoked.map(({ link: each }) => each)).toEqual([asking.link])
  })

  it('restrict and remove members', async () => {
    await alice.client.addChatMembers(group, carol.id, {})
    await alice.client.restrictChatMember({
      chatId: group,
      userId: carol.id,
      restrictions: { sendMessages: true },
    })
    const muted = carol.client.sendText(group, 'hello?')
    await expect(muted).rejects.toMatchObject({ text: expect.stringMatching(/FORBIDDEN|BANNED/) })
    const restricted = await alice.client.getChatMembers(group, { type: 'restricted' })
    expect(restricted.map(({ user }) => user.id)).toEqual([carol.id])
    await bob.client.banChatMember({ chatId: group, participantId: carol.id })
    const banned = await alice.client.getChatMembers(group, { type: 'banned' })
    expect(banned.map(({ user }) => user.id)).toEqual([carol.id])
    await expect(full(carol, group)).rejects.toMatchObject({ text: 'CHANNEL_PRIVATE' })
    const back = carol.client.joinChat(`town_${process.pid}`)
    await expect(back).rejects.toThrow()
    await alice.client.unbanChatMember({ chatId: group, participantId: carol.id })
    const heard: string[] = []
    carol.client.onNewMessage.add(({ text }) => {
      heard.push(text)
    })
    await carol.client.joinChat(`town_${process.pid}`)
    await alice.client.sendText(group, 'here again')
    await eventually('Carol is up to date again', () => heard.includes('here again'))
  })

  it('log what administrators do', async () => {
    const said = await bob.client.sendText(group, 'to be changed')
    await bob.client.editMessage({ chatId: group, message: said.id, text: 'changed' })
    await alice.client.pinMessage({ chatId: group, message: said.id, notify: false })
    await alice.client.deleteMessagesById(group, [said.id])
    const events = await alice.client.getChatEventLog(group, { limit: 50 })
    const kinds = events.map(({ action }) => action?.type)
    for (const kind of [
      'title_changed',
      'user_admin_perms_changed',
      'user_perms_changed',
      'user_joined',
      'msg_edited',
      'msg_pinned',
      'msg_deleted',
    ])
      expect(kinds).toContain(kind)
    const titles = await alice.client.getChatEventLog(group, {
      filters: { _: 'channelAdminLogEventsFilter', info: true } as never,
    })
    expect(titles.some(({ action }) => action?.type === 'user_joined')).toBe(false)
    const byBob = await alice.client.getChatEventLog(group, { users: [bob.id] })
    expect(new Set(byBob.map(({ actor }) => actor.id))).toEqual(new Set([bob.id]))
    await expect(carol.client.getChatEventLog(group, {})).rejects.toMatchObject({
      text: 'CHAT_ADMIN_REQUIRED',
    })
  })

  it('have settings', async () => {
    await alice.client.setSlowMode(group, 10)
    expect(await full(alice, group)).toMatchObject({ slowmodeSeconds: 10 })
    await alice.client.setSlowMode(group, 0)
    await alice.client.toggleContentProtection(channel, true)
    expect(await bob.client.getChat(channel)).toMatchObject({ hasContentProtection: true })
    await alice.client.setChatTtl(channel, 86_400)
    expect(await full(bob, channel)).toMatchObject({ ttlPeriod: 86_400 })
    const broadcast = await input(alice, channel)
    await alice.client.call({ _: 'channels.toggleSignatures', channel: broadcast, signaturesEnabled: true })
    expect(await bob.client.getChat(channel)).toMatchObject({ hasSignatures: true })
    await alice.client.call({
      _: 'channels.setDiscussionGroup',
      broadcast,
      group: await input(alice, group),
    })
    expect((await full(bob, channel)).linkedChatId).toBe(-1_000_000_000_000 - group)
    expect((await full(bob, group)).linkedChatId).toBe(-1_000_000_000_000 - channel)
  })

  it('are left and deleted', async () => {
    await bob.client.leaveChat(channel)
    await expect(full(bob, channel)).rejects.toMatchObject({ text: 'CHANNEL_PRIVATE' })
    await alice.client.deleteChannel(channel)
    await expect(full(carol, channel)).rejects.toMatchObject({ text: 'CHANNEL_PRIVATE' })
  })
})
