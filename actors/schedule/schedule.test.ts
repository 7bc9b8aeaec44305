import {
  type ChatEvent,
  type ExpireMessages,
  type FireScheduled,
  MAX_SCHEDULED,
  type ScheduledGone,
  type ScheduledPut,
  type ScheduleMessage,
  type SetTimer,
  WHEN_ONLINE,
} from '@heliograph/schemas/avro'
import { alarms, awaitedOnline, scheduledMessages } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { carol, extra, founded, supergroup } from '../message/public.samples.ts'
import { alice, blocks, bob, bothExist, chat, saved, send, sent, seq } from '../message/samples.ts'
import { RowMap, someAt, specification } from '../runtime/specification.ts'
import { alarmKey, expiry } from './alarms.ts'
import { MAX_SCHEDULE_SECONDS } from './put.ts'

const spec = specification(messageDecider).with(...bothExist)
const later = someAt.date + 3600
const atLater = { date: later }

const schedule = (more: Partial<ScheduleMessage> = {}): ScheduleMessage => {
  const { type: _, ...message } = send(alice)
  return { ...message, type: 'ScheduleMessage', dueAt: later, ...more }
}
const put = (more: Partial<ScheduledPut> = {}): ScheduledPut => ({
  ...schedule(),
  type: 'ScheduledPut',
  id: 1,
  date: someAt.date,
  editDate: 0,
  formerDueAt: 0,
  ids: [1],
  randomIds: [77n],
  lastId: 1,
  lostFiles: [],
  ...more,
})
const gone = (more: Partial<ScheduledGone> = {}): ScheduledGone => ({
  type: 'ScheduledGone',
  chatId: chat,
  senderId: alice,
  gone: [1],
  dueAts: [later],
  files: [],
  fileOwners: [],
  ids: [],
  randomIds: [],
  lastId: 1,
  sentSeqs: [],
  date: someAt.date,
  answers: true,
  ...more,
})
const fire = (more: Partial<FireScheduled> = {}): FireScheduled => ({
  type: 'FireScheduled',
  chatId: chat,
  senderId: alice,
  id: 1,
  dueAt: later,
  randomId: 77n,
  replyToSeq: null,
  threadSeq: null,
  ...more,
})
const cancel = (...ids: number[]) =>
  ({ type: 'CancelScheduled', chatId: chat, senderId: alice, ids }) as const

const rowsOf = (...events: ChatEvent[]) =>
  new RowMap().apply(events.flatMap((event) => messageDecider.project(event)))
const alarm = { chatId: chat, what: 'scheduled', dueAt: later, ownerId: alice, id: 1 } as const

describe('a scheduled message', () => {
  it('is kept, whole, until an alarm that is set for it', () => {
    const told = spec.given().when(schedule()).gives(put())
    expect(told.map((each) => each.record)).toMatchObject([
      { type: 'Reply', channel: { seq: 1, date: someAt.date } },
      { type: 'AccountUpdate', userId: alice, kind: 'scheduled', name: 'put/1' },
    ])
    const rows = rowsOf(put())
    expect(rows.get(scheduledMessages, { chatId: chat, senderId: alice, id: 1 })?.dueAt).toBe(later)
    expect(rows.get(alarms, alarmKey(alarm))).toBeDefined()
  })

  it('is the same when its random id comes again', () => {
    const again = {
      type: 'ScheduleRepeated',
      chatId: chat,
      senderId: alice,
      id: 1,
      date: someAt.date,
    } as const
    spec.given(put()).when(schedule()).gives(again)
    spec
      .given(sent(alice))
      .when(schedule())
      .gives({ ...again, id: 0 })
  })

  it('must be one that its sender might send now', () => {
    spec
      .with(...blocks(bob, alice))
      .given()
      .when(schedule())
      .rejected(400, 'USER_IS_BLOCKED')
  })

  it('has a date that is not too far off, and is one of at most so many', () => {
    const date = someAt.date + MAX_SCHEDULE_SECONDS + 1
    spec
      .given()
      .when(schedule({ dueAt: date }))
      .rejected(400, 'SCHEDULE_DATE_TOO_LATE')
    const ids = Array.from({ length: MAX_SCHEDULED }, (_, i) => i + 1)
    const full = put({ ids, randomIds: ids.map((id) => BigInt(id + 1000)), lastId: MAX_SCHEDULED })
    spec.given(full).when(schedule()).rejected(400, 'SCHEDULE_TOO_MUCH')
  })

  it('may wait until the other one is online, where there is one', () => {
    const dueAt = WHEN_ONLINE
    spec.given().when(schedule({ dueAt })).gives(put({ dueAt }))
    const rows = rowsOf(put({ dueAt }))
    expect(rows.get(awaitedOnline, { userId: bob, chatId: chat, senderId: alice, id: 1 })).toBeDefined()
    spec
      .given()
      .when(schedule({ chatId: saved, dueAt }))
      .rejected(400, 'SCHEDULE_STATUS_PRIVATE')
  })

  it('is sent when it is due, once', () => {
    const message = sent(alice, { date: later })
    const after = gone({ sentSeqs: [seq(1)], date: later, answers: false })
    const told = spec.given(put()).when(fire(), atLater).gives(after, message)
    const kinds = told.map(({ record }) => record.type)
    expect(kinds).toEqual(['AccountUpdate', 'MailboxMessage', 'MailboxMessage'])
    spec.given(put(), after, message).when(fire(), atLater).gives()
    spec
      .given(put())
      .when(fire(), { date: later - 1 })
      .gives()
    spec
      .given(put())
      .when(fire({ dueAt: later - 5 }), atLater)
      .gives()
    const rows = rowsOf(put(), after)
    expect(rows.get(alarms, alarmKey(alarm))).toBeUndefined()
    expect(rows.get(scheduledMessages, { chatId: chat, senderId: alice, id: 1 })).toBeUndefined()
  })

  it('is sent at once where its sender wants that', () => {
    const after = gone({ sentSeqs: [seq(1)], answers: false })
    spec
      .given(put())
      .when(fire({ dueAt: 0 }))
      .gives(after, sent(alice))
    spec
      .given()
      .when(fire({ dueAt: 0 }))
      .rejected(400, 'MESSAGE_ID_INVALID')
  })

  it('stays where it may not be sent any more, without its alarm', () => {
    const blocked = spec.with(...blocks(bob, alice))
    blocked
      .given(put())
      .when(fire(), atLater)
      .gives({
        type: 'AlarmsCleared',
        chatId: chat,
        what: 'scheduled',
        dueAt: later,
        ids: [1],
        ownerId: alice,
      })
    blocked
      .given(put())
      .when(fire({ dueAt: 0 }))
      .rejected(400, 'USER_IS_BLOCKED')
  })

  it('waits on where slow mode holds it up', () => {
    const slow = specification(messageDecider).with(...founded(supergroup, { slowModeSeconds: 60 }))
    const own = { chatId: supergroup, senderId: carol }
    const last = sent(carol, { ...own, members: [], pts: 2, date: later - 10, randomId: 1n, slowed: true })
    slow.given(last, put(own)).when(fire(own), atLater).rejected(420, 'SLOWMODE_WAIT_50')
  })

  it('gets another body and date, and its alarm moves', () => {
    const dueAt = later + 60
    const sealed = Buffer.from('edited')
    const edit = { type: 'EditScheduled', chatId: chat, senderId: alice, id: 1, sealed, extra: null } as const
    const after = put({ sealed, dueAt, editDate: someAt.date, formerDueAt: later })
    spec
      .given(put())
      .when({ ...edit, words: null, dueAt })
      .gives(after)
    const rows = rowsOf(put(), after)
    expect(rows.get(alarms, alarmKey(alarm))).toBeUndefined()
    expect(rows.get(alarms, alarmKey({ ...alarm, dueAt }))).toBeDefined()
    spec
      .given()
      .when({ ...edit, words: null, dueAt })
      .rejected(400, 'MESSAGE_ID_INVALID')
  })

  it('keeps its files until it is given up', () => {
    const withFile = put({ extra: extra({ files: [5n] }) })
    const holds = messageDecider.react(withFile, { cause: null, epoch: 1, reply: null }, someAt)
    expect(holds.map(({ record }) => record)).toContainEqual(
      expect.objectContaining({ type: 'HoldDocument', documentId: 5n }),
    )
    const told = spec
      .given(withFile)
      .when(cancel(1, 9))
      .gives(gone({ files: [5n], fileOwners: [1] }))
    expect(told.map(({ record }) => record.type)).toEqual(['Reply', 'AccountUpdate', 'ReleaseDocument'])
    spec.given().when(cancel(1)).gives()
  })
})

describe('the timer of a private chat', () => {
  const service = Buffer.from('service')
  const timer = (ttlSeconds: number): SetTimer => ({
    type: 'SetTimer',
    chatId: chat,
    userId: alice,
    ttlSeconds,
    service,
    serviceRandomId: 5n,
  })
  const told = (more = {}) =>
    sent(alice, { sealed: service, randomId: 5n, extra: extra({ service: true }), ...more })

  it('is set by the message that tells of it, and carried on by every other', () => {
    const set = told({ expiresAt: someAt.date + 60 })
    spec.given().when(timer(60)).gives(set)
    const next = sent(bob, { seq: seq(2), lastOtherSeq: seq(1), expiresAt: someAt.date + 60 })
    spec.given(set).when(send(bob)).gives(next)
    spec.given(set, next).when(timer(60)).rejected(400, 'CHAT_NOT_MODIFIED')
    spec
      .given(set)
      .when(timer(0))
      .gives(told({ seq: seq(2) }))
    const off = told({ seq: seq(2) })
    spec
      .given(set, off)
      .when(send(bob))
      .gives(sent(bob, { seq: seq(3), lastOtherSeq: seq(2) }))
  })

  it('deletes messages for all when their time is over, and clears their alarms', () => {
    const message = sent(alice, { expiresAt: later })
    const expire: ExpireMessages = { type: 'ExpireMessages', chatId: chat, dueAt: later, seqs: [seq(1)] }
    const clear = {
      type: 'AlarmsCleared',
      chatId: chat,
      what: 'expire',
      dueAt: later,
      ids: [1],
      ownerId: 0,
    } as never
    const decided = messageDecider.decide(
      new RowMap().apply(messageDecider.project(message)).only(messageDecider.needs(expire)),
      expire,
      { ...someAt, date: later },
    )
    expect(decided).toMatchObject({
      events: [{ type: 'MessagesDeleted', messages: [{ seq: 1, lostBy: [alice, bob], keptBy: [] }] }, clear],
    })
    spec
      .given(message)
      .when(expire, { date: later - 1 })
      .gives()
    spec.given(message, clear).when(expire, atLater).gives()
    expect(rowsOf(message).get(alarms, alarmKey(expiry(chat, 1, later)))).toBeDefined()
  })
})
