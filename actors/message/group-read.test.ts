import type { HistoryRead, ReadMarks, UserId } from '@heliograph/schemas/avro'
import { channelReads } from '@heliograph/storage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { awaitingAfter, marksAfter, readOf } from './awaiting.ts'
import { messageDecider } from './index.ts'
import { carol, dave, founded, group, has, is, ownPeer, sentToGroup } from './public.samples.ts'
import { alice, bob, read, seq } from './samples.ts'

const spec = specification(messageDecider).with(...founded(group))
const one = sentToGroup(alice)
const two = sentToGroup(bob, { seq: seq(2), lastOtherSeq: seq(1), awaiting: [alice, 1, 1, bob, 2, 2] })
const readIn = (readerId: UserId, upToSeq: number) => ({ ...read(readerId, upToSeq), chatId: group })
const marks = (topReaderId: UserId, topReadSeq: number, secondReadSeq = 0): ReadMarks => ({
  topReaderId,
  topReadSeq: seq(topReadSeq),
  secondReadSeq: seq(secondReadSeq),
})
const historyRead = (readerId: UserId, upToSeq: number, more: Partial<HistoryRead> = {}): HistoryRead => ({
  type: 'HistoryRead',
  chatId: group,
  readerId,
  upToSeq: seq(upToSeq),
  date: someAt.date,
  members: [readerId],
  marks: marks(readerId, upToSeq),
  ...more,
})

describe('ReadHistory in a basic group', () => {
  it('tells the reader, and those whose messages nobody had read', () => {
    const event = historyRead(carol, 2, { members: [carol, alice, bob] })
    const reactions = spec.given(one, two).when(readIn(carol, 2)).gives(event)
    expect(reactions).toMatchObject([
      { record: { userId: carol, peerId: ownPeer(group), out: false, upToSeq: 2 }, reply: caller },
      { record: { userId: alice, out: true, upToSeq: 2 }, reply: null },
      { record: { userId: bob, out: true, upToSeq: 2 }, reply: null },
    ])
    const rows = new RowMap().apply(messageDecider.project(event))
    expect(rows.get(channelReads, { chatId: group })).toMatchObject({ topReaderId: carol, topReadSeq: 2 })
  })

  it('tells nobody but the reader of what others have read before', () => {
    const before = historyRead(carol, 1, { members: [carol, alice] })
    spec
      .given(one, before, two)
      .when(readIn(bob, 1))
      .gives(historyRead(bob, 1, { marks: marks(carol, 1, 1) }))
    spec
      .given(one, before, two)
      .when(readIn(alice, 2))
      .gives(historyRead(alice, 2, { members: [alice, bob], marks: marks(alice, 2, 1) }))
  })

  it('does not tell of messages that lie beyond, nor who has left', () => {
    spec
      .given(one, two)
      .when(readIn(carol, 1))
      .gives(historyRead(carol, 1, { members: [carol, alice] }))
    spec
      .with(is(group, { members: [alice, carol] }))
      .given(one, two)
      .when(readIn(carol, 2))
      .gives(historyRead(carol, 2, { members: [carol, alice] }))
  })

  it('goes forward, within what there is', () => {
    spec.given(one).when(readIn(carol, 2)).gives()
    spec.given(one, two, historyRead(carol, 2)).when(readIn(carol, 1)).gives()
    spec.given(one).when(readIn(alice, 1)).gives()
  })

  it('is read on for itself by who has left, and refused to strangers', () => {
    const { marks: _, ...event } = historyRead(carol, 1)
    spec
      .with(has(group, carol, { status: 'left', isIn: false }))
      .given(one)
      .when(readIn(carol, 1))
      .gives(event)
    spec.given(one).when(readIn(dave, 1)).rejected(400, 'CHAT_ID_INVALID')
    specification(messageDecider).given().when(readIn(alice, 1)).rejected(400, 'CHAT_ID_INVALID')
  })
})

const people = [alice, bob, carol, dave]
const step = fc.record({
  who: fc.constantFrom(...people),
  does: fc.constantFrom('send', 'send', 'read', 'read', 'leave', 'join'),
  back: fc.nat({ max: 6 }),
})

describe('who waits to be read', () => {
  it('is told when something of its own is first read by another, and never of what it has not got', () => {
    const property = fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      let awaiting: number[] = []
      let current = marks(0 as UserId, 0)
      const senders: UserId[] = []
      const furthest = new Map<UserId, number>()
      const members = new Set(people)
      const missed = new Map(people.map((userId) => [userId, 0]))
      for (const { who, does, back } of steps) {
        if (does === 'leave') members.delete(who)
        else if (does === 'join') members.add(who)
        if (does === 'leave' || does === 'join' || !members.has(who)) continue
        if (does === 'send') {
          senders.push(who)
          for (const userId of people) if (!members.has(userId)) missed.set(userId, senders.length)
          awaiting = awaitingAfter(awaiting, current, who, seq(senders.length), [...members])
          continue
        }
        const upToSeq = senders.length - back
        if (upToSeq <= (furthest.get(who) ?? 0)) continue
        const told = readOf(awaiting, current, who, seq(upToSeq), [...members])
        for (const userId of members) {
          const markBefore = Math.max(0, ...others(furthest, userId))
          const isNew = senders.some(
            (sender, index) =>
              sender === userId &&
              index + 1 > Math.max(markBefore, missed.get(userId)!) &&
              index + 1 <= upToSeq,
          )
          if (isNew && userId !== who) expect(told).toContain(userId)
          // It has got what it is told of, and further than it was told before.
          if (told.includes(userId))
            expect(upToSeq).toBeGreaterThan(Math.max(markBefore, missed.get(userId)!))
        }
        furthest.set(who, upToSeq)
        current = marksAfter(current, who, seq(upToSeq))
        for (const userId of people) {
          const mark = userId === current.topReaderId ? current.secondReadSeq : current.topReadSeq
          expect(mark).toBe(Math.max(0, ...others(furthest, userId)))
        }
      }
      expect(awaiting.length).toBeLessThanOrEqual(people.length * 3)
    })
    fc.assert(property, { numRuns: 500 })
  })
})

const others = (furthest: ReadonlyMap<UserId, number>, userId: UserId): number[] =>
  [...furthest].filter(([reader]) => reader !== userId).map(([, at]) => at)
