import { Api } from 'telegram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { endGramjsCouple, type GramjsCouple, type GramjsPerson, startGramjsCouple } from './gramjs-people.ts'

/** GramJS speaks a layer in which some of these methods answer otherwise than they do now. */
describe('groups and channels, seen from GramJS', () => {
  let couple: GramjsCouple
  let dora: GramjsPerson
  let emil: GramjsPerson
  let channel: Api.Channel

  beforeAll(async () => {
    couple = await startGramjsCouple()
    ;({ dora, emil } = couple)
  })
  afterAll(() => endGramjsCouple(couple))

  it('make a basic group and add to it', async () => {
    const invited = (await dora.client.invoke(
      new Api.messages.CreateChat({ users: [emil.me.id], title: 'Gram' }),
    )) as Api.messages.InvitedUsers
    const updates = invited.updates as Api.Updates
    const kinds = updates.updates.map((update) => update.className)
    expect(kinds.filter((kind) => kind === 'UpdateMessageID')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'UpdateNewMessage')).toHaveLength(1)
    const chat = updates.chats[0] as Api.Chat
    expect(chat).toMatchObject({ title: 'Gram', creator: true, participantsCount: 2 })
    const full = await emil.client.invoke(new Api.messages.GetFullChat({ chatId: chat.id }))
    const participants = (full.fullChat as Api.ChatFull).participants as Api.ChatParticipants
    expect(participants.participants.map(({ className }) => className)).toEqual([
      'ChatParticipantCreator',
      'ChatParticipant',
    ])
    await emil.client.invoke(new Api.messages.DeleteChatUser({ chatId: chat.id, userId: 'me' }))
    await dora.client.invoke(
      new Api.messages.AddChatUser({ chatId: chat.id, userId: emil.me.id, fwdLimit: 10 }),
    )
    const again = await emil.client.invoke(new Api.messages.GetFullChat({ chatId: chat.id }))
    expect((again.fullChat as Api.ChatFull).participants.className).toBe('ChatParticipants')
  })

  it('make a channel, which others join and leave', async () => {
    const made = (await dora.client.invoke(
      new Api.channels.CreateChannel({ title: 'Gram News', about: 'news', broadcast: true }),
    )) as Api.Updates
    const kinds = made.updates.map((update) => update.className)
    expect(kinds.filter((kind) => kind === 'UpdateMessageID')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'UpdateNewChannelMessage')).toHaveLength(1)
    channel = made.chats[0] as Api.Channel
    const username = `gram_news_${process.pid}`
    await dora.client.invoke(new Api.channels.UpdateUsername({ channel, username }))
    const seen = (await emil.client.getEntity(username)) as Api.Channel
    expect(seen).toMatchObject({ title: 'Gram News', left: true, broadcast: true })
    await emil.client.invoke(new Api.channels.JoinChannel({ channel: username }))
    await eventually('both are in', async () => {
      const full = await dora.client.invoke(new Api.channels.GetFullChannel({ channel }))
      return (full.fullChat as Api.ChannelFull).participantsCount === 2
    })
    const listed = await dora.client.getParticipants(channel)
    expect([...listed].map(({ id }) => id.toString()).sort()).toEqual(
      [dora.me.id.toString(), emil.me.id.toString()].sort(),
    )
    await emil.client.invoke(new Api.channels.LeaveChannel({ channel: username }))
  })

  it('invite to a channel and promote there', async () => {
    const invited = (await dora.client.invoke(
      new Api.channels.InviteToChannel({ channel, users: [emil.me.id] }),
    )) as Api.messages.InvitedUsers
    expect(invited.missingInvitees).toEqual([])
    await dora.client.invoke(
      new Api.channels.EditAdmin({
        channel,
        userId: emil.me.id,
        adminRights: new Api.ChatAdminRights({ postMessages: true }),
        rank: 'editor',
      }),
    )
    const { participant } = await dora.client.invoke(
      new Api.channels.GetParticipant({ channel, participant: emil.me.id }),
    )
    expect(participant).toMatchObject({ className: 'ChannelParticipantAdmin', rank: 'editor' })
    const log = await dora.client.invoke(
      new Api.channels.GetAdminLog({ channel, q: '', maxId: 0 as never, minId: 0 as never, limit: 10 }),
    )
    expect(log.events[0]?.action.className).toBe('ChannelAdminLogEventActionParticipantToggleAdmin')
  })
})
