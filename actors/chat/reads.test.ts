import type { MessageSeq, RaiseRead, UserId } from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { calledHeader, someAt, specification } from '../runtime/specification.ts'
import { add, after, alice, bob, carol, create, dave, group, supergroup } from './samples.ts'

const spec = specification(messageDecider)
const raise = (readerId: UserId, upToSeq: number, chatId = supergroup): RaiseRead => ({
  type: 'RaiseRead',
  chatId,
  readerId,
  upToSeq: upToSeq as MessageSeq,
})
const chat = [create('supergroup'), add(supergroup, alice, bob), add(supergroup, alice, carol)]
const marks = (topReaderId: UserId, topReadSeq: number, secondReadSeq: number) => ({
  type: 'OutboxRead',
  topReaderId,
  topReadSeq,
  secondReadSeq,
})

describe('RaiseRead', () => {
  it('keeps how far the two furthest readers are, no further than the last message', () => {
    expect(after(...chat, raise(bob, 2)).at(-1)).toMatchObject(marks(bob, 2, 0))
    expect(after(...chat, raise(bob, 2), raise(carol, 9)).at(-1)).toMatchObject(marks(carol, 3, 2))
    expect(after(...chat, raise(bob, 3), raise(carol, 1)).at(-1)).toMatchObject(marks(bob, 3, 1))
    expect(after(...chat, raise(bob, 1), raise(bob, 2)).at(-1)).toMatchObject(marks(bob, 2, 0))
  })

  it('tells the chat once', () => {
    const event = after(...chat, raise(bob, 2)).at(-1)
    expect(messageDecider.react(event!, calledHeader, someAt)).toMatchObject([
      { kind: 'answer' },
      {
        channel: `chat:${supergroup}`,
        record: { kind: 'read-out', seq: 2, seqs: [2, 0], senderId: bob, pts: 0 },
      },
    ])
  })

  it('is nothing where no mark moves, and not for outsiders', () => {
    const given = spec.given(...after(...chat, raise(bob, 3), raise(carol, 2)))
    given.when(raise(bob, 3)).gives()
    given.when(raise(carol, 1)).gives()
    given.when(raise(dave, 3)).rejected(400, 'CHANNEL_PRIVATE')
    spec
      .given(...after(create('group')))
      .when(raise(alice, 1, group))
      .rejected(400, 'CHAT_ID_INVALID')
  })
})
