import {
  type ChatEvent,
  type MessageSent,
  type MessagesDeleted,
  type PeerId,
  peerIdOfChat,
  type ThreadState,
} from '@heliograph/schemas/avro'
import { discussions, threadMessages, threads } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { broadcast, carol, extra, founded, is, sentToChannel, supergroup } from '../message/public.samples.ts'
import { alice, bob, send, seq } from '../message/samples.ts'
import { RowMap, someAt, specification, uncalledHeader } from '../runtime/specification.ts'
import { pinCopy } from './discussed.ts'

const spec = specification(messageDecider).with(...founded(supergroup))
const at = { threadSeq: seq(1) }
const say = (userId = bob) => send(userId, { chatId: supergroup, extra: extra(at), randomId: BigInt(userId) })

const thread = (more: Partial<ThreadState> = {}): ThreadState => ({
  topSeq: seq(1),
  replies: 1,
  lastSeq: seq(2),
  repliers: [bob as number as PeerId],
  ...more,
})
const top = sentToChannel(alice)
const reply: MessageSent = sentToChannel(bob, {
  seq: seq(2),
  randomId: BigInt(bob),
  lastOtherSeq: seq(1),
  extra: extra(at),
  thread: thread(),
})
const rowsOf = (...events: ChatEvent[]) =>
  new RowMap().apply(events.flatMap((event) => messageDecider.project(event)))

describe('a thread', () => {
  it('counts its messages, and names the last who wrote', () => {
    spec.given(top).when(say()).gives(reply)
    const byCarol = sentToChannel(carol, {
      seq: seq(3),
      randomId: BigInt(carol),
      lastOtherSeq: seq(2),
      extra: extra(at),
      thread: thread({
        replies: 2,
        lastSeq: seq(3),
        repliers: [carol as number as PeerId, bob as number as PeerId],
      }),
    })
    spec.given(top, reply).when(say(carol)).gives(byCarol)
    const rows = rowsOf(top, reply, byCarol)
    expect(rows.get(threads, { chatId: supergroup, topSeq: 1 })).toMatchObject({ replies: 2, lastSeq: 3 })
    expect(rows.get(threadMessages, { chatId: supergroup, topSeq: 1, seq: 3 })?.senderId).toBe(carol)
  })

  it('loses what is deleted at once, and counts anew by a command of its own', () => {
    const remove = {
      type: 'DeleteMessages',
      chatId: supergroup,
      userId: bob,
      seqs: [seq(2)],
      forAll: true,
    } as const
    const deleted: MessagesDeleted = {
      type: 'MessagesDeleted',
      chatId: supergroup,
      byUserId: bob,
      messages: [{ seq: seq(2), lostBy: [], keptBy: [] }],
      date: someAt.date,
      pts: 4,
      replies: [{ seq: seq(2), topSeq: seq(1) }],
      counts: { lastSeq: seq(2), lastSenderId: bob, lastOtherSeq: seq(1) },
      gaps: [{ block: 0, deleted: 1 }],
    }
    const told = spec
      .given(top, reply)
      .when({ ...remove, seqs: [...remove.seqs] })
      .gives(deleted)
    const recount = { type: 'RecountThread', chatId: supergroup, topSeq: seq(1), lost: 1 } as const
    expect(told.map(({ record }) => record)).toContainEqual(recount)
    const recounted = { type: 'ThreadRecounted', chatId: supergroup, thread: thread({ replies: 0 }) } as const
    spec.given(top, reply, deleted).when(recount).gives(recounted)
    const rows = rowsOf(top, reply, deleted, recounted)
    expect(rows.get(threads, { chatId: supergroup, topSeq: 1 })?.replies).toBe(0)
    expect(rows.get(threadMessages, { chatId: supergroup, topSeq: 1, seq: 2 })).toBeUndefined()
  })
})

describe('a post of a channel with a discussion group', () => {
  const posts = specification(messageDecider).with(...founded(broadcast, { linkedChatId: supergroup }))
  const asChannel = extra({ postAs: peerIdOfChat(broadcast) })
  const post = sentToChannel(alice, { chatId: broadcast, extra: asChannel, discussedIn: supergroup })

  it('is given to the actor of the group, with its body as it is', () => {
    const told = posts
      .given()
      .when(send(alice, { chatId: broadcast }))
      .gives(post)
    const copyOf = { chatId: broadcast, seq: seq(1), sealedThere: true }
    expect(told.at(-1)).toMatchObject({
      topic: 'chat.commands',
      key: supergroup,
      record: { type: 'SendMessage', chatId: supergroup, sealed: post.sealed, extra: { copyOf } },
    })
  })

  it('is pinned there, once, and found by the post', () => {
    const [order] = messageDecider.react(post, uncalledHeader, someAt).filter(({ kind }) => kind === 'record')
    const copy = order!.record as ReturnType<typeof send>
    const discussed = spec.with(is(supergroup, { linkedChatId: broadcast }))
    const { randomId, extra: facts } = copy
    const sent = sentToChannel(alice, { randomId, extra: facts })
    discussed.given().when(copy).gives(sent, pinCopy(sent))
    const again = {
      type: 'SendRepeated',
      chatId: supergroup,
      seq: seq(1),
      senderId: alice,
      randomId,
    } as const
    discussed
      .given(sent, pinCopy(sent))
      .when(copy)
      .gives({ ...again, date: someAt.date, pts: 3 })
    const place = { postChatId: broadcast, postSeq: 1, chatId: supergroup }
    expect(rowsOf(sent).get(discussions, place)?.topSeq).toBe(1)
  })
})
