import type {
  MailboxMessage,
  MailboxRead,
  MailboxRecord,
  MessageSeq,
  RecordHeader,
} from '@heliograph/schemas/avro'
import {
  type AnyRow,
  dialogs,
  MAX_DELETED_UNREAD,
  mailboxCounters,
  mailboxHistory,
} from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { alice, bob, chat, peer, saved, seq } from '../message/samples.ts'
import type { Folded } from '../runtime/decider.ts'
import { calledHeader, caller, foldNeeds, RowMap, uncalledHeader } from '../runtime/specification.ts'
import { notificationFold } from './index.ts'

const sealed = Buffer.from('body')

/** Alice's mailbox: folds records one after the other, at offsets 10, 11, … */
class Mailbox {
  readonly rows = new RowMap()
  #offset = 10

  fold(record: MailboxRecord, header: RecordHeader = uncalledHeader): Folded {
    const at = { date: 0, partition: 0, partitions: 1, offset: this.#offset++ }
    const folded = notificationFold.fold(
      this.rows.only(foldNeeds(notificationFold, record)),
      record,
      header,
      at,
    )
    const counter = { kind: 'upsert', table: notificationFold.counterTable, row: folded.counter } as const
    this.rows.apply(folded.rows).apply([counter])
    return folded
  }
  /** The columns of the row of `mailbox_updates` that the fold wrote. */
  update(folded: Folded): AnyRow | undefined {
    const mutation = folded.rows.find(({ table }) => table.name === 'mailbox_updates')
    return mutation?.kind === 'upsert' ? mutation.row : undefined
  }
  get dialog() {
    return this.rows.get(dialogs, { userId: alice, peerId: bob })
  }
  get counters() {
    return this.rows.get(mailboxCounters, { userId: alice })
  }
  history(at: number) {
    return this.rows.get(mailboxHistory, { userId: alice, peerId: bob, seq: at })
  }
}

const message = (at: number, out: boolean, more: Partial<MailboxMessage> = {}): MailboxMessage => ({
  type: 'MailboxMessage',
  userId: alice,
  peerId: peer(bob),
  chatId: chat,
  seq: seq(at),
  senderId: out ? alice : bob,
  date: 100 + at,
  out,
  silent: false,
  replyToSeq: null,
  sealed,
  mentioned: false,
  expiresAt: 0,
  ...more,
})
const read = (upTo: number, out: boolean): MailboxRead => ({
  type: 'MailboxRead',
  userId: alice,
  peerId: peer(bob),
  upToSeq: seq(upTo),
  out,
  date: 500,
})
const deleted = (...seqs: number[]) =>
  ({
    type: 'MailboxDeleted',
    userId: alice,
    peerId: peer(bob),
    seqs: seqs as MessageSeq[],
    date: 600,
  }) as const
const answered = (mailbox: object) => ({
  kind: 'answer',
  to: caller,
  record: {
    type: 'Reply',
    request: 42,
    error: null,
    mailbox: { expiresAt: 0, ...mailbox },
    channel: null,
    userId: null,
  },
})

describe('the mailbox fold', () => {
  it('gives the first message id 1 and pts 2, and answers before it publishes', () => {
    const mailbox = new Mailbox()
    const folded = mailbox.fold(message(1, true, { silent: true }), calledHeader)
    expect(mailbox.counters).toEqual({ userId: alice, msgId: 1, pts: 2, date: 101, offset: 10 })
    const where = { userId: alice, peerId: bob, seq: 1, msgId: 1 }
    expect(mailbox.history(1)).toEqual({
      ...where,
      senderId: alice,
      out: true,
      date: 101,
      replyToMsgId: 0,
      incomingCount: 0,
      deleted: false,
    })
    const moved = {
      userId: alice,
      pts: 2,
      ptsCount: 1,
      date: 101,
      kind: 'message',
      peerId: bob,
      msgId: 1,
      seq: 1,
    }
    expect(mailbox.update(folded)).toEqual({ ...moved, msgIds: [] })
    expect(folded.reactions).toEqual([
      answered({ msgId: 1, seq: 1, date: 101, pts: 2, ptsCount: 1 }),
      {
        kind: 'publication',
        channel: `user:${alice}`,
        record: {
          type: 'MailboxUpdate',
          ...moved,
          senderId: alice,
          out: true,
          silent: true,
          messageDate: 101,
          editDate: 0,
          replyToMsgId: 0,
          msgIds: [],
          unread: 0,
          sealed,
          origin: caller.session,
          mentioned: false,
          expiresAt: 0,
        },
      },
    ])
  })

  it('counts on from the last message that a member had who came back', () => {
    const mailbox = new Mailbox()
    for (const at of [1, 2]) mailbox.fold(message(at, false))
    mailbox.fold(message(9, false, { previousSeq: seq(2) }))
    expect(mailbox.history(9)).toMatchObject({ msgId: 3, incomingCount: 3 })
    mailbox.fold(read(2, false))
    expect(mailbox.dialog).toMatchObject({ unread: 1, incomingCount: 3 })
    mailbox.fold(read(9, false))
    expect(mailbox.dialog).toMatchObject({ unread: 0 })
  })

  it('counts incoming messages as unread until they are read', () => {
    const mailbox = new Mailbox()
    for (const [at, out] of [
      [1, false],
      [2, true],
      [3, false],
      [4, false],
    ] as const)
      mailbox.fold(message(at, out))
    expect(mailbox.dialog).toMatchObject({
      topSeq: 4,
      topMsgId: 4,
      topDate: 104,
      incomingCount: 3,
      unread: 3,
    })
    const folded = mailbox.fold(read(3, false), calledHeader)
    expect(mailbox.dialog).toMatchObject({
      topSeq: 4,
      unread: 1,
      readInSeq: 3,
      readInMaxId: 3,
      readOutMaxId: 0,
    })
    expect(folded.reactions).toMatchObject([
      answered({ msgId: 0, seq: 0, date: 500, pts: 6, ptsCount: 1 }),
      { record: { kind: 'read-in', msgId: 3, seq: 3, unread: 1, pts: 6, ptsCount: 1 } },
    ])
  })

  it('learns how far the other has read', () => {
    const mailbox = new Mailbox()
    mailbox.fold(message(1, true))
    mailbox.fold(message(2, false))
    const folded = mailbox.fold(read(2, true))
    expect(mailbox.dialog).toMatchObject({ readOutSeq: 2, readOutMaxId: 2, readInSeq: 0, unread: 1 })
    expect(folded.reactions).toMatchObject([{ record: { kind: 'read-out', msgId: 2, unread: 0, pts: 4 } }])
  })

  it('turns a reply into the own id of the message', () => {
    const mailbox = new Mailbox()
    mailbox.fold(message(1, true, { peerId: peer(alice), chatId: saved }))
    mailbox.fold(message(1, false))
    mailbox.fold(message(2, true, { replyToSeq: seq(1) }))
    mailbox.fold(message(3, true, { replyToSeq: seq(99) }))
    expect([1, 2, 3].map((at) => mailbox.history(at)?.msgId)).toEqual([2, 3, 4])
    expect([1, 2, 3].map((at) => mailbox.history(at)?.replyToMsgId)).toEqual([0, 2, 0])
  })

  it('never counts Saved Messages as unread', () => {
    const mailbox = new Mailbox()
    mailbox.fold(message(1, true, { peerId: peer(alice), chatId: saved }))
    const dialog = mailbox.rows.get(dialogs, { userId: alice, peerId: alice })
    expect(dialog).toMatchObject({ unread: 0, incomingCount: 0, topMsgId: 1 })
  })

  it('tells of an edit, and leaves history as it is', () => {
    const mailbox = new Mailbox()
    mailbox.fold(message(1, false))
    mailbox.fold(message(2, true, { replyToSeq: seq(1) }))
    const before = mailbox.history(2)
    const { silent: _, ...same } = message(2, true, { replyToSeq: seq(1) })
    const folded = mailbox.fold({ ...same, type: 'MailboxEdited', editDate: 700, silent: true }, calledHeader)
    expect(mailbox.history(2)).toEqual(before)
    expect(mailbox.update(folded)).toMatchObject({ kind: 'edit', msgId: 2, pts: 4, ptsCount: 1, date: 700 })
    expect(folded.reactions).toMatchObject([
      answered({ msgId: 2, seq: 2, date: 700, pts: 4, ptsCount: 1 }),
      {
        record: {
          kind: 'edit',
          messageDate: 102,
          editDate: 700,
          replyToMsgId: 1,
          out: true,
          silent: true,
          sealed,
        },
      },
    ])
  })

  it('moves pts by as many messages as are deleted, and keeps tombstones', () => {
    const mailbox = new Mailbox()
    for (const at of [1, 2, 3]) mailbox.fold(message(at, at === 2))
    const folded = mailbox.fold(deleted(1, 2), calledHeader)
    expect(mailbox.counters).toMatchObject({ msgId: 3, pts: 6, date: 600 })
    expect([1, 2, 3].map((at) => mailbox.history(at)?.deleted)).toEqual([true, true, false])
    expect(mailbox.update(folded)).toMatchObject({
      kind: 'delete',
      pts: 6,
      ptsCount: 2,
      msgIds: [1, 2],
      msgId: 0,
    })
    expect(folded.reactions).toMatchObject([
      answered({ msgId: 0, seq: 0, date: 600, pts: 6, ptsCount: 2 }),
      { record: { kind: 'delete', msgIds: [1, 2], ptsCount: 2 } },
    ])
    expect(mailbox.dialog).toMatchObject({ unread: 1, deletedUnread: [1], topSeq: 3 })
    mailbox.fold(read(1, false))
    expect(mailbox.dialog).toMatchObject({ unread: 1, deletedUnread: [] })
  })

  it('answers a repeated send with its first id and the pts of now, and counts nothing', () => {
    const mailbox = new Mailbox()
    mailbox.fold(message(1, true))
    mailbox.fold(message(2, false))
    const repeated = { type: 'MailboxRepeated', userId: alice, peerId: peer(bob), seq: seq(1) } as const
    const folded = mailbox.fold(repeated, calledHeader)
    expect(folded.rows).toEqual([])
    expect(folded.reactions).toEqual([answered({ msgId: 1, seq: 1, date: 101, pts: 3, ptsCount: 0 })])
    expect(mailbox.counters).toMatchObject({ msgId: 2, pts: 3, offset: 12 })
    expect(mailbox.fold(repeated).reactions).toEqual([])
  })

  it('never lets its date go back', () => {
    const mailbox = new Mailbox()
    mailbox.fold(message(1, true, { date: 900 }))
    mailbox.fold(message(2, true, { date: 800 }))
    expect(mailbox.counters?.date).toBe(900)
  })

  it('asserts that what changes was delivered', () => {
    expect(() => new Mailbox().fold(read(1, false))).toThrow(
      `message 1 never reached peer ${bob} of user ${alice}`,
    )
  })

  it('stays exact at the end of a chat with more unread deletions than it remembers', () => {
    const mailbox = new Mailbox()
    const many = MAX_DELETED_UNREAD + 5
    for (let at = 1; at <= many + 1; at++) mailbox.fold(message(at, false))
    for (let at = 1; at <= many; at++) mailbox.fold(deleted(at))
    expect(mailbox.dialog?.unread).toBe(1)
    expect(mailbox.dialog?.deletedUnread).toHaveLength(MAX_DELETED_UNREAD)
    mailbox.fold(read(10, false))
    expect(mailbox.dialog?.unread).toBe(1)
    mailbox.fold(read(many + 1, false))
    expect(mailbox.dialog).toMatchObject({ unread: 0, deletedUnread: [] })
  })
})
