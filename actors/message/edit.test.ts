import type { MessageEdited, MessagesDeleted, UserId } from '@heliograph/schemas/avro'
import { messages } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { EDIT_WINDOW_SECONDS } from './edit.ts'
import { messageDecider } from './index.ts'
import { alice, bob, chat, edit, saved, sent, seq } from './samples.ts'

const spec = specification(messageDecider)
const original = sent(alice, { silent: true, replyToSeq: seq(9) })
const later = someAt.date + 60
const edited: MessageEdited = {
  type: 'MessageEdited',
  chatId: chat,
  seq: seq(1),
  editorId: alice,
  senderId: alice,
  date: someAt.date,
  editDate: later,
  sealed: Buffer.from('edited'),
  randomId: 77n,
  replyToSeq: seq(9),
  silent: true,
  members: [alice, bob],
  keptBy: [alice, bob],
  extra: null,
  words: null,
  pts: 0,
  expiresAt: 0,
}
const lostBy = (userId: UserId, keeper: UserId): MessagesDeleted => ({
  type: 'MessagesDeleted',
  chatId: chat,
  byUserId: userId,
  messages: [{ seq: seq(1), lostBy: [userId], keptBy: [keeper] }],
  date: later,
  pts: 0,
})

describe('EditMessage', () => {
  it('changes the body for both, keeps the rest, and answers by the mailbox of the author', () => {
    const reactions = spec.given(original).when(edit(alice, 1), { date: later }).gives(edited)
    const { date, editDate, sealed, replyToSeq, silent } = edited
    const facts = { mentioned: false, expiresAt: 0 }
    const record = {
      chatId: chat,
      seq: 1,
      senderId: alice,
      date,
      editDate,
      silent,
      replyToSeq,
      sealed,
      ...facts,
    }
    expect(reactions).toEqual([
      {
        kind: 'record',
        topic: 'mailbox.events',
        key: String(alice),
        record: { type: 'MailboxEdited', userId: alice, peerId: bob, out: true, ...record },
        reply: caller,
      },
      {
        kind: 'record',
        topic: 'mailbox.events',
        key: String(bob),
        record: { type: 'MailboxEdited', userId: bob, peerId: alice, out: false, ...record },
        reply: null,
      },
    ])
    const rows = new RowMap().apply(messageDecider.project(original))
    const before = rows.get(messages, { chatId: chat, seq: 1 })
    rows.apply(messageDecider.project(edited))
    expect(rows.get(messages, { chatId: chat, seq: 1 })).toEqual({ ...before, editDate, sealed })
  })

  it('reaches only those who have the message still', () => {
    const event = { ...edited, keptBy: [alice] }
    const reactions = spec
      .given(original, lostBy(bob, alice))
      .when(edit(alice, 1), { date: later })
      .gives(event)
    expect(reactions).toMatchObject([{ record: { userId: alice }, reply: caller }])
  })

  it('needs a message that the author has', () => {
    spec.given(original).when(edit(alice, 2)).rejected(400, 'MESSAGE_ID_INVALID')
    spec.given(original, lostBy(alice, bob)).when(edit(alice, 1)).rejected(400, 'MESSAGE_ID_INVALID')
  })

  it('is for the author alone', () => {
    spec.given(original).when(edit(bob, 1)).rejected(403, 'MESSAGE_AUTHOR_REQUIRED')
    spec
      .given(original)
      .when(edit(3 as UserId, 1))
      .rejected(400, 'MESSAGE_ID_INVALID')
  })

  it('ends after the window, to the second, but never in Saved Messages', () => {
    const last = someAt.date + EDIT_WINDOW_SECONDS
    spec
      .given(original)
      .when(edit(alice, 1), { date: last })
      .gives({ ...edited, editDate: last })
    spec
      .given(original)
      .when(edit(alice, 1), { date: last + 1 })
      .rejected(400, 'MESSAGE_EDIT_TIME_EXPIRED')
    const alone = { chatId: saved, members: [alice] }
    spec
      .given({ ...original, ...alone })
      .when(edit(alice, 1, saved), { date: last + 1 })
      .gives({ ...edited, ...alone, keptBy: [alice], editDate: last + 1 })
  })
})
