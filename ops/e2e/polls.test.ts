import { type InputMediaLike, Long, type Message, Poll, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

interface PollUpdate {
  _: string
  results: {
    min?: boolean
    totalVoters?: number
    results?: { voters: number; chosen?: boolean; correct?: boolean }[]
  }
  poll?: { closed?: boolean; id: Long }
}

describe('polls, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let carol: Member
  let group: number
  let channel: number
  /** Has its time while the others are tested. */
  let timed: Message

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
    timed = await ask(group, { type: 'quiz', correct: 1, closePeriod: 5 })
    await bob.client.sendVote({ chatId: group, message: timed.id, options: [0] })
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
  const ask = (chat: number | string, more: object = {}, who = alice) => {
    const poll = { type: 'poll', question: 'Tea or coffee?', answers: ['Tea', 'Coffee', 'Neither'], ...more }
    return who.client.sendMedia(chat, poll as InputMediaLike)
  }
  const pollOf = async (who: Member, chat: number | string, id: number): Promise<Poll> => {
    const [message] = await who.client.getMessages(chat, id)
    if (!(message?.media instanceof Poll)) throw new Error('no poll')
    return message.media
  }
  const votes = (poll: Poll) => poll.answers.map(({ voters, chosen }) => ({ voters, chosen }))
  const told = (who: Member) => (who.updates as PollUpdate[]).filter(({ _ }) => _ === 'updateMessagePoll')

  it('are voted in, otherwise voted in, and seen by those who have voted', async () => {
    const sent = await ask(group)
    expect(sent.media).toMatchObject({ question: 'Tea or coffee?', isPublic: false, isClosed: false })
    const vote = (who: Member, options: number[] | null) =>
      who.client.sendVote({ chatId: group, message: sent.id, options })
    expect(votes(await vote(bob, [1]))).toMatchObject([
      { voters: 0, chosen: false },
      { voters: 1, chosen: true },
      { voters: 0, chosen: false },
    ])
    await vote(carol, [1])
    await eventually('Alice hears of the votes, without one of her own', () =>
      told(alice).some(({ results }) => results.min === true && results.totalVoters === 2),
    )
    expect((await pollOf(alice, group, sent.id)).voters).toBe(2)
    expect((await pollOf(bob, group, sent.id)).answers[1]).toMatchObject({ voters: 2, chosen: true })
    await vote(bob, [0])
    expect((await pollOf(carol, group, sent.id)).answers[0]).toMatchObject({ voters: 1, chosen: false })
    await vote(bob, null)
    expect((await pollOf(carol, group, sent.id)).voters).toBe(1)
    await expect(vote(bob, [0, 1])).rejects.toMatchObject({ text: 'OPTIONS_TOO_MUCH' })
  })

  it('show who voted for what, where they are open', async () => {
    const sent = await ask(group, { public: true, multiple: true })
    const peer = await bob.client.resolvePeer(group)
    const voters = () => bob.client.call({ _: 'messages.getPollVotes', peer, id: sent.id, limit: 10 })
    await expect(voters()).rejects.toMatchObject({ text: 'POLL_VOTE_REQUIRED' })
    await bob.client.sendVote({ chatId: group, message: sent.id, options: [0, 2] })
    await carol.client.sendVote({ chatId: group, message: sent.id, options: [2] })
    expect(await voters()).toMatchObject({ count: 2, votes: [{}, {}] })
    const poll = await pollOf(bob, group, sent.id)
    const { option } = poll.raw.answers[2] as { option: Uint8Array }
    const first = await bob.client.call({ _: 'messages.getPollVotes', peer, id: sent.id, option, limit: 1 })
    expect(first).toMatchObject({ count: 2, votes: [{ _: 'messagePeerVoteInputOption' }] })
    const rest = await bob.client.call({
      _: 'messages.getPollVotes',
      peer,
      id: sent.id,
      option,
      limit: 1,
      ...(first.nextOffset !== undefined && { offset: first.nextOffset }),
    })
    const named = [...first.votes, ...rest.votes].map(({ peer: voter }) => 'userId' in voter && voter.userId)
    expect(named.sort()).toEqual([bob.id, carol.id].sort())
  })

  it('are closed by their authors', async () => {
    const sent = await ask(group)
    await bob.client.sendVote({ chatId: group, message: sent.id, options: [0] })
    const closed = await alice.client.closePoll({ chatId: group, message: sent.id })
    expect(closed.isClosed).toBe(true)
    await expect(
      carol.client.sendVote({ chatId: group, message: sent.id, options: [0] }),
    ).rejects.toMatchObject({ text: 'MESSAGE_POLL_CLOSED' })
    expect((await pollOf(carol, group, sent.id)).answers[0]).toMatchObject({ voters: 1 })
    await eventually('Carol hears it', () => told(carol).some(({ poll }) => poll?.closed === true))
    await expect(bob.client.closePoll({ chatId: group, message: sent.id })).rejects.toMatchObject({
      text: 'MESSAGE_AUTHOR_REQUIRED',
    })
  })

  it('as quizzes tell the right answer to those who have tried', async () => {
    const quiz = { type: 'quiz', correct: 1, solution: { text: 'Because of that.', entities: [] } }
    const sent = await ask(group, quiz)
    const before = await pollOf(bob, group, sent.id)
    expect(before.raw.quiz).toBe(true)
    expect(before.results?.results?.some(({ correct }) => correct) ?? false).toBe(false)
    expect(before.results?.solution).toBeUndefined()
    const after = await bob.client.sendVote({ chatId: group, message: sent.id, options: [0] })
    expect(after.results?.results?.map(({ correct }) => correct === true)).toEqual([false, true, false])
    expect(after.results?.solution).toContain('Because')
    await expect(
      bob.client.sendVote({ chatId: group, message: sent.id, options: [1] }),
    ).rejects.toMatchObject({ text: 'REVOTE_NOT_ALLOWED' })
    await expect(ask(group, { ...quiz, correct: 9 })).rejects.toMatchObject({
      text: 'QUIZ_CORRECT_ANSWER_INVALID',
    })
  })

  it('are open for as long where they are scheduled, from when they are sent', async () => {
    const dueAt = Math.floor(Date.now() / 1000) + 1000
    const poll: InputMediaLike = {
      type: 'poll',
      question: 'When?',
      answers: ['Now', 'Later'],
      closePeriod: 600,
    }
    const { id } = await alice.client.sendMedia(group, poll, { schedule: new Date(dueAt * 1000) })
    const peer = await alice.client.resolvePeer(group)
    await alice.client.call({ _: 'messages.sendScheduledMessages', peer, id: [id] })
    const [sent] = await alice.client.getHistory(group, { limit: 1 })
    const { raw } = sent!.media as Poll
    const openFor = raw.closeDate! - sent!.date.getTime() / 1000
    expect([raw.closePeriod, openFor, raw.closed]).toEqual([600, 600, false])
  })

  it('get answers from others, where they are open to that, and lose them again', async () => {
    const text = (value: string): tl.RawTextWithEntities => {
      return { _: 'textWithEntities', text: value, entities: [] }
    }
    const answers = ['Tea', 'Coffee'].map((each, place): tl.TypePollAnswer => {
      return { _: 'pollAnswer', text: text(each), option: Buffer.from([place]) }
    })
    const open = { publicVoters: true, openAnswers: true, answers, question: text('What else?') } as const
    const askRaw = async (more: Partial<tl.RawPoll>) =>
      alice.client.call({
        _: 'messages.sendMedia',
        peer: await alice.client.resolvePeer(group),
        message: '',
        randomId: Long.fromNumber(Date.now()),
        media: {
          _: 'inputMediaPoll',
          poll: { _: 'poll', id: Long.ZERO, hash: Long.ZERO, ...open, ...more },
        },
      })
    await expect(askRaw({ publicVoters: false })).rejects.toMatchObject({ text: 'MEDIA_INVALID' })
    await askRaw({})
    const [{ id }] = (await alice.client.getHistory(group, { limit: 1 })) as unknown as [{ id: number }]
    const peer = await bob.client.resolvePeer(group)
    const add = (value: string) =>
      bob.client.call({
        _: 'messages.addPollAnswer',
        peer,
        msgId: id,
        answer: { _: 'inputPollAnswer', text: text(value) },
      })
    const updates = (await add('Water')) as tl.RawUpdates
    expect(updates.updates.find(({ _ }) => _ === 'updateNewChannelMessage')).toMatchObject({
      message: {
        action: { _: 'messageActionPollAppendAnswer', answer: { text: { text: 'Water' } } },
        replyTo: { replyToMsgId: id },
      },
    })
    await expect(add('Water')).rejects.toMatchObject({ text: 'POLL_OPTION_DUPLICATE' })
    await eventually('Carol hears of it', () =>
      (carol.updates as tl.TypeUpdate[]).some(
        (each) =>
          each._ === 'updateEditChannelMessage' &&
          each.message.id === id &&
          JSON.stringify(each).includes('Water'),
      ),
    )
    const water = (await pollOf(carol, group, id)).raw.answers[2] as tl.RawPollAnswer
    expect(water.addedBy).toMatchObject({ userId: bob.id })
    await carol.client.sendVote({ chatId: group, message: id, options: [2] })
    expect((await pollOf(carol, group, id)).answers[2]).toMatchObject({ voters: 1, chosen: true })
    const remove = async (who: Member, option: Uint8Array) =>
      who.client.call({
        _: 'messages.deletePollAnswer',
        peer: await who.client.resolvePeer(group),
        msgId: id,
        option,
      })
    await expect(remove(carol, water.option)).rejects.toMatchObject({ text: 'MESSAGE_AUTHOR_REQUIRED' })
    await expect(remove(alice, Buffer.from([0]))).rejects.toMatchObject({ text: 'POLL_OPTION_INVALID' })
    await remove(alice, water.option)
    await add('Juice')
    expect(votes(await carol.client.sendVote({ chatId: group, message: id, options: [2] }))).toMatchObject([
      { chosen: false },
      { chosen: false },
      { voters: 1, chosen: true },
    ])
    const anonymous = await ask(group)
    await expect(
      bob.client.call({
        _: 'messages.addPollAnswer',
        peer,
        msgId: anonymous.id,
        answer: { _: 'inputPollAnswer', text: text('x') },
      }),
    ).rejects.toMatchObject({ text: 'POLL_UNSUPPORTED' })
  })

  it('are refused where they cannot be', async () => {
    await expect(ask(group, { answers: ['one'] })).rejects.toMatchObject({ text: 'POLL_ANSWERS_INVALID' })
    await expect(ask(group, { question: ' ' })).rejects.toMatchObject({ text: 'POLL_QUESTION_INVALID' })
    await expect(ask(channel, { public: true })).rejects.toMatchObject({
      text: 'BROADCAST_PUBLIC_VOTERS_FORBIDDEN',
    })
  })

  it('stand in channels, private chats and Saved Messages', async () => {
    const post = await ask(channel)
    await bob.client.sendVote({ chatId: channel, message: post.id, options: [2] })
    expect((await pollOf(alice, channel, post.id)).voters).toBe(1)
    const sent = await ask(bob.id)
    const [seen] = await eventually('Bob has it', async () => {
      const page = await bob.client.getHistory(alice.id, { limit: 1 })
      return page[0]?.media instanceof Poll ? page : undefined
    })
    await bob.client.sendVote({ chatId: alice.id, message: seen!.id, options: [1] })
    expect((await pollOf(alice, bob.id, sent.id)).voters).toBe(1)
    const saved = await ask('me')
    const own = await alice.client.sendVote({ chatId: 'me', message: saved.id, options: [0] })
    expect(own.answers[0]).toMatchObject({ chosen: true, voters: 1 })
  })

  it('of posts are the same in the discussion of the channel', async () => {
    const peers = {
      broadcast: await alice.client.resolveChannel(channel),
      group: await alice.client.resolveChannel(group),
    }
    await alice.client.call({ _: 'channels.setDiscussionGroup', ...peers })
    const post = await ask(channel)
    await bob.client.sendVote({ chatId: channel, message: post.id, options: [2] })
    const [copy] = await eventually('the group has it', async () => {
      const page = await carol.client.getHistory(group, { limit: 1 })
      return page[0]?.media instanceof Poll && page[0].isAutomaticForward ? page : undefined
    })
    expect((await pollOf(carol, group, copy!.id)).voters).toBe(1)
    await carol.client.sendVote({ chatId: group, message: copy!.id, options: [2] })
    expect((await pollOf(bob, channel, post.id)).answers[2]).toMatchObject({ voters: 2, chosen: true })
  })

  it('are new ones where they are forwarded to', async () => {
    const sent = await ask(group)
    await bob.client.sendVote({ chatId: group, message: sent.id, options: [0] })
    const [copy] = await bob.client.forwardMessagesById({
      fromChatId: group,
      messages: [sent.id],
      toChatId: 'me',
    })
    const poll = await pollOf(bob, 'me', copy!.id)
    expect(poll.question).toBe('Tea or coffee?')
    expect(poll.voters).toBe(0)
    expect(poll.id.eq((await pollOf(bob, group, sent.id)).id)).toBe(false)
  })

  it('are closed by themselves when their time is over, and everybody is told what was right', async () => {
    const over = await eventually('Carol hears it, who has not voted', () =>
      told(carol).find(({ poll }) => poll?.closed === true && poll.id.eq((timed.media as Poll).id)),
    )
    expect(over.results).toMatchObject({
      min: true,
      results: [{ voters: 1 }, { correct: true }, {}],
    })
    expect((await pollOf(carol, group, timed.id)).isClosed).toBe(true)
  })
})
