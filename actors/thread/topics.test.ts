import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type CreateTopic,
  type EditTopic,
  type MessageSent,
  type PeerId,
  type PinTopics,
  type Topic,
  type TopicsChanged,
} from '@heliograph/schemas/avro'
import { topics } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { carol, extra, founded, has, sentToChannel, supergroup } from '../message/public.samples.ts'
import { alice, bob, send, seq } from '../message/samples.ts'
import { RowMap, someAt, specification } from '../runtime/specification.ts'

const bare = specification(messageDecider)
const spec = bare.with(...founded(supergroup, { flags: ['forum'] }))
const service = Buffer.from('service')
const title = Buffer.from('title')

const create = (more: Partial<CreateTopic> = {}): CreateTopic => ({
  type: 'CreateTopic',
  chatId: supergroup,
  userId: bob,
  postAs: null,
  title,
  iconColor: 1,
  iconEmojiId: 0n,
  service,
  serviceRandomId: 9n,
  log: null,
  ...more,
})
const topic = (more: Partial<Topic> = {}): Topic => ({
  topSeq: seq(1),
  creatorId: bob,
  postAs: null,
  date: someAt.date,
  title,
  iconColor: 1,
  iconEmojiId: 0n,
  closed: false,
  hidden: false,
  pinned: 0,
  deleted: false,
  ...more,
})
const changed = (change: string, changes: Topic[], more: Partial<TopicsChanged> = {}): TopicsChanged => ({
  type: 'TopicsChanged',
  chatId: supergroup,
  userId: bob,
  topics: changes,
  change,
  date: someAt.date,
  answers: true,
  log: null,
  logId: someAt.offset,
  ...more,
})
/** General has the id 1: topics begin behind the message that tells of the group. */
const first = sentToChannel(alice)
const made: [TopicsChanged, MessageSent] = [
  changed('create', [topic({ topSeq: seq(2) })], { answers: false }),
  sentToChannel(bob, {
    seq: seq(2),
    lastOtherSeq: seq(1),
    sealed: service,
    randomId: 9n,
    extra: extra({ service: true }),
    thread: { topSeq: seq(2), replies: 0, lastSeq: seq(2), repliers: [] },
  }),
]
const edit = (more: Partial<EditTopic> = {}): EditTopic => ({
  type: 'EditTopic',
  chatId: supergroup,
  userId: alice,
  topSeq: seq(2),
  title: null,
  iconEmojiId: null,
  closed: null,
  hidden: null,
  service: null,
  serviceRandomId: 0n,
  log: null,
  ...more,
})
const pin = (order: number[], others: number[] = []): PinTopics => ({
  type: 'PinTopics',
  chatId: supergroup,
  userId: alice,
  order: order.map(seq),
  others: others.map(seq),
  log: null,
})
const say = (userId = carol, threadSeq: number | null = 2) =>
  send(userId, {
    chatId: supergroup,
    extra: threadSeq === null ? null : extra({ threadSeq: seq(threadSeq) }),
  })

describe('topics of a forum', () => {
  it('are made by members, and get their id from the message that tells of it', () => {
    spec
      .given(first)
      .when(create())
      .gives(...made)
  })

  it('are made by nobody where members may not, and in no other group', () => {
    const flags = ['forum' as const]
    const closed = bare.with(...founded(supergroup, { flags, defaultBanned: BANNED_RIGHTS.manageTopics }))
    closed.given(first).when(create()).rejected(400, 'CHAT_ADMIN_REQUIRED')
    bare
      .with(...founded(supergroup))
      .given(first)
      .when(create())
      .rejected(400, 'CHANNEL_FORUM_MISSING')
  })

  it('take messages, which count', () => {
    const message = sentToChannel(carol, {
      seq: seq(3),
      lastOtherSeq: seq(2),
      extra: extra({ threadSeq: seq(2) }),
      thread: { topSeq: seq(2), replies: 1, lastSeq: seq(3), repliers: [carol as number as PeerId] },
    })
    spec
      .given(first, ...made)
      .when(say())
      .gives(message)
    const inGeneral = { ...message, extra: extra() }
    delete inGeneral.thread
    spec
      .given(first, ...made)
      .when(say(carol, 77))
      .gives(inGeneral)
  })

  it('are closed to all but who made them and who manages topics', () => {
    const closed = changed('edit', [topic({ topSeq: seq(2), closed: true })], { userId: alice })
    spec
      .given(first, ...made)
      .when(edit({ closed: true }))
      .gives(closed)
    const there = [first, ...made, closed]
    spec
      .given(...there)
      .when(say())
      .rejected(400, 'TOPIC_CLOSED')
    spec
      .with(has(supergroup, carol, { status: 'admin', rights: ADMIN_RIGHTS.manageTopics }))
      .given(...there)
      .when(edit({ closed: false, userId: carol }))
      .gives(changed('edit', [topic({ topSeq: seq(2) })], { userId: carol }))
    spec
      .given(...there)
      .when(edit({ closed: false, userId: carol }))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    spec
      .given(...there)
      .when(edit({ closed: true }))
      .rejected(400, 'TOPIC_NOT_MODIFIED')
    spec
      .given(first)
      .when(edit({ closed: true }))
      .rejected(400, 'TOPIC_ID_INVALID')
  })

  it('include General, which may be hidden and closed', () => {
    const general = topic({ topSeq: seq(1), creatorId: alice, date: 1, title: Buffer.alloc(0), iconColor: 0 })
    const closed = changed('edit', [{ ...general, closed: true }], { userId: alice })
    spec
      .given(first)
      .when(edit({ topSeq: seq(1), closed: true }))
      .gives(closed)
    spec.given(first, closed).when(say(carol, null)).rejected(400, 'TOPIC_CLOSED')
    spec
      .given(first)
      .when(edit({ topSeq: seq(1), hidden: true }))
      .gives(changed('edit', [{ ...general, hidden: true }], { userId: alice }))
    spec
      .given(first, ...made)
      .when(edit({ hidden: true }))
      .rejected(400, 'TOPIC_ID_INVALID')
  })

  it('are pinned in an order that is told', () => {
    const pinned = changed('pin', [topic({ topSeq: seq(2), pinned: 1 })], { userId: alice })
    const told = spec
      .given(first, ...made)
      .when(pin([2]))
      .gives(pinned)
    expect(told.map(({ record }) => record)).toMatchObject([
      { type: 'Reply' },
      { type: 'ChatUpdate', kind: 'pinned-topics', seqs: [2] },
    ])
    spec
      .given(first, ...made, pinned)
      .when(pin([2]))
      .gives()
    spec
      .given(first, ...made, pinned)
      .when(pin([], [2]))
      .gives(changed('pin', [topic({ topSeq: seq(2) })], { userId: alice }))
    spec
      .given(first, ...made)
      .when(pin([2, 3]))
      .rejected(400, 'TOPIC_ID_INVALID')
    spec
      .given(first)
      .when(pin([2, 3, 4, 5, 6, 7]))
      .rejected(400, 'PINNED_TOO_MUCH')
  })

  it('go for good', () => {
    const gone = changed('delete', [topic({ topSeq: seq(2), deleted: true })])
    const remove = {
      type: 'DeleteTopic',
      chatId: supergroup,
      userId: bob,
      topSeq: seq(2),
      log: null,
    } as const
    spec
      .given(first, ...made)
      .when(remove)
      .gives(gone)
    spec
      .given(first, ...made, gone)
      .when(say())
      .rejected(400, 'TOPIC_DELETED')
    spec
      .given(first)
      .when({ ...remove, topSeq: seq(1) })
      .rejected(400, 'TOPIC_ID_INVALID')
    const rows = new RowMap().apply([...made, gone].flatMap((event) => messageDecider.project(event)))
    expect(rows.get(topics, { chatId: supergroup, topSeq: 2 })?.deleted).toBe(true)
  })
})
