import type { MessageEdited, MessagesDeleted, UserId } from '@heliograph/schemas/avro'
import { BANNED_RIGHTS } from '@heliograph/schemas/avro'
import { chats, editAudiences, unreadMentions } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { EDIT_WINDOW_SECONDS } from './edit.ts'
import { messageDecider } from './index.ts'
import {
  carol,
  dave,
  everybody,
  extra,
  founded,
  group,
  has,
  is,
  ownPeer,
  sentToGroup,
} from './public.samples.ts'
import { alice, bob, edit, remove, send, seq } from './samples.ts'

const spec = specification(messageDecider).with(...founded(group))
const say = (senderId: UserId, more = {}) => send(senderId, { chatId: group, ...more })
const one = sentToGroup(alice)

describe('SendMessage in a basic group', () => {
  it('goes to the mailbox of each member, once, under the peer that all see', () => {
    const reactions = spec.given().when(say(bob)).gives(sentToGroup(bob))
    expect(reactions).toMatchObject(
      everybody.map((userId) => ({
        kind: 'record',
        topic: 'mailbox.events',
        key: String(userId),
        record: { type: 'MailboxMessage', userId, peerId: ownPeer(group), out: userId === bob, seq: 1 },
        reply: userId === bob ? caller : null,
      })),
    )
  })

  it('mentions members who are named, and the author of what it answers, but not its sender', () => {
    const named = extra({ mentions: [bob, carol, dave] })
    const answering = say(bob, { randomId: 78n, extra: named, replyToSeq: seq(1) })
    const event = sentToGroup(bob, {
      seq: seq(2),
      randomId: 78n,
      lastOtherSeq: seq(1),
      replyToSeq: seq(1),
      extra: named,
      mentioned: [carol, alice],
      awaiting: [alice, 1, 1, bob, 2, 2],
    })
    const reactions = spec.given(one).when(answering).gives(event)
    expect(reactions).toMatchObject([
      { record: { userId: alice, mentioned: true } },
      { record: { userId: bob, mentioned: false } },
      { record: { userId: carol, mentioned: true } },
    ])
    const rows = new RowMap().apply(messageDecider.project(event))
    expect(rows.get(unreadMentions, { userId: carol, chatId: group, seq: 2 })).toBeDefined()
    expect(rows.get(unreadMentions, { userId: bob, chatId: group, seq: 2 })).toBeUndefined()
  })

  it('tells a member who has come back which message it had last', () => {
    const event = sentToGroup(alice, { seq: seq(9), returned: [{ userId: carol, previousSeq: seq(4) }] })
    const records = messageDecider.react(event, { cause: null, epoch: 1, reply: null }, someAt)
    expect(records.map((it) => ('record' in it ? it.record : {}))).toMatchObject([
      { userId: alice },
      { userId: bob },
      { userId: carol, previousSeq: 4 },
    ])
    expect(records[0]).not.toHaveProperty('record.previousSeq')
  })

  it('expires with the timer of the group', () => {
    const timed = spec.with(is(group, { ttlSeconds: 60 }))
    const reactions = timed
      .given()
      .when(say(alice))
      .gives({ ...one, expiresAt: someAt.date + 60 })
    expect(reactions[0]).toMatchObject({ record: { expiresAt: someAt.date + 60 } })
  })

  it('is refused where there is no group, or none any more', () => {
    const nothing = specification(messageDecider)
    nothing.given().when(say(alice)).rejected(400, 'CHAT_ID_INVALID')
    const ended = spec.with(is(group, { flags: ['deactivated'] }))
    ended.given().when(say(alice)).rejected(400, 'CHAT_ID_INVALID')
  })

  it('is refused to strangers and to who has left', () => {
    spec.given().when(say(dave)).rejected(400, 'CHAT_ID_INVALID')
    const left = spec.with(has(group, carol, { status: 'left', isIn: false }))
    left.given().when(say(carol)).rejected(403, 'CHAT_WRITE_FORBIDDEN')
  })

  it('is refused where members may not send, or not this kind, but never to the creator', () => {
    const quiet = spec.with(is(group, { defaultBanned: BANNED_RIGHTS.sendMessages }))
    quiet.given().when(say(bob)).rejected(403, 'CHAT_WRITE_FORBIDDEN')
    quiet.given().when(say(alice)).gives(one)
    const noPhotos = spec.with(is(group, { defaultBanned: BANNED_RIGHTS.sendPhotos }))
    const photo = { extra: extra({ kinds: ['photo'] }) }
    noPhotos.given().when(say(bob, photo)).rejected(403, 'CHAT_SEND_PHOTOS_FORBIDDEN')
    noPhotos.given().when(say(bob)).gives(sentToGroup(bob))
  })

  it('is never sent as somebody else', () => {
    const masked = { extra: extra({ postAs: ownPeer(group) }) }
    spec.given().when(say(alice, masked)).rejected(400, 'SEND_AS_PEER_INVALID')
  })

  it('keeps who waits to be read beside the counts of the chat', () => {
    const rows = new RowMap().apply(messageDecider.project(one))
    expect(rows.get(chats, { chatId: group })).toMatchObject({ lastSeq: 1, awaiting: [alice, 1, 1] })
  })
})

const edited = (more: Partial<MessageEdited> = {}): MessageEdited => ({
  type: 'MessageEdited',
  chatId: group,
  seq: seq(1),
  editorId: alice,
  senderId: alice,
  date: someAt.date,
  editDate: someAt.date,
  sealed: Buffer.from('edited'),
  randomId: 77n,
  replyToSeq: null,
  silent: false,
  members: [...everybody],
  keptBy: [...everybody],
  extra: null,
  words: null,
  pts: 0,
  expiresAt: 0,
  ...more,
})

describe('EditMessage in a basic group', () => {
  it('reaches those who have it and are there', () => {
    const reactions = spec
      .with(is(group, { members: [alice, bob] }))
      .given(one)
      .when(edit(alice, 1, group))
      .gives(edited({ keptBy: [alice, bob] }))
    expect(reactions).toMatchObject([
      { record: { type: 'MailboxEdited', userId: alice }, reply: caller },
      { record: { userId: bob } },
    ])
  })

  it('leaves a note of who was told last, which goes with the message', () => {
    const rows = new RowMap().apply(messageDecider.project(one))
    const key = { chatId: group, seq: 1 }
    expect(rows.get(editAudiences, key)).toBeUndefined()
    rows.apply(messageDecider.project(edited()))
    rows.apply(messageDecider.project(edited({ keptBy: [alice, bob], editDate: someAt.date + 1 })))
    expect(rows.get(editAudiences, key)).toEqual({
      ...key,
      editDate: someAt.date + 1,
      toldTo: [alice, bob],
    })
    rows.apply(messageDecider.project(deleted(carol, [carol], [alice, bob])))
    expect(rows.get(editAudiences, key)).toBeDefined()
    rows.apply(messageDecider.project(deleted(alice, [alice, bob], [])))
    expect(rows.get(editAudiences, key)).toBeUndefined()
  })

  it('is for the author, for two days, while it is in the group', () => {
    spec
      .given(sentToGroup(bob))
      .when(edit(alice, 1, group))
      .rejected(403, 'MESSAGE_AUTHOR_REQUIRED')
    spec
      .given(one)
      .when(edit(alice, 1, group), { date: someAt.date + EDIT_WINDOW_SECONDS + 1 })
      .rejected(400, 'MESSAGE_EDIT_TIME_EXPIRED')
    spec
      .with(has(group, alice, { status: 'left', isIn: false }))
      .given(one)
      .when(edit(alice, 1, group))
      .rejected(403, 'CHAT_WRITE_FORBIDDEN')
  })

  it('does not touch what tells of the group itself', () => {
    const service = sentToGroup(alice, { extra: extra({ service: true }) })
    spec
      .given(service)
      .when(edit(alice, 1, group))
      .rejected(400, 'MESSAGE_ID_INVALID')
  })
})

const deleted = (byUserId: UserId, lostBy: UserId[], keptBy: UserId[]): MessagesDeleted => ({
  type: 'MessagesDeleted',
  chatId: group,
  byUserId,
  messages: [{ seq: seq(1), lostBy, keptBy }],
  date: someAt.date,
  pts: 0,
})
const removal = (userId: UserId, forAll: boolean) => ({ ...remove(userId, [1], forAll), chatId: group })

describe('DeleteMessages in a basic group', () => {
  it('is for all by its author or by who has the right to, also where somebody has left', () => {
    const byBob = sentToGroup(bob)
    spec
      .given(byBob)
      .when(removal(bob, true))
      .gives(deleted(bob, everybody, []))
    spec
      .with(is(group, { members: [alice, bob] }))
      .given(byBob)
      .when(removal(alice, true))
      .gives(deleted(alice, everybody, []))
    spec.given(one).when(removal(bob, true)).rejected(403, 'MESSAGE_DELETE_FORBIDDEN')
  })

  it('is for oneself by anybody who has it', () => {
    spec
      .given(one)
      .when(removal(carol, false))
      .gives(deleted(carol, [carol], [alice, bob]))
    spec
      .with(has(group, carol, { status: 'left', isIn: false }))
      .given(one)
      .when(removal(carol, false))
      .gives(deleted(carol, [carol], [alice, bob]))
  })

  it('takes the mentions of those who lose it along', () => {
    const mention = sentToGroup(alice, { mentioned: [bob, carol] })
    const rows = new RowMap().apply(messageDecider.project(mention))
    const event = { ...deleted(carol, [carol], [alice, bob]), mentions: [{ seq: seq(1), userId: carol }] }
    spec.given(mention).when(removal(carol, false)).gives(event)
    rows.apply(messageDecider.project(event))
    expect(rows.get(unreadMentions, { userId: carol, chatId: group, seq: 1 })).toBeUndefined()
    expect(rows.get(unreadMentions, { userId: bob, chatId: group, seq: 1 })).toBeDefined()
  })

  it('is done for all by the service account when the timer has run out, not before', () => {
    const timed = { ...one, expiresAt: someAt.date + 60 }
    const expire = removal(777000 as UserId, true)
    spec.given(timed).when(expire).gives()
    spec
      .given(one)
      .when(expire, { date: someAt.date + 600 })
      .gives()
    const reactions = spec
      .given(timed)
      .when(expire, { date: someAt.date + 60 })
      .gives({ ...deleted(777000 as UserId, everybody, []), date: someAt.date + 60 })
    expect(reactions.filter((it) => it.kind === 'record')).toHaveLength(3)
  })
})
