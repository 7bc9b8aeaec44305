import {
  BANNED_RIGHTS,
  MAX_PINNED_PER_COMMAND,
  type MessagesPinned,
  type PinMessages,
} from '@heliograph/schemas/avro'
import { adminLog, channelUpdates, chats, pinnedMessages } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { messageDecider } from './index.ts'
import {
  broadcast,
  carol,
  dave,
  everybody,
  extra,
  founded,
  group,
  has,
  is,
  ownPeer,
  sentToChannel,
  sentToGroup,
  supergroup,
} from './public.samples.ts'
import { alice, blocks, bob, bothExist, chat, remove, sent, seq } from './samples.ts'

const spec = specification(messageDecider).with(
  ...bothExist,
  ...founded(group),
  ...founded(supergroup),
  ...founded(broadcast),
)
const pin = (userId: typeof alice, more: Partial<PinMessages> = {}): PinMessages => ({
  type: 'PinMessages',
  chatId: chat,
  userId,
  seqs: [seq(1)],
  pinned: true,
  oneSide: false,
  service: null,
  serviceRandomId: 99n,
  ...more,
})
const pinnedBy = (byUserId: typeof alice, more: Partial<MessagesPinned> = {}): MessagesPinned => ({
  type: 'MessagesPinned',
  chatId: chat,
  byUserId,
  messages: [{ seq: seq(1), told: [alice, bob], pinnedFor: [alice, bob] }],
  pinned: true,
  date: someAt.date,
  pts: 0,
  answers: true,
  ...more,
})
const rowAfter = (...events: MessagesPinned[]) => {
  const rows = new RowMap()
  for (const event of events) rows.apply(messageDecider.project(event))
  return rows.get(pinnedMessages, { chatId: events[0]!.chatId, seq: 1 })
}

describe('PinMessages', () => {
  it('pins for both in a private chat', () => {
    const reactions = spec.given(sent(alice)).when(pin(bob)).gives(pinnedBy(bob))
    expect(reactions).toMatchObject([
      { record: { type: 'MailboxPinned', userId: alice, peerId: bob, seqs: [1], pinned: true }, reply: null },
      { record: { userId: bob, peerId: alice }, reply: caller },
    ])
    expect(rowAfter(pinnedBy(bob))).toMatchObject({ byUserId: bob, pinnedFor: [alice, bob] })
  })

  it('pins for one side, and then for the other', () => {
    const mine = pinnedBy(bob, { messages: [{ seq: seq(1), told: [bob], pinnedFor: [bob] }] })
    spec
      .given(sent(alice))
      .when(pin(bob, { oneSide: true }))
      .gives(mine)
    const rest = pinnedBy(bob, { messages: [{ seq: seq(1), told: [alice], pinnedFor: [bob, alice] }] })
    spec.given(sent(alice), mine).when(pin(bob)).gives(rest)
    const less = pinnedBy(bob, {
      pinned: false,
      messages: [{ seq: seq(1), told: [bob], pinnedFor: [alice] }],
    })
    spec
      .given(sent(alice), mine, rest)
      .when(pin(bob, { pinned: false, oneSide: true }))
      .gives(less)
    expect(rowAfter(mine, rest, less)).toMatchObject({ pinnedFor: [alice] })
    const none = pinnedBy(alice, { pinned: false, messages: [{ seq: seq(1), told: [alice], pinnedFor: [] }] })
    spec
      .given(sent(alice), mine, rest, less)
      .when(pin(alice, { pinned: false }))
      .gives(none)
    expect(rowAfter(mine, rest, less, none)).toBeUndefined()
  })

  it('tells of it with a service message, which then answers', () => {
    const service = Buffer.from('service')
    const event = pinnedBy(bob, { answers: false })
    const told = sent(bob, {
      seq: seq(2),
      randomId: 99n,
      sealed: service,
      replyToSeq: seq(1),
      lastOtherSeq: seq(1),
      extra: extra({ service: true }),
    })
    const reactions = spec.given(sent(alice)).when(pin(bob, { service })).gives(event, told)
    expect(reactions.map((it) => ('reply' in it ? it.reply : null))).toEqual([null, null, null, caller])
  })

  it('is not for strangers, nor past a block, nor for what is not there', () => {
    spec.given(sent(alice)).when(pin(dave)).rejected(400, 'PEER_ID_INVALID')
    const blocked = spec.with(...blocks(alice, bob))
    blocked.given(sent(alice)).when(pin(bob)).rejected(400, 'PIN_RESTRICTED')
    spec
      .given(sent(alice))
      .when(pin(bob, { seqs: [seq(2)] }))
      .rejected(400, 'MESSAGE_ID_INVALID')
    const seqs = Array.from({ length: MAX_PINNED_PER_COMMAND + 1 }, (_, index) => seq(index + 1))
    spec.given().when(pin(bob, { seqs })).rejected(400, 'LIMIT_INVALID')
  })

  it('changes nothing twice', () => {
    spec.given(sent(alice), pinnedBy(bob)).when(pin(alice)).rejected(400, 'CHAT_NOT_MODIFIED')
    spec
      .given(sent(alice))
      .when(pin(alice, { pinned: false }))
      .rejected(400, 'CHAT_NOT_MODIFIED')
  })

  it('goes to the members of a basic group who have the message, by those who may pin', () => {
    const messages = [{ seq: seq(1), told: [...everybody], pinnedFor: [] }]
    spec
      .given(sentToGroup(bob))
      .when(pin(bob, { chatId: group }))
      .gives(pinnedBy(bob, { chatId: group, messages }))
    const strict = spec.with(is(group, { defaultBanned: BANNED_RIGHTS.pinMessages }))
    strict
      .given(sentToGroup(bob))
      .when(pin(bob, { chatId: group }))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    strict
      .given(sentToGroup(bob))
      .when(pin(alice, { chatId: group }))
      .gives(pinnedBy(alice, { chatId: group, messages }))
    spec
      .with(has(group, carol, { status: 'left', isIn: false }))
      .given(sentToGroup(bob))
      .when(pin(carol, { chatId: group }))
      .rejected(403, 'CHAT_WRITE_FORBIDDEN')
  })

  it('moves the pts of a channel, before the service message', () => {
    const counts = { lastSeq: seq(1), lastSenderId: bob, lastOtherSeq: seq(0) }
    const log = Buffer.from('log')
    const event = pinnedBy(alice, {
      chatId: supergroup,
      messages: [{ seq: seq(1), told: [], pinnedFor: [] }],
      pts: 3,
      counts,
      answers: false,
      log,
      logId: 5,
    })
    const service = Buffer.from('service')
    const told = sentToChannel(alice, {
      seq: seq(2),
      randomId: 99n,
      sealed: service,
      replyToSeq: seq(1),
      lastOtherSeq: seq(1),
      extra: extra({ service: true }),
      pts: 4,
    })
    const reactions = spec
      .given(sentToChannel(bob))
      .when(pin(alice, { chatId: supergroup, service, log }))
      .gives(event, told)
    expect(reactions).toMatchObject([
      {
        kind: 'publication',
        record: { kind: 'pin', seqs: [1], pts: 3, ptsCount: 1, origin: Buffer.alloc(0) },
      },
      { kind: 'answer', record: { channel: { seq: 2, pts: 4 } } },
      { kind: 'publication', record: { kind: 'message', origin: caller.session } },
    ])
    const rows = new RowMap().apply(messageDecider.project(event))
    expect(rows.get(chats, { chatId: supergroup })).toMatchObject({ lastSeq: 1, pts: 3 })
    expect(rows.get(channelUpdates, { chatId: supergroup, pts: 3 })).toMatchObject({ kind: 'pin', seqs: [1] })
    expect(rows.get(adminLog, { chatId: supergroup, eventId: 5 })).toMatchObject({ kind: 'pinned' })
    expect(rowAfter(event)).toMatchObject({ pinnedFor: [] })
  })

  it('is for those who edit the posts of a broadcast', () => {
    const post = sentToChannel(alice, { chatId: broadcast, extra: extra({ postAs: ownPeer(broadcast) }) })
    spec
      .given(post)
      .when(pin(bob, { chatId: broadcast }))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    spec
      .given(post)
      .when(pin(dave, { chatId: broadcast }))
      .rejected(400, 'CHANNEL_PRIVATE')
  })

  it('ends with the message', () => {
    const messages = [{ seq: seq(1), lostBy: [alice, bob], keptBy: [] }]
    const gone = { chatId: chat, byUserId: bob, messages, date: someAt.date, pts: 0, unpinned: [seq(1)] }
    const event = { type: 'MessagesDeleted', ...gone } as const
    spec
      .given(sent(alice), pinnedBy(bob))
      .when(remove(bob, [1], true))
      .gives(event)
    const rows = new RowMap().apply(messageDecider.project(pinnedBy(bob)))
    rows.apply(messageDecider.project(event))
    expect(rows.get(pinnedMessages, { chatId: chat, seq: 1 })).toBeUndefined()
  })

  it('stays for those who keep the message', () => {
    const messages = [{ seq: seq(1), lostBy: [bob], keptBy: [alice] }]
    const gone = { chatId: chat, byUserId: bob, messages, date: someAt.date, pts: 0 }
    spec
      .given(sent(alice), pinnedBy(bob))
      .when(remove(bob, [1], false))
      .gives({ type: 'MessagesDeleted', ...gone })
  })
})
