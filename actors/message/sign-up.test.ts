import { CONTACT_SIGN_UP_KIND, type HistoryRead, type UserId } from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { answer } from '../answer.ts'

import { caller, someAt, specification } from '../runtime/specification.ts'
import { messageDecider } from './index.ts'
import { extra } from './public.samples.ts'
import { alice, bob, bothExist, chat, read, remove, send, sent, seq } from './samples.ts'

/** Bob is new, and Alice had his number. */
const spec = specification(messageDecider).with(...bothExist)
const note = extra({ kinds: [CONTACT_SIGN_UP_KIND], service: true })
const noted = sent(bob, { extra: note, members: [alice] })
const readBy = (members: UserId[], upToSeq: number): HistoryRead => ({
  type: 'HistoryRead',
  chatId: chat,
  readerId: alice,
  upToSeq: seq(upToSeq),
  date: someAt.date,
  members,
})

describe('a note of a sign-up', () => {
  it('is got by who waited for it, and not by the newcomer', () => {
    const reactions = spec
      .given()
      .when(send(bob, { extra: note }))
      .gives(noted)
    expect(reactions.filter(({ kind }) => kind === 'record')).toMatchObject([
      { key: String(alice), record: { type: 'MailboxMessage', senderId: bob, out: false }, reply: null },
    ])
    expect(reactions).toContainEqual(answer(caller))
  })

  it('is nothing but the first message', () => {
    spec
      .given(sent(alice))
      .when(send(bob, { randomId: 78n, extra: note }))
      .rejected(400, 'CHAT_NOT_EMPTY')
  })

  it('is read without a word to the newcomer, who is told of all that follows', () => {
    const second = sent(bob, { seq: seq(2), randomId: 78n, lastOtherSeq: seq(0) })
    spec
      .given(noted)
      .when(read(alice, 1))
      .gives(readBy([alice], 1))
    spec
      .given(noted, second)
      .when(read(alice, 2))
      .gives(readBy([alice, bob], 2))
    spec.given(noted).when(read(bob, 1)).gives()
  })

  it('is nothing that the newcomer could delete', () => {
    spec
      .given(noted)
      .when(remove(bob, [1], true))
      .gives()
  })
})
