import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type MessageEdited,
  type MessagesDeleted,
} from '@heliograph/schemas/avro'
import { adminLog, channelUpdates, chats, lastSends, messages, unreadMentions } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { pinCopy } from '../thread/discussed.ts'
import { EDIT_WINDOW_SECONDS } from './edit.ts'
import { messageDecider } from './index.ts'
import {
  broadcast,
  carol,
  dave,
  extra,
  founded,
  has,
  is,
  ownPeer,
  sentToChannel,
  supergroup,
} from './public.samples.ts'
import { alice, bob, edit, remove, send, seq } from './samples.ts'

const spec = specification(messageDecider).with(...founded(supergroup))
const posts = specification(messageDecider).with(...founded(broadcast))
const say = (senderId: typeof alice, more = {}) => send(senderId, { chatId: supergroup, ...more })
const post = (senderId: typeof alice, more = {}) => send(senderId, { chatId: broadcast, ...more })
const posted = (more = {}) =>
  sentToChannel(alice, { chatId: broadcast, extra: extra({ postAs: ownPeer(broadcast) }), ...more })
const one = sentToChannel(bob)
const two = sentToChannel(alice, { seq: seq(2), randomId: 78n, lastOtherSeq: seq(1) })

describe('SendMessage in a channel', () => {
  it('is published once, whoever is there, and answered with seq and pts', () => {
    const reactions = spec
      .given(one)
      .when(say(alice, { randomId: 78n }))
      .gives(two)
    const moved = { seq: 2, pts: 3, ptsCount: 1, date: someAt.date }
    expect(reactions).toMatchObject([
      { kind: 'answer', to: caller, record: { mailbox: null, channel: moved } },
      {
        kind: 'publication',
        channel: `chat:${supergroup}`,
        record: { type: 'ChatUpdate', kind: 'message', senderId: alice, origin: caller.session, ...moved },
      },
    ])
  })

  it('is stored once, with the counts of the channel and what moved its pts', () => {
    const rows = new RowMap().apply(messageDecider.project(two))
    expect(rows.entries().map(([id]) => id)).toEqual([
      `messages(${supergroup},2)`,
      `sent_random_ids(${supergroup},${alice},78)`,
      `chats(${supergroup})`,
      `channel_updates(${supergroup},3)`,
    ])
    expect(rows.get(chats, { chatId: supergroup })).toMatchObject({ lastSeq: 2, lastOtherSeq: 1, pts: 3 })
    const update = rows.get(channelUpdates, { chatId: supergroup, pts: 3 })
    expect(update).toMatchObject({ kind: 'message', seq: 2, ptsCount: 1 })
  })

  it('is the same message when repeated, answered with the pts of now and a count of 0', () => {
    const event = {
      type: 'SendRepeated',
      chatId: supergroup,
      seq: seq(1),
      senderId: bob,
      randomId: 77n,
    } as const
    const reactions = spec
      .given(one, two)
      .when(say(bob), { date: someAt.date + 5 })
      .gives({ ...event, date: someAt.date, pts: 3 })
    expect(reactions).toMatchObject([
      { kind: 'answer', record: { channel: { seq: 1, date: someAt.date, pts: 3, ptsCount: 0 } } },
    ])
    expect(reactions).toHaveLength(1)
  })

  it('mentions those who are named and the author of what it answers, unless that hides behind a chat', () => {
    const named = { extra: extra({ mentions: [carol] }), replyToSeq: seq(1) }
    const event = sentToChannel(alice, { ...two, ...named, mentioned: [carol, bob] })
    spec
      .given(one)
      .when(say(alice, { ...named, randomId: 78n }))
      .gives(event)
    expect(
      new RowMap().apply(messageDecider.project(event)).get(messages, { chatId: supergroup, seq: 2 }),
    ).toMatchObject({ mentions: [carol, bob] })
    const masked = sentToChannel(bob, { extra: extra({ postAs: ownPeer(supergroup) }) })
    const unnamed = sentToChannel(alice, { ...two, replyToSeq: seq(1) })
    spec
      .given(masked)
      .when(say(alice, { randomId: 78n, replyToSeq: seq(1) }))
      .gives(unnamed)
  })

  it('does not answer what is not there, or hidden from who came later', () => {
    const answering = say(alice, { randomId: 78n, replyToSeq: seq(1) })
    spec
      .given()
      .when(answering)
      .gives({ ...sentToChannel(alice), randomId: 78n })
    const late = spec.with(has(supergroup, carol, { minSeq: 1 }))
    late
      .given(one)
      .when(say(carol, { randomId: 78n, replyToSeq: seq(1) }))
      .gives(sentToChannel(carol, { seq: seq(2), randomId: 78n, lastOtherSeq: seq(1) }))
  })

  it('is refused to outsiders, the banned and the restricted', () => {
    specification(messageDecider).given().when(say(alice)).rejected(400, 'CHANNEL_PRIVATE')
    spec.given().when(say(dave)).rejected(400, 'CHANNEL_PRIVATE')
    const kicked = { status: 'kicked', isIn: false, banned: BANNED_RIGHTS.viewMessages } as const
    spec
      .with(has(supergroup, carol, kicked))
      .given()
      .when(say(carol))
      .rejected(400, 'CHANNEL_PRIVATE')
    const muted = { status: 'restricted', banned: BANNED_RIGHTS.sendMessages } as const
    spec
      .with(has(supergroup, carol, { ...muted, untilDate: someAt.date + 1 }))
      .given()
      .when(say(carol))
      .rejected(400, 'USER_BANNED_IN_CHANNEL')
    spec
      .with(has(supergroup, carol, { ...muted, untilDate: someAt.date }))
      .given()
      .when(say(carol))
      .gives(sentToChannel(carol))
  })

  it('is anonymous for administrators who have that right alone, and as a channel of the sender for anybody', () => {
    const masked = { extra: extra({ postAs: ownPeer(supergroup) }) }
    spec.given().when(say(alice, masked)).rejected(400, 'SEND_AS_PEER_INVALID')
    const rights = ADMIN_RIGHTS.anonymous
    spec
      .with(has(supergroup, carol, { status: 'admin', rights }))
      .given()
      .when(say(carol, masked))
      .gives(sentToChannel(carol, masked))
    const asChannel = { extra: extra({ postAs: ownPeer(broadcast) }) }
    spec.given().when(say(bob, asChannel)).gives(sentToChannel(bob, asChannel))
  })

  it('waits in slow mode, but for administrators and the rest of an album', () => {
    const slow = spec.with(is(supergroup, { slowModeSeconds: 30 }))
    const first = { ...one, slowed: true }
    slow.given().when(say(bob)).gives(first)
    expect(
      new RowMap().apply(messageDecider.project(first)).get(lastSends, { chatId: supergroup, userId: bob }),
    ).toEqual({ chatId: supergroup, userId: bob, date: someAt.date, groupedId: null })
    const next = say(bob, { randomId: 78n })
    slow
      .given(first)
      .when(next, { date: someAt.date + 10 })
      .rejected(420, 'SLOWMODE_WAIT_20')
    const place = { seq: seq(2), randomId: 78n, slowed: true }
    slow
      .given(first)
      .when(next, { date: someAt.date + 30 })
      .gives(sentToChannel(bob, { ...place, date: someAt.date + 30 }))
    const album = { extra: extra({ groupedId: 9n, kinds: ['photo'] }) }
    slow
      .given({ ...first, ...album })
      .when({ ...next, ...album })
      .gives(sentToChannel(bob, { ...place, ...album }))
    slow
      .given(one)
      .when(say(alice, { randomId: 78n }))
      .gives(two)
  })

  it('is open to all where a supergroup has the comments of a channel', () => {
    const comments = spec.with(is(supergroup, { linkedChatId: broadcast }))
    comments.given().when(say(dave)).gives(sentToChannel(dave))
    const byDave = sentToChannel(dave)
    const own = { editorId: dave, senderId: dave, counts: { ...edited().counts!, lastSenderId: dave } }
    comments
      .given(byDave)
      .when(edit(dave, 1, supergroup))
      .gives(edited(own))
    comments
      .given(byDave)
      .when(removal(dave))
      .gives(deleted({ byUserId: dave, counts: own.counts }))
    spec
      .given(byDave)
      .when(edit(dave, 1, supergroup))
      .rejected(400, 'CHANNEL_PRIVATE')
    const copyOf = { chatId: broadcast, seq: seq(4), sealedThere: true }
    const copied = { extra: extra({ postAs: ownPeer(broadcast), copyOf }) }
    const closed = spec.with(is(supergroup, { linkedChatId: broadcast, flags: ['joinToSend'] }))
    closed.given().when(say(dave)).rejected(403, 'CHAT_GUEST_SEND_FORBIDDEN')
    const copy = sentToChannel(dave, copied)
    closed.given().when(say(dave, copied)).gives(copy, pinCopy(copy))
    spec.given().when(say(dave, copied)).rejected(400, 'CHANNEL_PRIVATE')
  })

  it('is posted by administrators of a broadcast, in its name, mentioning nobody', () => {
    posts
      .given()
      .when(post(alice, { extra: extra({ mentions: [bob] }) }))
      .gives(posted({ extra: extra({ mentions: [bob], postAs: ownPeer(broadcast) }) }))
    posts.given().when(post(bob)).rejected(400, 'CHAT_ADMIN_REQUIRED')
    const others = { extra: extra({ postAs: ownPeer(supergroup) }) }
    posts.given().when(post(alice, others)).rejected(400, 'SEND_AS_PEER_INVALID')
  })
})

const edited = (more: Partial<MessageEdited> = {}): MessageEdited => ({
  type: 'MessageEdited',
  chatId: supergroup,
  seq: seq(1),
  editorId: bob,
  senderId: bob,
  date: someAt.date,
  editDate: someAt.date,
  sealed: Buffer.from('edited'),
  randomId: 77n,
  replyToSeq: null,
  silent: false,
  members: [],
  keptBy: [],
  extra: null,
  words: null,
  pts: 3,
  expiresAt: 0,
  counts: { lastSeq: seq(1), lastSenderId: bob, lastOtherSeq: seq(0) },
  ...more,
})

describe('EditMessage in a channel', () => {
  it('moves pts by one and is published once', () => {
    const reactions = spec
      .given(one)
      .when(edit(bob, 1, supergroup))
      .gives(edited())
    expect(reactions).toMatchObject([
      { kind: 'answer', record: { channel: { seq: 1, pts: 3, ptsCount: 1 } } },
      { kind: 'publication', record: { kind: 'edit', seq: 1, pts: 3, editDate: someAt.date } },
    ])
    const rows = new RowMap().apply(messageDecider.project(one)).apply(messageDecider.project(edited()))
    expect(rows.get(chats, { chatId: supergroup })).toMatchObject({ lastSeq: 1, lastSenderId: bob, pts: 3 })
    expect(rows.get(channelUpdates, { chatId: supergroup, pts: 3 })).toMatchObject({ kind: 'edit', seq: 1 })
  })

  it('keeps where a message stands: its thread, album, name, timer and mentions', () => {
    const place = { threadSeq: seq(9), groupedId: 5n, postAs: ownPeer(broadcast) }
    const sent = sentToChannel(bob, { extra: extra(place), expiresAt: 99, mentioned: [alice] })
    const event = edited({ extra: extra(place), expiresAt: 99, mentioned: [alice] })
    spec
      .given(sent)
      .when(edit(bob, 1, supergroup))
      .gives(event)
    const rows = new RowMap().apply(messageDecider.project(sent)).apply(messageDecider.project(event))
    const row = rows.get(messages, { chatId: supergroup, seq: 1 })
    expect(row).toMatchObject({ ...place, expiresAt: 99, mentions: [alice] })
  })

  it('seals a copied post anew', () => {
    const copyOf = { chatId: broadcast, seq: seq(4), sealedThere: true }
    const place = { postAs: ownPeer(broadcast) }
    const sent = sentToChannel(bob, { extra: extra({ ...place, copyOf }) })
    const after = extra({ ...place, copyOf: { ...copyOf, sealedThere: false } })
    spec
      .given(sent)
      .when(edit(bob, 1, supergroup))
      .gives(edited({ extra: after }))
  })

  it('is for the author, and for who may edit the posts of a broadcast', () => {
    spec
      .given(one)
      .when(edit(alice, 1, supergroup))
      .rejected(403, 'MESSAGE_AUTHOR_REQUIRED')
    const admin = has(broadcast, carol, { status: 'admin', rights: ADMIN_RIGHTS.editMessages })
    const counts = { lastSeq: seq(1), lastSenderId: alice, lastOtherSeq: seq(0) }
    const log = Buffer.from('log')
    const event = edited({
      chatId: broadcast,
      editorId: carol,
      senderId: alice,
      extra: extra({ postAs: ownPeer(broadcast) }),
      editDate: someAt.date + EDIT_WINDOW_SECONDS + 1,
      counts,
      log,
      logId: 5,
    })
    posts
      .with(admin)
      .given(posted())
      .when({ ...edit(carol, 1, broadcast), log }, { date: event.editDate })
      .gives(event)
    const rows = new RowMap().apply(messageDecider.project(event))
    expect(rows.get(adminLog, { chatId: broadcast, eventId: 5 })).toMatchObject({
      userId: carol,
      kind: 'edit',
    })
    posts
      .given(posted())
      .when(edit(bob, 1, broadcast))
      .rejected(403, 'MESSAGE_AUTHOR_REQUIRED')
  })

  it('ends after two days, but for authors who may pin', () => {
    const date = someAt.date + EDIT_WINDOW_SECONDS + 1
    const noPins = spec.with(is(supergroup, { defaultBanned: BANNED_RIGHTS.pinMessages }))
    noPins
      .given(one)
      .when(edit(bob, 1, supergroup), { date })
      .rejected(400, 'MESSAGE_EDIT_TIME_EXPIRED')
    spec
      .given(one)
      .when(edit(bob, 1, supergroup), { date })
      .gives(edited({ editDate: date }))
  })
})

const deleted = (more: Partial<MessagesDeleted> = {}): MessagesDeleted => ({
  type: 'MessagesDeleted',
  chatId: supergroup,
  byUserId: bob,
  messages: [{ seq: seq(1), lostBy: [], keptBy: [] }],
  date: someAt.date,
  pts: 3,
  counts: { lastSeq: seq(1), lastSenderId: bob, lastOtherSeq: seq(0) },
  gaps: [{ block: 0, deleted: 1 }],
  ...more,
})
const removal = (userId: typeof alice, seqs = [1]) => ({ ...remove(userId, seqs, false), chatId: supergroup })

describe('DeleteMessages in a channel', () => {
  it('is always for all, and moves pts by the number of messages', () => {
    const counts = { lastSeq: seq(2), lastSenderId: alice, lastOtherSeq: seq(1) }
    const both = [1, 2].map((at) => ({ seq: seq(at), lostBy: [], keptBy: [] }))
    const event = deleted({
      byUserId: alice,
      messages: both,
      pts: 5,
      counts,
      log: Buffer.from('log'),
      logId: 5,
      gaps: [{ block: 0, deleted: 2 }],
    })
    const command = { ...removal(alice, [2, 1, 7]), log: Buffer.from('log') }
    const reactions = spec.given(one, two).when(command).gives(event)
    const moved = { pts: 5, ptsCount: 2 }
    expect(reactions).toMatchObject([
      { kind: 'answer', record: { channel: { seq: 0, ...moved } } },
      { kind: 'publication', record: { kind: 'delete', seqs: [1, 2], ...moved } },
    ])
    const rows = new RowMap()
    for (const each of [one, two, event]) rows.apply(messageDecider.project(each))
    expect(rows.get(messages, { chatId: supergroup, seq: 1 })).toBeUndefined()
    expect(rows.get(channelUpdates, { chatId: supergroup, pts: 5 })).toMatchObject({
      seqs: [1, 2],
      ptsCount: 2,
    })
    expect(rows.get(adminLog, { chatId: supergroup, eventId: 5 })).toMatchObject({
      userId: alice,
      kind: 'delete',
    })
  })

  it('is for authors and those who have the right', () => {
    spec.given(one).when(removal(bob)).gives(deleted())
    spec.given(one).when(removal(carol)).rejected(403, 'MESSAGE_DELETE_FORBIDDEN')
    spec.given(one).when(removal(dave)).rejected(400, 'CHANNEL_PRIVATE')
    const admin = has(supergroup, carol, { status: 'admin', rights: ADMIN_RIGHTS.deleteMessages })
    spec
      .with(admin)
      .given(one)
      .when(removal(carol))
      .gives(deleted({ byUserId: carol }))
    posts
      .given(posted({ senderId: bob }))
      .when({ ...removal(bob), chatId: broadcast })
      .rejected(403, 'MESSAGE_DELETE_FORBIDDEN')
  })

  it('takes unread mentions along', () => {
    const mention = sentToChannel(bob, { mentioned: [carol] })
    const event = deleted({ mentions: [{ seq: seq(1), userId: carol }] })
    spec.given(mention).when(removal(bob)).gives(event)
    const rows = new RowMap().apply(messageDecider.project(mention))
    const key = { userId: carol, chatId: supergroup, seq: 1 }
    expect(rows.get(unreadMentions, key)).toBeDefined()
    rows.apply(messageDecider.project(event))
    expect(rows.get(unreadMentions, key)).toBeUndefined()
  })
})
