import { Api } from 'telegram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { endGramjsCouple, type GramjsCouple, startGramjsCouple } from './gramjs-people.ts'

/** A channel with a discussion group, from the invite to the ban. */
describe('ways into and out of a channel, seen from GramJS', () => {
  let couple: GramjsCouple
  let news: Api.Channel
  let talk: Api.Channel
  const dora = () => couple.dora.client
  const emil = () => couple.emil.client

  const found = async (title: string, megagroup: boolean) => {
    const kind = megagroup ? { megagroup: true } : { broadcast: true }
    const made = await dora().invoke(new Api.channels.CreateChannel({ ...kind, title, about: '' }))
    return (made as Api.Updates).chats[0] as Api.Channel
  }
  const hashOf = (link: string) => link.split('+').pop()!

  beforeAll(async () => {
    couple = await startGramjsCouple()
    news = await found('News', false)
    talk = await found('Talk', true)
    await dora().invoke(new Api.channels.SetDiscussionGroup({ broadcast: news, group: talk }))
  })
  afterAll(() => endGramjsCouple(couple))

  it('asks to come in, and is let in', async () => {
    const invite = (await dora().invoke(
      new Api.messages.ExportChatInvite({ peer: news, requestNeeded: true, title: 'ask' }),
    )) as Api.ChatInviteExported
    const hash = hashOf(invite.link)
    const preview = await emil().invoke(new Api.messages.CheckChatInvite({ hash }))
    expect(preview).toMatchObject({ className: 'ChatInvite', title: 'News', requestNeeded: true })
    await expect(emil().invoke(new Api.messages.ImportChatInvite({ hash }))).rejects.toMatchObject({
      errorMessage: 'INVITE_REQUEST_SENT',
    })
    const waiting = await eventually('the request', async () => {
      const importers = await dora().invoke(
        new Api.messages.GetChatInviteImporters({
          peer: news,
          requested: true,
          offsetDate: 0,
          offsetUser: new Api.InputUserEmpty(),
          limit: 10,
        }),
      )
      return importers.importers[0]
    })
    await dora().invoke(
      new Api.messages.HideChatJoinRequest({ peer: news, userId: waiting.userId, approved: true }),
    )
    await eventually('Emil is in', async () => {
      const dialogs = await emil().getDialogs({})
      return dialogs.some(({ entity }) => entity?.id.toString() === news.id.toString())
    })
  })

  it('comments on a post, in the discussion group', async () => {
    const post = await dora().sendMessage(news, { message: 'what do you think?' })
    const his = (await emil().getDialogs({})).find(
      ({ entity }) => entity?.id.toString() === news.id.toString(),
    )!.entity as Api.Channel
    const thread = await eventually('the thread', async () => {
      try {
        return await emil().invoke(new Api.messages.GetDiscussionMessage({ peer: his, msgId: post.id }))
      } catch {
        return undefined
      }
    })
    const group = thread.chats.find(({ id }) => id.toString() === talk.id.toString()) as Api.Channel
    expect(group.title).toBe('Talk')
    const comment = await emil().sendMessage(group, {
      message: 'well done',
      replyTo: thread.messages[0]!.id,
    })
    expect(comment.message).toBe('well done')
    await eventually('the post counts it', async () => {
      const [seen] = await emil().getMessages(his, { ids: [post.id] })
      return seen?.replies?.replies === 1
    })
    const replies = await emil().getMessages(his, { replyTo: post.id, limit: 10 })
    expect(replies.map(({ message }) => message)).toContain('well done')
  })

  it('is restricted, banned and kept out; the admin log tells', async () => {
    const member = await dora().getInputEntity(couple.emil.me.id)
    const ban = (rights: { viewMessages?: boolean; sendMessages?: boolean }) =>
      dora().invoke(
        new Api.channels.EditBanned({
          channel: news,
          participant: member,
          bannedRights: new Api.ChatBannedRights({ untilDate: 0, ...rights }),
        }),
      )
    await ban({ viewMessages: true })
    const kicked = await dora().invoke(
      new Api.channels.GetParticipants({
        channel: news,
        filter: new Api.ChannelParticipantsKicked({ q: '' }),
        offset: 0,
        limit: 10,
        hash: 0 as never,
      }),
    )
    expect((kicked as Api.channels.ChannelParticipants).participants).toHaveLength(1)
    const invite = (await dora().invoke(
      new Api.messages.ExportChatInvite({ peer: news }),
    )) as Api.ChatInviteExported
    await expect(
      emil().invoke(new Api.messages.ImportChatInvite({ hash: hashOf(invite.link) })),
    ).rejects.toMatchObject({ errorMessage: 'CHANNEL_PRIVATE' })
    const log = await dora().invoke(
      new Api.channels.GetAdminLog({
        channel: news,
        q: '',
        maxId: 0 as never,
        minId: 0 as never,
        limit: 20,
      }),
    )
    const kinds = log.events.map(({ action }) => action.className)
    expect(kinds).toContain('ChannelAdminLogEventActionParticipantToggleBan')
    await ban({})
    await emil().invoke(new Api.messages.ImportChatInvite({ hash: hashOf(invite.link) }))
  })

  it('is gone with the channel', async () => {
    await dora().invoke(new Api.channels.DeleteChannel({ channel: news }))
    await expect(dora().sendMessage(news, { message: 'hello?' })).rejects.toMatchObject({
      errorMessage: 'CHANNEL_PRIVATE',
    })
  })
})
