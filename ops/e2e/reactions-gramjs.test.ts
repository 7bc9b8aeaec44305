import { Api, type TelegramClient } from 'telegram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gramjsClient, gramjsLogin } from '../clients/gramjs.ts'
import { eventually } from './eventually.ts'
import { freshPhone } from './people.ts'
import { LOGIN_CODE, ServerProcess } from './server.ts'

const NOTHING = 0 as never

/** GramJS speaks a layer in which polls are written otherwise than they are now. */
describe('reactions and polls, seen from GramJS', () => {
  let server: ServerProcess
  let dora: TelegramClient
  let channel: Api.Channel

  beforeAll(async () => {
    server = await ServerProcess.start()
    dora = await gramjsClient(server.endpoints, 'tcp')
    const person = { phone: freshPhone(), firstName: 'Dora' }
    await gramjsLogin(dora, person, async () => LOGIN_CODE)
    const made = (await dora.invoke(
      new Api.channels.CreateChannel({ title: 'Gram Talk', about: '', megagroup: true }),
    )) as Api.Updates
    channel = made.chats[0] as Api.Channel
  })
  afterAll(async () => {
    await dora?.destroy()
    await server?.dispose()
  })

  const found = async (id: number) => {
    const [message] = await dora.getMessages(channel, { ids: [id] })
    return message!
  }

  it('react to a message, and list who did', async () => {
    const sent = await dora.sendMessage(channel, { message: 'nice?' })
    const reaction = [new Api.ReactionEmoji({ emoticon: '👍' })]
    const updates = (await dora.invoke(
      new Api.messages.SendReaction({ peer: channel, msgId: sent.id, reaction }),
    )) as Api.Updates
    expect(updates.updates.map(({ className }) => className)).toEqual(['UpdateMessageReactions'])
    const { reactions } = await found(sent.id)
    expect(reactions?.results).toMatchObject([{ count: 1, chosenOrder: 1 }])
    const list = await dora.invoke(
      new Api.messages.GetMessageReactionsList({ peer: channel, id: sent.id, limit: 10 }),
    )
    expect(list).toMatchObject({ count: 1, reactions: [{ my: true }] })
  })

  it('ask, vote and close', async () => {
    const text = (value: string) => new Api.TextWithEntities({ text: value, entities: [] })
    const answers = ['yes', 'no'].map(
      (name) => new Api.PollAnswer({ text: text(name), option: Buffer.from(name) }),
    )
    const poll = new Api.Poll({ id: NOTHING, question: text('right?'), answers, quiz: true })
    const media = new Api.InputMediaPoll({
      poll,
      correctAnswers: [Buffer.from('no')],
      solution: 'no',
      solutionEntities: [],
    })
    await dora.invoke(
      new Api.messages.SendMedia({ peer: channel, media, message: '', randomId: 77 as never }),
    )
    const [message] = await dora.getMessages(channel, { limit: 1 })
    const asked = message!.media as Api.MessageMediaPoll
    expect(asked.poll.answers.map(({ option }) => option.toString())).toEqual(['yes', 'no'])
    expect(asked.results.results ?? []).toEqual([])
    const voted = (await dora.invoke(
      new Api.messages.SendVote({ peer: channel, msgId: message!.id, options: [Buffer.from('yes')] }),
    )) as Api.Updates
    const [update] = voted.updates as [Api.UpdateMessagePoll]
    expect(update.results.results).toMatchObject([
      { chosen: true, voters: 1 },
      { correct: true, voters: 0 },
    ])
    expect(update.results.solution).toBe('no')
    const closing = new Api.InputMediaPoll({ poll: new Api.Poll({ ...poll, closed: true }) })
    await dora.invoke(new Api.messages.EditMessage({ peer: channel, id: message!.id, media: closing }))
    const closed = (await found(message!.id)).media as Api.MessageMediaPoll
    expect(closed.poll.closed).toBe(true)
  })

  it('count who has seen a post', async () => {
    const made = (await dora.invoke(
      new Api.channels.CreateChannel({ title: 'Gram News', about: '', broadcast: true }),
    )) as Api.Updates
    const news = made.chats[0] as Api.Channel
    const post = await dora.sendMessage(news, { message: 'look' })
    await dora.invoke(new Api.messages.GetMessagesViews({ peer: news, id: [post.id], increment: true }))
    await eventually('it is kept', async () => {
      const [seen] = await dora.getMessages(news, { ids: [post.id] })
      return seen?.views === 1
    })
  })
})
