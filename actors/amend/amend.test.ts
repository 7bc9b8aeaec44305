import {
  type AmendMessage,
  type MessageEdited,
  type MessageSent,
  NO_EXTRA,
  type TellChat,
} from '@heliograph/schemas/avro'
import { chatLooks } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { alice, blocks, bob, bothExist, chat, sent, seq } from '../message/samples.ts'
import { caller, someAt, specification } from '../runtime/specification.ts'
import { projectLook } from './tell.ts'

const spec = specification(messageDecider, bothExist)
const extra = { ...NO_EXTRA, kinds: ['todo', 'todoComplete'] }
const list = sent(alice, { extra })
const date = someAt.date + 60

const amend = (more: Partial<AmendMessage> = {}): AmendMessage => ({
  type: 'AmendMessage',
  chatId: chat,
  userId: bob,
  seq: seq(1),
  what: 'todo-complete',
  basis: Buffer.from('hello'),
  sealed: Buffer.from('ticked off'),
  extra,
  words: null,
  service: Buffer.from('told'),
  serviceRandomId: 5n,
  ...more,
})
const amended: MessageEdited = {
  type: 'MessageEdited',
  chatId: chat,
  seq: seq(1),
  editorId: bob,
  senderId: alice,
  date: someAt.date,
  editDate: 0,
  sealed: Buffer.from('ticked off'),
  randomId: 77n,
  replyToSeq: null,
  silent: false,
  members: [alice, bob],
  keptBy: [alice, bob],
  extra,
  words: null,
  pts: 0,
  expiresAt: 0,
  mentioned: [],
  amendedAt: date,
  answers: false,
}
const told: MessageSent = sent(bob, {
  seq: seq(2),
  date,
  randomId: 5n,
  sealed: Buffer.from('told'),
  replyToSeq: seq(1),
  lastOtherSeq: seq(1),
  extra: { ...extra, kinds: [], service: true },
})

describe('AmendMessage', () => {
  it('changes the body without an edit, and tells of it in the same decision, which answers once', () => {
    const reactions = spec.given(list).when(amend(), { date }).gives(amended, told)
    expect(reactions.filter((each) => 'reply' in each && each.reply !== null)).toHaveLength(1)
  })

  it('answers itself where no message tells of it', () => {
    const { answers: _, ...alone } = amended
    const reactions = spec
      .given(list)
      .when(amend({ userId: alice, what: 'web-page', service: null }), { date })
      .gives({ ...alone, editorId: alice })
    expect(reactions).toContainEqual(expect.objectContaining({ key: String(alice), reply: caller }))
  })

  it('is refused where the body is another one by now: MESSAGE_CHANGED', () => {
    spec.given(list, amended).when(amend()).rejected(400, 'MESSAGE_CHANGED')
  })

  it('is for its author, where the message does not let others: PEER_ID_INVALID', () => {
    spec
      .given(list)
      .when(amend({ what: 'todo-append' }))
      .rejected(400, 'PEER_ID_INVALID')
    spec
      .given(list)
      .when(amend({ what: 'web-page', service: null }))
      .rejected(400, 'PEER_ID_INVALID')
  })

  it('needs a message that the caller has: MESSAGE_ID_INVALID', () => {
    spec.given().when(amend()).rejected(400, 'MESSAGE_ID_INVALID')
    spec
      .given(list, told)
      .when(amend({ seq: seq(2) }))
      .rejected(400, 'MESSAGE_ID_INVALID')
  })

  it('is no way around a block', () => {
    const blocked = specification(messageDecider, [...bothExist, ...blocks(alice, bob)])
    blocked.given(list).when(amend()).rejected(400, 'USER_IS_BLOCKED')
  })
})

describe('TellChat', () => {
  const tell = (more: Partial<TellChat> = {}): TellChat => ({
    type: 'TellChat',
    chatId: chat,
    userId: bob,
    replyToSeq: null,
    look: '',
    value: null,
    service: Buffer.from('told'),
    serviceRandomId: 5n,
    ...more,
  })

  it('tells both', () => {
    spec
      .given(list)
      .when(tell({ replyToSeq: seq(1) }), { date })
      .gives(told)
    spec
      .given(list)
      .when(tell({ replyToSeq: seq(9) }), { date })
      .gives({ ...told, replyToSeq: null })
  })

  it('sets how the chat looks, for both or for oneself', () => {
    const value = Buffer.from('sealed')
    const look = { type: 'LookChanged', chatId: chat, byUserId: bob, value, date } as const
    const unanswering = { ...told, replyToSeq: null }
    const theme = { ...look, look: 'theme', userId: 0 as typeof bob }
    spec
      .given(list)
      .when(tell({ look: 'theme', value }), { date })
      .gives(theme, unanswering)
    const wallpaper = { ...look, look: 'wallpaper', userId: bob }
    spec
      .given(list)
      .when(tell({ look: 'wallpaper', value }), { date })
      .gives(wallpaper, unanswering)
    const { type: _, ...row } = wallpaper
    expect(projectLook(wallpaper)).toEqual([{ kind: 'upsert', table: chatLooks, row }])
  })

  it('is of private chats only', () => {
    spec
      .given()
      .when(tell({ chatId: 'g1000000001' as typeof chat }))
      .rejected(400, 'PEER_ID_INVALID')
  })
})
