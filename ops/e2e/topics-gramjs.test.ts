import { Api, type TelegramClient } from 'telegram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gramjsClient, gramjsLogin } from '../clients/gramjs.ts'
import { eventually } from './eventually.ts'
import { freshPhone } from './people.ts'
import { LOGIN_CODE, ServerProcess } from './server.ts'

/** A client of an older layer: topics are methods of `channels` there. */
describe('topics, threads and scheduled messages, seen from GramJS', () => {
  let server: ServerProcess
  let dora: TelegramClient
  let forum: Api.Channel

  beforeAll(async () => {
    server = await ServerProcess.start()
    dora = await gramjsClient(server.endpoints, 'tcp')
    await gramjsLogin(dora, { phone: freshPhone(), firstName: 'Dora' }, async () => LOGIN_CODE)
    const made = (await dora.invoke(
      new Api.channels.CreateChannel({ title: 'Forum', about: '', megagroup: true, forum: true }),
    )) as Api.Updates
    forum = made.chats[0] as Api.Channel
  })
  afterAll(async () => {
    await dora?.destroy()
    await server?.dispose()
  })

  const topics = async () => {
    const request = { channel: forum, offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 20 }
    return (await dora.invoke(new Api.channels.GetForumTopics(request))).topics as Api.ForumTopic[]
  }

  const scheduled = async () => {
    const request = { peer: 'me', hash: 0 as never }
    const answer = await dora.invoke(new Api.messages.GetScheduledHistory(request))
    return (answer as Api.messages.Messages).messages as Api.Message[]
  }

  it('makes a topic, writes in it and reads it', async () => {
    const made = (await dora.invoke(
      new Api.channels.CreateForumTopic({ channel: forum, title: 'Ideas', randomId: 77 as never }),
    )) as Api.Updates
    const message = made.updates.find((update) => update.className === 'UpdateNewChannelMessage')
    const topicId = (message as Api.UpdateNewChannelMessage).message.id
    expect((await topics()).map(({ id, title }) => [id, title])).toEqual([
      [topicId, 'Ideas'],
      [1, 'General'],
    ])
    const sent = await dora.sendMessage(forum, { message: 'an idea', replyTo: topicId })
    expect(sent.replyTo).toMatchObject({ forumTopic: true, replyToMsgId: topicId })
    const answer = await dora.sendMessage(forum, { message: 'a better one', replyTo: sent.id })
    expect(answer.replyTo).toMatchObject({ forumTopic: true, replyToMsgId: sent.id, replyToTopId: topicId })
    const found = await dora.getMessages(forum, { replyTo: topicId, limit: 10 })
    expect(found.map((each) => each.message)).toEqual(expect.arrayContaining(['an idea', 'a better one']))
    expect((await topics())[0]).toMatchObject({ id: topicId, topMessage: answer.id })
  })

  it('schedules a message, finds it and sends it', async () => {
    const schedule = Math.floor(Date.now() / 1000) + 3600
    const waiting = await dora.sendMessage('me', { message: 'a reminder', schedule })
    expect((await scheduled()).map(({ id, message, date }) => ({ id, message, date }))).toEqual([
      { id: waiting.id, message: 'a reminder', date: schedule },
    ])
    await dora.invoke(new Api.messages.SendScheduledMessages({ peer: 'me', id: [waiting.id] }))
    await eventually('it is sent', async () => {
      const [last] = await dora.getMessages('me', { limit: 1 })
      return last?.message === 'a reminder'
    })
    expect(await scheduled()).toEqual([])
  })
})
