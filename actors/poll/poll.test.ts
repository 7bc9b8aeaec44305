import {
  type AlarmsCleared,
  type AmendMessage,
  type ChatEvent,
  type ClosePoll,
  type ExpireMessages,
  type PollClosed,
  type PollFacts,
  type PollVoted,
  SERVICE_USER_ID,
  type UserId,
  type VotePoll,
} from '@heliograph/schemas/avro'
import {
  messageCounters,
  pollResults,
  polls,
  pollVotes,
  pollVotesByDate,
  unreadReactions,
} from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import {
  broadcast,
  carol,
  dave,
  extra,
  founded,
  sentToChannel,
  supergroup,
} from '../message/public.samples.ts'
import { alice, bob, bothExist, chat, send, sent, seq } from '../message/samples.ts'
import { RowMap, someAt, specification } from '../runtime/specification.ts'

const spec = specification(messageDecider).with(...bothExist, ...founded(supergroup), ...founded(broadcast))
const option = (place: number) => Buffer.from([place])

const facts = (more: Partial<PollFacts> = {}): PollFacts => ({
  pollId: 9n,
  options: [option(0), option(1), option(2)],
  multiple: false,
  quiz: false,
  publicVoters: true,
  noRevote: false,
  hiddenResults: false,
  correct: [],
  closeDate: 0,
  ...more,
})
/** A message of bob's with a poll. */
const asked = (more: Partial<PollFacts> = {}) =>
  sentToChannel(bob, { extra: extra({ kinds: ['poll'], poll: facts(more) }) })

const vote = (userId: UserId, ...places: number[]): VotePoll => ({
  type: 'VotePoll',
  chatId: supergroup,
  userId,
  seq: seq(1),
  options: places.map(option),
})

function voted(userId: UserId, options: number[], more: Partial<PollVoted> = {}): PollVoted {
  return {
    type: 'PollVoted',
    chatId: supergroup,
    seq: seq(1),
    userId,
    date: someAt.date,
    options,
    before: [],
    beforeDate: 0,
    counts: [0, 1, 2].map((place) => (options.includes(place) ? 1 : 0)),
    voters: 1,
    recent: [userId],
    authorId: bob,
    unread: true,
    told: [],
    ...more,
  }
}

describe('VotePoll', () => {
  it('is counted, and told once', () => {
    const reactions = spec
      .given(asked())
      .when(vote(carol, 1))
      .gives(voted(carol, [1]))
    expect(reactions).toMatchObject([
      { kind: 'answer' },
      {
        kind: 'publication',
        channel: `chat:${supergroup}`,
        record: { kind: 'poll', seqs: [1], senderId: carol },
      },
    ])
    spec
      .given(asked(), voted(carol, [1]))
      .when(vote(alice, 1))
      .gives(voted(alice, [1], { counts: [0, 2, 0], voters: 2, recent: [alice, carol] }))
  })

  it('may be changed and taken back', () => {
    const change = { before: [1], beforeDate: someAt.date }
    spec
      .given(asked(), voted(carol, [1]))
      .when(vote(carol, 2))
      .gives(voted(carol, [2], change))
    const back = { ...change, counts: [0, 0, 0], voters: 0, recent: [], unread: false }
    spec
      .given(asked(), voted(carol, [1]))
      .when(vote(carol))
      .gives(voted(carol, [], back))
    spec
      .given(asked(), voted(carol, [1]))
      .when(vote(carol, 1))
      .gives()
    spec.given(asked()).when(vote(carol)).gives()
  })

  it('stands in a quiz, and where the poll says so', () => {
    const revote = { given: voted(carol, [1]), when: vote(carol) }
    spec
      .given(asked({ quiz: true, correct: [1] }), revote.given)
      .when(revote.when)
      .rejected(400, 'REVOTE_NOT_ALLOWED')
    spec
      .given(asked({ noRevote: true }), revote.given)
      .when(revote.when)
      .rejected(400, 'REVOTE_NOT_ALLOWED')
  })

  it('keeps to the options', () => {
    spec.given(asked()).when(vote(carol, 3)).rejected(400, 'OPTION_INVALID')
    spec
      .given(asked())
      .when(vote(carol, 0, 1))
      .rejected(400, 'OPTIONS_TOO_MUCH')
    spec
      .given(asked({ multiple: true }))
      .when(vote(carol, 2, 0))
      .gives(voted(carol, [0, 2]))
  })

  it('comes too late for a poll that is closed, by hand or by its date', () => {
    spec
      .given(asked({ closeDate: someAt.date }))
      .when(vote(carol, 1))
      .rejected(400, 'MESSAGE_POLL_CLOSED')
    spec.given(asked(), closed()).when(vote(carol, 1)).rejected(400, 'MESSAGE_POLL_CLOSED')
    spec
      .given(asked({ closeDate: someAt.date + 1 }))
      .when(vote(carol, 1))
      .gives(voted(carol, [1]))
  })

  it('needs a poll, and somebody who may', () => {
    spec.given(sentToChannel(bob)).when(vote(carol, 1)).rejected(400, 'MESSAGE_ID_INVALID')
    spec.given().when(vote(carol, 1)).rejected(400, 'MESSAGE_ID_INVALID')
    spec.given(asked()).when(vote(dave, 1)).rejected(400, 'CHANNEL_PRIVATE')
  })

  it('names nobody where the poll is anonymous', () => {
    const quiet = { recent: [], unread: false }
    spec
      .given(asked({ publicVoters: false }))
      .when(vote(carol, 1))
      .gives(voted(carol, [1], quiet))
  })

  it('is told to both in a private chat', () => {
    const poll = sent(bob, { extra: extra({ kinds: ['poll'], poll: facts() }) })
    const event = voted(alice, [0], { chatId: chat, told: [alice, bob] })
    const reactions = spec
      .given(poll)
      .when({ ...vote(alice, 0), chatId: chat })
      .gives(event)
    expect(reactions.map((each) => each.kind === 'publication' && each.channel)).toEqual([
      false,
      `user:${alice}`,
      `user:${bob}`,
    ])
  })

  it('leaves rows that are read again, and none of a vote taken back', () => {
    const rows = new RowMap()
    for (const event of [asked(), voted(carol, [1])]) rows.apply(messageDecider.project(event))
    const key = { chatId: supergroup, seq: 1 }
    expect(rows.get(polls, key)).toMatchObject({ authorId: bob, options: ['00', '01', '02'], closedAt: 0 })
    expect(rows.get(pollResults, key)).toMatchObject({ counts: [0, 1, 0], voters: 1, recent: [carol] })
    expect(rows.get(unreadReactions, { ...key, userId: bob, kind: 'votes' })).toBeDefined()
    rows.apply(messageDecider.project(voted(carol, [], { before: [1], beforeDate: someAt.date })))
    expect(rows.get(pollVotes, { ...key, userId: carol })).toBeUndefined()
    expect(rows.get(pollVotesByDate, { ...key, userId: carol, date: someAt.date })).toBeUndefined()
  })
})

const close = (userId: UserId): ClosePoll => ({ type: 'ClosePoll', chatId: supergroup, userId, seq: seq(1) })
function closed(more: Partial<PollClosed> = {}): PollClosed {
  return {
    type: 'PollClosed',
    chatId: supergroup,
    seq: seq(1),
    byUserId: bob,
    date: someAt.date,
    authorId: bob,
    poll: facts(),
    told: [],
    ...more,
  }
}

describe('ClosePoll', () => {
  it('is for its author, once', () => {
    spec.given(asked()).when(close(bob)).gives(closed())
    spec.given(asked()).when(close(alice)).rejected(403, 'MESSAGE_AUTHOR_REQUIRED')
    spec.given(asked(), closed()).when(close(bob)).rejected(400, 'MESSAGE_NOT_MODIFIED')
    spec.given(sentToChannel(bob)).when(close(bob)).rejected(400, 'MESSAGE_ID_INVALID')
  })
})

describe('a poll that is open for a while', () => {
  it('is so from when it is sent', () => {
    const poll = (closeDate: number) => extra({ kinds: ['poll'], poll: facts({ closeDate }) })
    spec
      .given()
      .when(send(bob, { extra: poll(60) }))
      .gives(sent(bob, { extra: poll(someAt.date + 60) }))
    for (const date of [0, 1, someAt.date + 5])
      spec
        .given()
        .when(send(bob, { extra: poll(date) }))
        .gives(sent(bob, { extra: poll(date) }))
  })
})

describe('the alarm of a poll', () => {
  const due = someAt.date + 60
  const atDue = { date: due }
  const end: ExpireMessages = { type: 'ExpireMessages', chatId: supergroup, dueAt: due, seqs: [seq(1)] }
  const cleared: AlarmsCleared = {
    type: 'AlarmsCleared',
    chatId: supergroup,
    what: 'poll',
    dueAt: due,
    ids: [1],
    ownerId: 0 as UserId,
  }
  const over = closed({ byUserId: SERVICE_USER_ID, date: due, poll: facts({ closeDate: due }) })
  const timed = asked({ closeDate: due })

  it('closes it when it is due, once, and all are told', () => {
    const told = spec.given(timed).when(end, atDue).gives(over, cleared)
    expect(told.filter(({ kind }) => kind === 'publication')).toMatchObject([
      { channel: `chat:${supergroup}`, record: { kind: 'poll', seqs: [1] } },
    ])
    spec.given(timed, over, cleared).when(end, atDue).gives()
    spec
      .given(timed)
      .when(end, { date: due - 1 })
      .gives()
  })

  it('does nothing to a poll that is closed or gone', () => {
    spec
      .given(timed, closed({ poll: over.poll }))
      .when(end, atDue)
      .gives(cleared)
    spec.given(asked()).when(end, atDue).gives()
    const gone = {
      type: 'MessagesDeleted',
      chatId: supergroup,
      byUserId: bob,
      messages: [{ seq: 1, lostBy: [], keptBy: [] }],
      date: someAt.date,
      pts: 3,
      beside: [{ seq: seq(1), authorId: bob, reactions: false, poll: true, counters: false }],
    } as const
    spec
      .given(timed, gone as never)
      .when(end, atDue)
      .gives(cleared)
  })

  it('tells both of a private chat', () => {
    const poll = sent(bob, { extra: extra({ kinds: ['poll'], poll: facts({ closeDate: due }) }) })
    const event = { ...over, chatId: chat, told: [alice, bob] }
    const told = spec
      .given(poll)
      .when({ ...end, chatId: chat }, atDue)
      .gives(event, { ...cleared, chatId: chat })
    expect(told.flatMap((each) => (each.kind === 'publication' ? [each.channel] : []))).toEqual([
      `user:${alice}`,
      `user:${bob}`,
    ])
  })
})

describe('an open poll', () => {
  const open = (...options: Buffer[]) => extra({ kinds: ['poll', 'pollOpen'], poll: facts({ options }) })
  const amend = (more: Partial<AmendMessage> = {}): AmendMessage => ({
    type: 'AmendMessage',
    chatId: supergroup,
    userId: carol,
    seq: seq(1),
    what: 'poll-append',
    basis: Buffer.from('hello'),
    sealed: Buffer.from('amended'),
    extra: open(option(0), option(1), option(2), option(3)),
    words: null,
    service: Buffer.from('told'),
    serviceRandomId: 5n,
    ...more,
  })
  const poll = sentToChannel(bob, { extra: open(option(0), option(1), option(2)) })
  const pollAfter = (more: Partial<AmendMessage>, ...given: ChatEvent[]) => {
    const rows = new RowMap().apply(bothExist).apply(founded(supergroup))
    for (const event of [poll, ...given]) rows.apply(messageDecider.project(event))
    const decision = messageDecider.decide(rows, amend(more), someAt)
    if ('rejected' in decision) return decision.rejected.message
    for (const event of decision.events) rows.apply(messageDecider.project(event))
    return rows.get(polls, { chatId: supergroup, seq: 1 })?.options
  }
  const without1 = { what: 'poll-delete', extra: open(option(0), option(2)) } as const

  it('gets answers from all, and loses them, while places stay', () => {
    expect(pollAfter({})).toEqual(['00', '01', '02', '03'])
    expect(pollAfter(without1)).toEqual(['00', '', '02'])
  })

  it('is closed to answers with the last vote: MESSAGE_POLL_CLOSED', () => {
    expect(pollAfter({}, closed())).toBe('MESSAGE_POLL_CLOSED')
    expect(pollAfter({ extra: open() }, sentToChannel(bob, { seq: seq(1) }))).toBe('PEER_ID_INVALID')
  })

  it('lets vote again those whose answer is gone, and nobody for it', () => {
    const shrunk = asked({ noRevote: true, options: [option(0), Buffer.alloc(0), option(2)] })
    const counts = [0, 0, 1]
    spec
      .given(shrunk, voted(carol, [1]))
      .when(vote(carol, 2))
      .gives(voted(carol, [2], { before: [1], beforeDate: someAt.date, counts }))
    spec
      .given(shrunk)
      .when({ ...vote(carol), options: [Buffer.alloc(0)] })
      .rejected(400, 'OPTION_INVALID')
  })
})

describe('CountViews', () => {
  const count = (...posts: { seq: number; views: number; forwards: number }[]) =>
    ({
      type: 'CountViews',
      chatId: broadcast,
      posts: posts.map((post) => ({ ...post, seq: seq(post.seq) })),
    }) as const
  const post = sentToChannel(alice, { chatId: broadcast })
  const counted = (views: number, forwards: number) =>
    ({
      type: 'ViewsCounted',
      chatId: broadcast,
      date: someAt.date,
      posts: [{ seq: seq(1), views, forwards }],
    }) as const

  it('adds up for posts that are there', () => {
    const first = { ...counted(2, 1), posts: [...counted(2, 1).posts] }
    const reactions = spec
      .given(post)
      .when(count({ seq: 1, views: 2, forwards: 1 }, { seq: 2, views: 9, forwards: 0 }))
      .gives(first)
    expect(reactions.at(-1)).toMatchObject({
      channel: `chat:${broadcast}`,
      record: { kind: 'views', seqs: [1] },
    })
    spec
      .given(post, first)
      .when(count({ seq: 1, views: 3, forwards: 0 }))
      .gives({ ...counted(5, 1), posts: [...counted(5, 1).posts] })
    spec
      .given()
      .when(count({ seq: 1, views: 1, forwards: 0 }))
      .gives()
  })

  it('has a limit', () => {
    const many = Array.from({ length: 101 }, (_, i) => ({ seq: i + 1, views: 1, forwards: 0 }))
    spec
      .given(post)
      .when(count(...many))
      .rejected(400, 'LIMIT_INVALID')
    expect(
      new RowMap()
        .apply(messageDecider.project(counted(1, 0) as never))
        .get(messageCounters, { chatId: broadcast, seq: 1 }),
    ).toMatchObject({ views: 1 })
  })
})
