import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

const NONE = Long.ZERO

/** Each method × error, named by the error; core.telegram.org lists them with each method. */
describe('what groups and channels refuse', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let carol: Member
  let group: tl.TypeInputChannel
  let channel: tl.TypeInputChannel
  let basic: number
  let bobsGroup: tl.TypeInputChannel
  let bobsUser: tl.TypeInputUser
  let carolsUser: tl.TypeInputUser

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
    bob = await member(server.endpoints, 'Bob')
    carol = await member(server.endpoints, 'Carol')
    await acquaint(alice, bob)
    await acquaint(alice, carol)
    const town = await alice.client.createSupergroup({ title: 'Town' })
    const news = await alice.client.createChannel({ title: 'News' })
    group = await alice.client.resolveChannel(town)
    channel = await alice.client.resolveChannel(news)
    const link = await alice.client.createInviteLink(town.id, {})
    await bob.client.joinChat(link.link)
    bobsGroup = await eventually('Bob knows the group', () =>
      bob.client.resolveChannel(town.id).catch(() => undefined),
    )
    basic = -(await alice.client.createGroup({ title: 'Basic', users: [bob.id] })).chat.id
    bobsUser = await alice.client.resolveUser(bob.id)
    carolsUser = await alice.client.resolveUser(carol.id)
  })
  afterAll(async () => {
    for (const each of [alice, bob, carol]) await each?.client.destroy()
    await server?.dispose()
  })

  const by = async (who: Member, call: tl.RpcMethod): Promise<string> => {
    const client = who.client as { call(method: tl.RpcMethod): Promise<unknown> }
    return client.call(call).then(
      () => 'done',
      (error: { text?: string }) => error.text ?? String(error),
    )
  }
  const foreign = (): tl.TypeInputChannel => ({ ...(group as tl.RawInputChannel) })
  const rights = (more: object = {}): tl.TypeChatBannedRights => ({
    _: 'chatBannedRights',
    untilDate: 0,
    ...more,
  })

  it('CHANNEL_INVALID: another viewer’s access hash, an unknown channel', async () => {
    expect(await by(bob, { _: 'channels.getFullChannel', channel: foreign() })).toBe('CHANNEL_INVALID')
    expect(await by(alice, { _: 'channels.getFullChannel', channel: { _: 'inputChannelEmpty' } })).toBe(
      'CHANNEL_INVALID',
    )
  })

  it('CHAT_ID_INVALID: a group that one is not in', async () => {
    expect(await by(carol, { _: 'messages.getFullChat', chatId: basic })).toBe('CHAT_ID_INVALID')
    expect(await by(carol, { _: 'messages.editChatTitle', chatId: basic, title: 'x' })).toBe(
      'CHAT_ID_INVALID',
    )
    expect(await by(alice, { _: 'messages.getFullChat', chatId: 12_345 })).toBe('CHAT_ID_INVALID')
  })

  it('PEER_ID_INVALID: a user where a chat is meant', async () => {
    const peer = await alice.client.resolvePeer(bob.id)
    expect(await by(alice, { _: 'messages.exportChatInvite', peer })).toBe('PEER_ID_INVALID')
  })

  it('CHAT_TITLE_EMPTY, CHAT_ABOUT_TOO_LONG, CHAT_NOT_MODIFIED', async () => {
    expect(await by(alice, { _: 'messages.createChat', users: [bobsUser], title: ' ' })).toBe(
      'CHAT_TITLE_EMPTY',
    )
    expect(await by(alice, { _: 'channels.createChannel', title: '', about: '' })).toBe('CHAT_TITLE_EMPTY')
    const about = 'x'.repeat(256)
    expect(await by(alice, { _: 'channels.createChannel', title: 'x', about })).toBe('CHAT_ABOUT_TOO_LONG')
    expect(await by(alice, { _: 'channels.editTitle', channel: group, title: 'Town' })).toBe(
      'CHAT_NOT_MODIFIED',
    )
  })

  it('CHAT_ABOUT_NOT_MODIFIED', async () => {
    const peer: tl.TypeInputPeer = { ...(group as tl.RawInputChannel), _: 'inputPeerChannel' }
    expect(await by(alice, { _: 'messages.editChatAbout', peer, about: '' })).toBe('CHAT_ABOUT_NOT_MODIFIED')
  })

  it('CHAT_ADMIN_REQUIRED: what only administrators may', async () => {
    const calls: tl.RpcMethod[] = [
      { _: 'channels.toggleSlowMode', channel: bobsGroup, seconds: 10 },
      { _: 'channels.togglePreHistoryHidden', channel: bobsGroup, enabled: true },
      {
        _: 'channels.getAdminLog',
        channel: bobsGroup,
        q: '',
        maxId: NONE,
        minId: NONE,
        limit: 1,
      },
      { _: 'channels.updateUsername', channel: bobsGroup, username: 'bobs_town' },
      { _: 'channels.deleteChannel', channel: bobsGroup },
      { _: 'messages.migrateChat', chatId: basic },
      { _: 'messages.deleteChat', chatId: basic },
    ]
    for (const call of calls) expect([call._, await by(bob, call)]).toEqual([call._, 'CHAT_ADMIN_REQUIRED'])
  })

  it('SECONDS_INVALID, CHAT_PUBLIC_REQUIRED, PARTICIPANTS_TOO_FEW', async () => {
    expect(await by(alice, { _: 'channels.toggleSlowMode', channel: group, seconds: 7 })).toBe(
      'SECONDS_INVALID',
    )
    expect(await by(alice, { _: 'channels.toggleJoinRequest', channel: group, enabled: true })).toBe(
      'CHAT_PUBLIC_REQUIRED',
    )
    expect(await by(alice, { _: 'channels.toggleParticipantsHidden', channel: group, enabled: true })).toBe(
      'PARTICIPANTS_TOO_FEW',
    )
    expect(await by(alice, { _: 'channels.convertToGigagroup', channel: group })).toBe('PARTICIPANTS_TOO_FEW')
  })

  it('USER_ALREADY_PARTICIPANT, USER_NOT_PARTICIPANT, PARTICIPANT_ID_INVALID', async () => {
    expect(await by(alice, { _: 'channels.inviteToChannel', channel: group, users: [bobsUser] })).toBe(
      'USER_ALREADY_PARTICIPANT',
    )
    const stranger = await alice.client.resolvePeer(carol.id)
    expect(await by(alice, { _: 'channels.getParticipant', channel: group, participant: stranger })).toBe(
      'USER_NOT_PARTICIPANT',
    )
    const participant: tl.TypeInputPeer = { _: 'inputPeerChat', chatId: basic }
    expect(
      await by(alice, { _: 'channels.editBanned', channel: group, participant, bannedRights: rights() }),
    ).toBe('PARTICIPANT_ID_INVALID')
    expect(await by(alice, { _: 'messages.deleteChatUser', chatId: basic, userId: carolsUser })).toBe(
      'USER_NOT_PARTICIPANT',
    )
  })

  it('BANNED_RIGHTS_INVALID, UNTIL_DATE_INVALID', async () => {
    const peer: tl.TypeInputPeer = { ...(group as tl.RawInputChannel), _: 'inputPeerChannel' }
    const bannedRights = rights({ viewMessages: true })
    expect(await by(alice, { _: 'messages.editChatDefaultBannedRights', peer, bannedRights })).toBe(
      'BANNED_RIGHTS_INVALID',
    )
    const participant = await alice.client.resolvePeer(bob.id)
    const past = { ...rights({ sendMessages: true }), untilDate: -5 }
    expect(
      await by(alice, { _: 'channels.editBanned', channel: group, participant, bannedRights: past }),
    ).toBe('UNTIL_DATE_INVALID')
  })

  it('USER_CREATOR, RIGHT_FORBIDDEN, ADMIN_RANK_INVALID, ADMIN_RANK_EMOJI_NOT_ALLOWED', async () => {
    const adminRights: tl.TypeChatAdminRights = { _: 'chatAdminRights', changeInfo: true, addAdmins: true }
    const rank = (text: string) =>
      by(alice, { _: 'channels.editAdmin', channel: group, userId: bobsUser, adminRights, rank: text })
    expect(await rank('x'.repeat(17))).toBe('ADMIN_RANK_INVALID')
    expect(await rank('king 👑')).toBe('ADMIN_RANK_EMOJI_NOT_ALLOWED')
    expect(await rank('deputy')).toBe('done')
    const more: tl.TypeChatAdminRights = { _: 'chatAdminRights', banUsers: true }
    const self = await bob.client.resolveUser('me')
    const creator = await bob.client.resolveUser(alice.id)
    const edit = (userId: tl.TypeInputUser) =>
      by(bob, { _: 'channels.editAdmin', channel: bobsGroup, userId, adminRights: more, rank: '' })
    expect(await edit(creator)).toBe('USER_CREATOR')
    expect(await edit(self)).toBe('RIGHT_FORBIDDEN')
  })

  it('USERNAME_INVALID, USERNAME_OCCUPIED, USERNAME_NOT_MODIFIED', async () => {
    const name = (username: string) => by(alice, { _: 'channels.updateUsername', channel: group, username })
    expect(await name('x')).toBe('USERNAME_INVALID')
    const username = `errors_${process.pid}`
    await carol.client.call({ _: 'account.updateUsername', username })
    expect(await name(username)).toBe('USERNAME_OCCUPIED')
    expect(await name('')).toBe('USERNAME_NOT_MODIFIED')
  })

  it('INVITE_HASH_EMPTY, INVITE_HASH_INVALID, INVITE_HASH_EXPIRED, EXPIRE_DATE_INVALID, USAGE_LIMIT_INVALID', async () => {
    const check = (hash: string) => by(carol, { _: 'messages.checkChatInvite', hash })
    expect(await check('')).toBe('INVITE_HASH_EMPTY')
    expect(await check('nothingOfThatKind')).toBe('INVITE_HASH_INVALID')
    const peer: tl.TypeInputPeer = { ...(channel as tl.RawInputChannel), _: 'inputPeerChannel' }
    const link = (await alice.client.call({ _: 'messages.exportChatInvite', peer, usageLimit: 5 })) as {
      link: string
    }
    const call = { _: 'messages.editExportedChatInvite', peer, link: link.link, revoked: true } as const
    expect(await by(alice, call)).toBe('done')
    expect(await check(link.link)).toBe('INVITE_HASH_EXPIRED')
    expect(await by(carol, { _: 'messages.importChatInvite', hash: link.link })).toBe('INVITE_HASH_EXPIRED')
    expect(await by(alice, { _: 'messages.exportChatInvite', peer, expireDate: 5 })).toBe(
      'EXPIRE_DATE_INVALID',
    )
    expect(await by(alice, { _: 'messages.exportChatInvite', peer, usageLimit: 100_000 })).toBe(
      'USAGE_LIMIT_INVALID',
    )
  })

  it('BROADCAST_ID_INVALID, MEGAGROUP_ID_INVALID, LINK_NOT_MODIFIED, MEGAGROUP_PREHISTORY_HIDDEN', async () => {
    const link = (broadcast: tl.TypeInputChannel, to: tl.TypeInputChannel) =>
      by(alice, { _: 'channels.setDiscussionGroup', broadcast, group: to })
    expect(await link(group, group)).toBe('BROADCAST_ID_INVALID')
    expect(await link(channel, channel)).toBe('MEGAGROUP_ID_INVALID')
    expect(await link(channel, { _: 'inputChannelEmpty' })).toBe('LINK_NOT_MODIFIED')
    const forum = { _: 'channels.toggleForum', channel: group, tabs: false } as const
    const fit = async () => {
      const { chats } = await alice.client.call({ _: 'channels.getGroupsForDiscussion' })
      return chats.map(({ id }) => id).includes((group as tl.RawInputChannel).channelId)
    }
    expect(await fit()).toBe(true)
    await alice.client.call({ ...forum, enabled: true })
    expect([await fit(), await link(channel, group)]).toEqual([false, 'MEGAGROUP_ID_INVALID'])
    await alice.client.call({ ...forum, enabled: false })
    await alice.client.call({ _: 'channels.togglePreHistoryHidden', channel: group, enabled: true })
    expect(await link(channel, group)).toBe('MEGAGROUP_PREHISTORY_HIDDEN')
  })
})
