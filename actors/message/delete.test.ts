import {
  type DeletedMessage,
  MAX_DELETED_PER_COMMAND,
  type MessagesDeleted,
  type UserId,
} from '@heliograph/schemas/avro'
import { messageKeepers, messages } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { messageDecider } from './index.ts'
import { alice, bob, chat, remove, sent, seq } from './samples.ts'

const spec = specification(messageDecider)
const one = sent(alice)
const two = sent(bob, { seq: seq(2), lastOtherSeq: seq(1) })

function deleted(byUserId: UserId, ...gone: DeletedMessage[]): MessagesDeleted {
  return { type: 'MessagesDeleted', chatId: chat, byUserId, messages: gone, date: someAt.date, pts: 0 }
}
const both = (at: number): DeletedMessage => ({ seq: seq(at), lostBy: [alice, bob], keptBy: [] })
const only = (at: number, loser: UserId, ...keptBy: UserId[]): DeletedMessage => ({
  seq: seq(at),
  lostBy: [loser],
  keptBy,
})
const lost = (userId: UserId, peerId: UserId, seqs: number[], reply: typeof caller | null) => ({
  kind: 'record',
  topic: 'mailbox.events',
  key: String(userId),
  record: { type: 'MailboxDeleted', userId, peerId, seqs, date: someAt.date },
  reply,
})

describe('DeleteMessages', () => {
  it('deletes for both whatever either wrote, once each and in order', () => {
    const reactions = spec
      .given(one, two)
      .when(remove(bob, [2, 1, 2], true))
      .gives(deleted(bob, both(1), both(2)))
    expect(reactions).toEqual([lost(alice, bob, [1, 2], null), lost(bob, alice, [1, 2], caller)])
  })

  it('deletes for oneself alone', () => {
    const reactions = spec
      .given(one, two)
      .when(remove(bob, [1], false))
      .gives(deleted(bob, only(1, bob, alice)))
    expect(reactions).toEqual([lost(bob, alice, [1], caller)])
  })

  it('takes from each what each has still', () => {
    const past = deleted(alice, only(1, alice, bob))
    const reactions = spec
      .given(one, two, past)
      .when(remove(bob, [1, 2], true))
      .gives(deleted(bob, only(1, bob), both(2)))
    expect(reactions).toEqual([lost(bob, alice, [1, 2], caller), lost(alice, bob, [2], null)])
  })

  it('has nothing to do for what is not there, or gone for the user', () => {
    spec
      .given(one)
      .when(remove(alice, [2], true))
      .gives()
    spec
      .given(one)
      .when(remove(alice, [], true))
      .gives()
    spec
      .given(one, deleted(alice, only(1, alice, bob)))
      .when(remove(alice, [1], true))
      .gives()
    spec
      .given(one, deleted(alice, both(1)))
      .when(remove(bob, [1], false))
      .gives()
    spec
      .given(one)
      .when(remove(3 as UserId, [1], true))
      .gives()
  })

  it('refuses too many at once', () => {
    const seqs = Array.from({ length: MAX_DELETED_PER_COMMAND + 1 }, (_, index) => index + 1)
    spec
      .given(one)
      .when(remove(alice, seqs, true))
      .rejected(400, 'LIMIT_INVALID')
    spec
      .given(one)
      .when(remove(alice, seqs.slice(1), true))
      .gives()
  })

  it('keeps a body as long as somebody keeps the message', () => {
    const rows = new RowMap().apply(messageDecider.project(one))
    const key = { chatId: chat, seq: 1 }
    const before = rows.get(messages, key)
    rows.apply(messageDecider.project(deleted(alice, only(1, alice, bob))))
    expect(rows.get(messages, key)).toEqual(before)
    expect(rows.get(messageKeepers, key)?.keptBy).toEqual([bob])
    rows.apply(messageDecider.project(deleted(bob, only(1, bob))))
    expect(rows.get(messages, key)).toBeUndefined()
    expect(rows.get(messageKeepers, key)).toBeUndefined()
  })
})
