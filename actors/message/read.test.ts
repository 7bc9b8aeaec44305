import type { ChatId, HistoryRead, UserId } from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { caller, someAt, specification } from '../runtime/specification.ts'
import { messageDecider } from './index.ts'
import { alice, bob, chat, read, sent, seq } from './samples.ts'

const spec = specification(messageDecider)
const one = sent(alice)
const two = sent(alice, { seq: seq(2) })

function historyRead(readerId: UserId, upToSeq: number): HistoryRead {
  return {
    type: 'HistoryRead',
    chatId: chat,
    readerId,
    upToSeq: seq(upToSeq),
    date: someAt.date,
    members: [alice, bob],
  }
}

describe('ReadHistory', () => {
  it('tells the reader and the writer', () => {
    const reactions = spec.given(one, two).when(read(bob, 1)).gives(historyRead(bob, 1))
    const common = { kind: 'record', topic: 'mailbox.events' }
    const record = { type: 'MailboxRead', upToSeq: 1, date: someAt.date }
    expect(reactions).toEqual([
      {
        ...common,
        key: String(alice),
        record: { ...record, userId: alice, peerId: bob, out: true },
        reply: null,
      },
      {
        ...common,
        key: String(bob),
        record: { ...record, userId: bob, peerId: alice, out: false },
        reply: caller,
      },
    ])
  })

  it('goes forward', () => {
    spec.given(one, two, historyRead(bob, 1)).when(read(bob, 2)).gives(historyRead(bob, 2))
    spec.given(one, two, historyRead(bob, 1)).when(read(bob, 1)).gives()
    spec.given(one, two, historyRead(bob, 2)).when(read(bob, 1)).gives()
  })

  it('ends at the last message', () => {
    spec.given(one, two).when(read(bob, 1000)).gives(historyRead(bob, 2))
  })

  it('has nothing to do where nothing by another is new', () => {
    spec.given().when(read(bob, 1)).gives()
    spec.given(one, two).when(read(alice, 2)).gives()
    const answer = sent(bob, { seq: seq(3), lastOtherSeq: seq(2) })
    spec.given(one, two, historyRead(bob, 2), answer).when(read(bob, 3)).gives()
    spec.given(one, two, answer).when(read(bob, 3)).gives(historyRead(bob, 3))
    spec.given(one, two, historyRead(bob, 2), answer).when(read(alice, 3)).gives(historyRead(alice, 3))
    spec.given(one, two).when(read(bob, 0)).gives()
  })

  it('is for members', () => {
    spec
      .given(one)
      .when(read(3 as UserId, 1))
      .rejected(400, 'PEER_ID_INVALID')
    const elsewhere = { ...read(bob, 1), chatId: 'c5' as ChatId }
    spec.given(one).when(elsewhere).rejected(400, 'CHANNEL_PRIVATE')
  })
})
