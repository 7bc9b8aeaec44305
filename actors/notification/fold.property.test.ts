import {
  type ChatCommand,
  type ChatEvent,
  type ChatId,
  chatKindOf,
  type MailboxRecord,
  type MailboxUpdate,
  privateChatId,
  type UserId,
} from '@heliograph/schemas/avro'
import { type AnyRow, type Mutation, mailboxCounters } from '@heliograph/storage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { carol, everybody, extra, founded, group, has, infoOf, is } from '../message/public.samples.ts'
import { alice, bob, edit, remove, send, seq, userExists } from '../message/samples.ts'
import { serviceMessage, serviceRefs } from '../message/service.ts'
import type { At, Folded } from '../runtime/decider.ts'
import { foldNeeds, RowMap, rowId, uncalledHeader } from '../runtime/specification.ts'
import { type Dialog, dialogOf } from './dialog.ts'
import { notificationFold } from './index.ts'

const people = everybody
const chats = [
  privateChatId(alice, bob),
  privateChatId(alice, carol),
  privateChatId(alice, alice),
  group,
  group,
]

/** Somebody leaves the group, or comes back. */
interface Move {
  readonly type: 'Move'
  readonly chatId: ChatId
  readonly who: UserId
}

const command: fc.Arbitrary<ChatCommand | Move> = fc
  .record({
    chatId: fc.constantFrom(...chats),
    who: fc.constantFrom(...people),
    at: fc.integer({ min: 1, max: 8 }),
    more: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 3 }),
    forAll: fc.boolean(),
    kind: fc.constantFrom(
      ...['send', 'send', 'send', 'send', 'read', 'read', 'read', 'delete', 'delete', 'edit'],
      ...['move', 'move', 'pin', 'mentions'],
    ),
    randomId: fc.bigInt({ min: 1n, max: 60n }),
  })
  .map(({ chatId, who, at, more, forAll, kind, randomId }): ChatCommand | Move => {
    const seqs = [at, ...more].map(seq)
    if (kind === 'send') {
      const mentions = { extra: extra({ mentions: people }) }
      return send(who, { chatId, randomId, replyToSeq: forAll ? seq(at) : null, ...(forAll ? mentions : {}) })
    }
    if (kind === 'move') return { type: 'Move', chatId: group, who }
    if (kind === 'mentions') return { type: 'ReadMentions', chatId, userId: who, seqs }
    if (kind === 'pin') {
      const service = { service: null, serviceRandomId: 0n }
      return {
        type: 'PinMessages',
        chatId,
        userId: who,
        seqs: [seq(at)],
        pinned: forAll,
        oneSide: false,
        ...service,
      }
    }
    if (kind === 'edit') return edit(who, at, chatId)
    if (kind === 'delete') return { ...remove(who, [at, ...more], forAll), chatId }
    return { type: 'ReadHistory', chatId, readerId: who, upToSeq: seq(at) }
  })
// 'max': the default size stops at some ten commands, before anything that is read is deleted.
const commands = fc.array(command, { maxLength: 80, size: 'max' })

/** What the message actors of the chats send to the mailboxes, in order. */
function mailboxRecords(all: readonly (ChatCommand | Move)[]): MailboxRecord[] {
  const rows = new RowMap().apply(people.flatMap(userExists)).apply(founded(group))
  const members = new Set(people)
  /** The last message of the group that each has got, and all of them. */
  const got = new Map(people.map((userId) => [userId, [] as number[]]))
  return all.flatMap((each, offset) => {
    const at = { date: 1000 + offset, partition: 0, partitions: 1, offset }
    return decided(each, at).flatMap((event) => {
      rows.apply(messageDecider.project(event))
      if (event.type === 'MessageSent' && event.chatId === group) {
        for (const userId of event.members) got.get(userId)!.push(event.seq)
      }
      const reactions = messageDecider.react(event, uncalledHeader, at)
      return reactions.flatMap((it) => (it.kind === 'record' ? [it.record as MailboxRecord] : []))
    })
  })

  function decided(each: ChatCommand | Move, at: At): readonly ChatEvent[] {
    if (each.type === 'Move') return [moved(each.who, at)]
    // Readers name what their mailboxes have.
    const isUnknown = (userId: UserId, upTo: number) => !got.get(userId)!.includes(upTo)
    if (each.type === 'ReadHistory' && chatKindOf(each.chatId) === 'group') {
      if (isUnknown(each.readerId, each.upToSeq)) return []
    }
    const decision = messageDecider.decide(rows.only(messageDecider.needs(each)), each, at)
    return 'rejected' in decision ? [] : decision.events
  }

  /** As the actor of the group moves its members: with a service message, which who leaves gets as well. */
  function moved(who: UserId, at: At): ChatEvent {
    const isIn = !members.has(who)
    const previousSeq = seq(got.get(who)!.at(-1) ?? 0)
    if (isIn) members.add(who)
    else members.delete(who)
    const info = infoOf(group, { members: [...members] })
    rows.apply([is(group, info), has(group, who, { isIn, status: isIn ? 'member' : 'left' })])
    const told = isIn && previousSeq > 0 ? { returned: [{ userId: who, previousSeq }] } : {}
    const draft = { chatId: group, info, byUserId: who, sealed: Buffer.from('moved'), randomId: 0n, ...told }
    return serviceMessage(rows.only(serviceRefs(group)), { ...draft, alsoTo: isIn ? [] : [who] }, at)
  }
}

function foldAt(rows: RowMap, record: MailboxRecord, offset: number): Folded {
  const at = { date: 0, partition: 0, partitions: 1, offset }
  return notificationFold.fold(rows.only(foldNeeds(notificationFold, record)), record, uncalledHeader, at)
}
/** Rows with write times: with `lastWins` a write at an earlier offset than the row's is lost, as it is in a store. */
class TimedRows extends RowMap {
  readonly #lastWins: boolean
  readonly #times = new Map<string, number>()

  constructor(lastWins = true) {
    super()
    this.#lastWins = lastWins
  }
  write(mutations: readonly Mutation[], offset: number): void {
    for (const mutation of mutations) {
      const id = rowId(mutation.table, mutation.kind === 'upsert' ? mutation.row : mutation.key)
      if (this.#lastWins && (this.#times.get(id) ?? -1) > offset) continue
      this.#times.set(id, offset)
      this.apply([mutation])
    }
  }
}

const counterOf = (folded: Folded): Mutation => ({
  kind: 'upsert',
  table: mailboxCounters,
  row: folded.counter,
})

function foldAll(rows: TimedRows, records: readonly MailboxRecord[], from = 0): TimedRows {
  for (let offset = from; offset < records.length; offset++) {
    const folded = foldAt(rows, records[offset]!, offset)
    rows.write([...folded.rows, counterOf(folded)], offset)
  }
  return rows
}
const contents = (rows: RowMap): [string, AnyRow][] => rows.entries().sort(([a], [b]) => (a < b ? -1 : 1))

/** Counts by looking at every message of a dialog. */
class NaiveDialog {
  readonly messages = new Map<number, { msgId: number; out: boolean; deleted: boolean }>()
  readIn = 0
  readOut = 0

  take(record: MailboxRecord, update: MailboxUpdate): void {
    if (record.type === 'MailboxMessage') {
      this.messages.set(record.seq, { msgId: update.msgId, out: record.out, deleted: false })
    }
    if (record.type === 'MailboxDeleted') for (const at of record.seqs) this.messages.get(at)!.deleted = true
    if (record.type !== 'MailboxRead') return
    if (record.out) this.readOut = record.upToSeq
    else this.readIn = record.upToSeq
  }
  get unread(): number {
    return [...this.messages].filter(([at, { out, deleted }]) => !out && !deleted && at > this.readIn).length
  }
  get count(): number {
    return [...this.messages.values()].filter(({ deleted }) => !deleted).length
  }
  /** Whether the dialog's marks split the messages as the seqs do. */
  agrees(dialog: Dialog): boolean {
    return [...this.messages].every(
      ([at, { msgId, out }]) =>
        msgId <= (out ? dialog.readOutMaxId : dialog.readInMaxId) ===
        at <= (out ? this.readOut : this.readIn),
    )
  }
}

describe('mailboxes under random commands', () => {
  it('count as a look at every message would, with ids that grow and pts without a gap', () => {
    const property = fc.property(commands, (all) => {
      const rows = new RowMap()
      const naive = new Map<string, NaiveDialog>()
      mailboxRecords(all).forEach((record, offset) => {
        const before = rows.get(mailboxCounters, { userId: record.userId })
        const folded = foldAt(rows, record, offset)
        rows.apply(folded.rows).apply([counterOf(folded)])
        const update = folded.reactions[0]?.record as MailboxUpdate | undefined
        if (update === undefined) {
          expect(record.type).toBe('MailboxRepeated')
          return
        }
        expect(update.pts - update.ptsCount).toBe(before?.pts ?? 1)
        expect(folded.counter).toMatchObject({ pts: update.pts, offset })
        if (record.type === 'MailboxMessage') expect(update.msgId).toBe((before?.msgId ?? 0) + 1)
        const key = `${record.userId} ${record.peerId}`
        const counted = naive.get(key) ?? new NaiveDialog()
        naive.set(key, counted)
        counted.take(record, update)
        const dialog = dialogOf(rows, record)
        expect(dialog.unread).toBe(counted.unread)
        expect(dialog.messageCount).toBe(counted.count)
        expect(counted.agrees(dialog)).toBe(true)
        if (update.kind === 'read-in') expect(update.unread).toBe(counted.unread)
      })
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('stand as before when they are counted again from the start', () => {
    const property = fc.property(commands, (all) => {
      const records = mailboxRecords(all)
      expect(contents(foldAll(new TimedRows(), records))).toEqual(contents(foldAll(new TimedRows(), records)))
    })
    fc.assert(property, { numRuns: 50 })
  })

  // The rows of a record are written before its counters: a crash may leave any part of those that came later.
  it('stand as without a crash when counting goes on from counters that rows are ahead of', () => {
    const crash = fc.record({
      prefix: fc.nat(),
      ahead: fc.nat(),
      lost: fc.infiniteStream(fc.boolean()),
      lww: fc.boolean(),
    })
    const property = fc.property(commands, crash, (all, { prefix, ahead, lost, lww }) => {
      const records = mailboxRecords(all)
      const kept = prefix % (records.length + 1)
      const until = kept + (ahead % (records.length - kept + 1))
      const rows = foldAll(new TimedRows(lww), records.slice(0, kept))
      const shadow = foldAll(new TimedRows(), records.slice(0, kept))
      for (let offset = kept; offset < until; offset++) {
        const folded = foldAt(shadow, records[offset]!, offset)
        shadow.apply(folded.rows).apply([counterOf(folded)])
        rows.write(
          folded.rows.filter(() => !lost.next().value),
          offset,
        )
      }
      expect(contents(foldAll(rows, records, kept))).toEqual(contents(foldAll(new TimedRows(), records)))
    })
    fc.assert(property, { numRuns: 400 })
  })
})
