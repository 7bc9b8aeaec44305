import {
  MAX_HANDED_MESSAGES,
  type MailboxMessage,
  type MessageSeq,
  type SendMessage,
  type UserId,
} from '@heliograph/schemas/avro'
import { messageKeepers } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { calledHeader, someAt } from '../runtime/specification.ts'
import { add, alice, bob, carol, create, group, leave, Story } from './samples.ts'

const inGroup = create('group', { memberIds: [bob] })
let randomId = 100n
const say = (senderId: UserId, text: string): SendMessage => ({
  type: 'SendMessage',
  chatId: group,
  senderId,
  randomId: randomId++,
  sealed: Buffer.from(text),
  replyToSeq: null,
  silent: false,
  extra: null,
  words: null,
})
const adding = (...seqs: number[]) => ({
  ...add(group, bob, carol),
  forwardLimit: seqs.length,
  forwardSeqs: seqs as MessageSeq[],
})
const told = () => new Story().tell(inGroup, say(alice, 'two'), say(bob, 'three'), say(alice, 'four'))

describe('who is brought into a basic group', () => {
  it('gets the last messages that the other one has, before the one that tells of it', () => {
    const story = told().tell(adding(3, 4))
    const [changed, handed, message] = story.events.slice(-3)
    expect(changed).toMatchObject({ type: 'MembersChanged' })
    expect(handed).toMatchObject({
      type: 'MessagesHanded',
      userId: carol,
      messages: [
        { seq: 3, senderId: bob, previousSeq: 0, keptBy: [alice, bob, carol] },
        { seq: 4, senderId: alice, previousSeq: 3 },
      ],
    })
    expect(message).toMatchObject({ seq: 5, returned: [{ userId: carol, previousSeq: 4 }] })
    expect(story.rows.get(messageKeepers, { chatId: group, seq: 3 })).toMatchObject({
      keptBy: [alice, bob, carol],
    })
    const records = messageDecider.react(handed!, calledHeader, someAt)
    expect(records).toHaveLength(2)
    expect(records[0]).toMatchObject({ key: String(carol), reply: null })
    const record = (records[0] as unknown as { record: MailboxMessage }).record
    expect(record).toMatchObject({ seq: 3, senderId: bob, out: false, sealed: Buffer.from('three') })
  })

  it('gets none that are not there, that tell of the group itself, or of before it left', () => {
    expect(told().tell(adding(1, 99)).events.at(-2)).toMatchObject({ type: 'MembersChanged' })
    const again = told().tell(adding(4), leave(group, carol), say(bob, 'seven'), adding(3, 4, 7))
    expect(again.events.at(-2)).toMatchObject({ messages: [{ seq: 7, previousSeq: 6 }] })
  })

  it('gets none where more are named than may be', () => {
    const seqs = Array.from({ length: MAX_HANDED_MESSAGES + 1 }, (_, i) => i + 1)
    expect(
      told()
        .tell(adding(...seqs))
        .events.at(-2),
    ).toMatchObject({ type: 'MembersChanged' })
  })

  it('deletes and is told of edits like everybody else', () => {
    const edited = told()
      .tell(adding(4), {
        type: 'EditMessage',
        chatId: group,
        editorId: alice,
        seq: 4 as MessageSeq,
        sealed: Buffer.from('edited'),
        extra: null,
        words: null,
      })
      .events.at(-1)
    expect(edited).toMatchObject({ type: 'MessageEdited', keptBy: [alice, bob, carol] })
  })
})
