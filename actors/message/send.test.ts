import { type ChatId, privateChatId, SERVICE_USER_ID, type UserId } from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, specification, uncalledHeader } from '../runtime/specification.ts'
import { messageDecider } from './index.ts'
import { alice, blocks, bob, bothExist, chat, peer, saved, send, sent, seq, userExists } from './samples.ts'

const spec = specification(messageDecider).with(...bothExist)
const bare = {
  type: 'Reply',
  request: caller.request,
  error: null,
  mailbox: null,
  channel: null,
  userId: null,
}

describe('SendMessage', () => {
  it('becomes the first message of the chat, for both, and the sender is answered by its own mailbox', () => {
    const reactions = spec.given().when(send(alice)).gives(sent(alice))
    const common = {
      type: 'MailboxMessage',
      chatId: chat,
      seq: 1,
      senderId: alice,
      silent: false,
      replyToSeq: null,
      mentioned: false,
      expiresAt: 0,
    }
    const body = { date: sent(alice).date, sealed: sent(alice).sealed }
    expect(reactions).toEqual([
      {
        kind: 'record',
        topic: 'mailbox.events',
        key: String(alice),
        record: { ...common, ...body, userId: alice, peerId: bob, out: true },
        reply: caller,
      },
      {
        kind: 'record',
        topic: 'mailbox.events',
        key: String(bob),
        record: { ...common, ...body, userId: bob, peerId: alice, out: false },
        reply: null,
      },
    ])
  })

  it('counts on, and knows the last message of the others', () => {
    const first = sent(alice)
    const second = sent(bob, { seq: seq(2), randomId: 78n, lastOtherSeq: seq(1) })
    spec
      .given(first)
      .when(send(bob, { randomId: 78n }))
      .gives(second)
    const third = sent(bob, { seq: seq(3), randomId: 79n, lastOtherSeq: seq(1) })
    spec
      .given(first, second)
      .when(send(bob, { randomId: 79n }))
      .gives(third)
    const fourth = sent(alice, { seq: seq(4), randomId: 80n, lastOtherSeq: seq(3) })
    spec
      .given(first, second, third)
      .when(send(alice, { randomId: 80n }))
      .gives(fourth)
  })

  it('takes its date from the command', () => {
    spec
      .given()
      .when(send(alice), { date: 5 })
      .gives(sent(alice, { date: 5 }))
  })

  it('is the same message when the sender repeats it, whatever else it says', () => {
    const again = send(alice, { sealed: Buffer.from('other') })
    const event = { type: 'SendRepeated', chatId: chat, seq: seq(1), senderId: alice, randomId: 77n } as const
    const reactions = spec.given(sent(alice)).when(again).gives(event)
    const record = { type: 'MailboxRepeated', userId: alice, peerId: peer(bob), seq: 1 }
    expect(reactions).toEqual([
      { kind: 'record', topic: 'mailbox.events', key: String(alice), record, reply: caller },
    ])
    expect(messageDecider.project(event)).toEqual([])
  })

  it('is repeated even where the recipient has blocked the sender since', () => {
    const event = { type: 'SendRepeated', chatId: chat, seq: seq(1), senderId: alice, randomId: 77n } as const
    spec
      .with(...blocks(bob, alice))
      .given(sent(alice))
      .when(send(alice))
      .gives(event)
  })

  it('is another message under the same random id of another sender', () => {
    spec
      .given(sent(alice))
      .when(send(bob))
      .gives(sent(bob, { seq: seq(2), lastOtherSeq: seq(1) }))
  })

  it('keeps a reply to a message that the sender has', () => {
    const reply = { replyToSeq: seq(1), randomId: 78n }
    const event = sent(bob, { ...reply, seq: seq(2), lastOtherSeq: seq(1) })
    spec.given(sent(alice)).when(send(bob, reply)).gives(event)
  })

  it('drops a reply to what is not there, or not for the sender any more', () => {
    const reply = { replyToSeq: seq(1), randomId: 78n }
    spec
      .given()
      .when(send(bob, reply))
      .gives(sent(bob, { randomId: 78n }))
    const lost = [{ seq: seq(1), lostBy: [bob], keptBy: [alice] }]
    const deleted = {
      type: 'MessagesDeleted',
      chatId: chat,
      byUserId: bob,
      messages: lost,
      date: 1,
      pts: 0,
    } as const
    const event = sent(bob, { randomId: 78n, seq: seq(2), lastOtherSeq: seq(1) })
    spec.given(sent(alice), deleted).when(send(bob, reply)).gives(event)
  })

  it('goes to Saved Messages without a look at anybody else', () => {
    const event = sent(alice, { chatId: saved, members: [alice] })
    const reactions = specification(messageDecider)
      .given()
      .when(send(alice, { chatId: saved }))
      .gives(event)
    expect(reactions).toMatchObject([{ record: { userId: alice, peerId: alice, out: true }, reply: caller }])
  })

  it('is refused where either has blocked the other', () => {
    spec
      .with(...blocks(bob, alice))
      .given()
      .when(send(alice))
      .rejected(400, 'USER_IS_BLOCKED')
    spec
      .with(...blocks(alice, bob))
      .given()
      .when(send(alice))
      .rejected(400, 'YOU_BLOCKED_USER')
  })

  it('is refused to nobody, from outside, and in groups that are not there', () => {
    const alone = specification(messageDecider).with(...userExists(alice))
    alone.given().when(send(alice)).rejected(400, 'PEER_ID_INVALID')
    spec
      .given()
      .when(send(7 as UserId))
      .rejected(400, 'PEER_ID_INVALID')
    spec
      .given()
      .when(send(alice, { chatId: 'g5' as ChatId }))
      .rejected(400, 'CHAT_ID_INVALID')
    spec
      .given()
      .when(send(alice, { chatId: 'c5' as ChatId }))
      .rejected(400, 'CHANNEL_PRIVATE')
  })

  it('is taken from the service account, past a block, and answered without a mailbox', () => {
    const chatId = privateChatId(SERVICE_USER_ID, bob)
    const service = spec.with(...blocks(bob, SERVICE_USER_ID))
    const event = sent(SERVICE_USER_ID, { chatId, members: [bob] })
    const reactions = service.given().when(send(SERVICE_USER_ID, { chatId })).gives(event)
    expect(reactions).toMatchObject([
      { kind: 'record', key: String(bob), record: { peerId: SERVICE_USER_ID, out: false }, reply: null },
      { kind: 'answer', to: caller, record: bare },
    ])
    expect(
      messageDecider.react(event, uncalledHeader, { date: 0, partition: 0, partitions: 1, offset: 0 }),
    ).toHaveLength(1)
    const again = {
      type: 'SendRepeated',
      chatId,
      seq: seq(1),
      senderId: SERVICE_USER_ID,
      randomId: 77n,
    } as const
    expect(service.given(event).when(send(SERVICE_USER_ID, { chatId })).gives(again)).toMatchObject([
      { kind: 'answer', record: bare },
    ])
    spec.given().when(send(bob, { chatId })).rejected(400, 'PEER_ID_INVALID')
    const itself = privateChatId(SERVICE_USER_ID, SERVICE_USER_ID)
    spec
      .given()
      .when(send(SERVICE_USER_ID, { chatId: itself }))
      .rejected(400, 'PEER_ID_INVALID')
  })

  it('is stored with its body once', () => {
    const rows = new RowMap().apply(messageDecider.project(sent(alice)))
    expect(rows.entries().map(([id]) => id)).toEqual([
      `messages(${chat},1)`,
      `sent_random_ids(${chat},${alice},77)`,
      `chats(${chat})`,
    ])
  })
})
