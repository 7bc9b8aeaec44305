import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { mailboxHistory, messages } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { ALICE, BOB, Rig } from '../messages/test-rig.ts'
import { getDifference, lastOfEach, MAX_SLICE, type UpdateRow } from './difference.ts'

describe('updates.getDifference', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await Rig.start()
  })

  const ask = async (pts: number, more: { ptsLimit?: number; ptsTotalLimit?: number } = {}) =>
    getDifference({ _: 'updates.getDifference', pts, date: 1, qts: -1, ...more }, rig.context(ALICE))

  /** The chat has the message as it is after an edit. */
  const edited = async (seq: number) => {
    const row = await rig.services.tables.get(messages, {
      chatId: chatIdOf(ALICE, BOB as number as PeerId),
      seq,
    })
    await rig.apply([{ kind: 'upsert', table: messages, row: { ...row!, editDate: rig.context(ALICE).now } }])
  }

  const texts = (told: readonly TlType<'Message'>[]) =>
    told.map((message) => (message._ === 'message' ? message.message : ''))

  it('is empty for who has everything, and for a new account', async () => {
    expect(await ask(1)).toMatchObject({ _: 'updates.differenceEmpty' })
    await rig.write(ALICE, BOB, 'hello')
    expect(await ask(2)).toMatchObject({ _: 'updates.differenceEmpty' })
  })

  it('gives new messages in order, with the users that they name', async () => {
    for (const text of ['a', 'b', 'c']) await rig.write(ALICE, BOB, text)
    const difference = await ask(2)
    if (difference._ !== 'updates.difference') throw new Error(difference._)
    expect(texts(difference.newMessages)).toEqual(['b', 'c'])
    expect(difference.users.map((user) => user.id).sort()).toEqual([ALICE, BOB])
    expect(difference.state).toMatchObject({ pts: 4, qts: 0 })
  })

  it('comes in slices that together are everything, once', async () => {
    const all = Array.from({ length: 2 * MAX_SLICE + 5 }, (_, i) => `message ${i}`)
    for (const text of all) await rig.write(ALICE, BOB, text)
    const seen: string[] = []
    for (let pts = 1; ; ) {
      const part = await ask(pts)
      if (part._ !== 'updates.difference' && part._ !== 'updates.differenceSlice') throw new Error(part._)
      seen.push(...texts(part.newMessages))
      if (part._ === 'updates.difference') break
      pts = part.intermediateState.pts
    }
    expect(seen).toEqual(all)
    expect(await ask(1, { ptsLimit: 10 })).toMatchObject({ intermediateState: { pts: 11 } })
    expect(await ask(1, { ptsTotalLimit: 100 })).toEqual({
      _: 'updates.differenceTooLong',
      pts: all.length + 1,
    })
  })

  it('tells of edits, deletions and reads without pts of their own', async () => {
    const kept = await rig.write(ALICE, BOB, 'kept')
    const gone = await rig.write(ALICE, BOB, 'gone')
    await rig.move(ALICE, BOB, { kind: 'edit', msgId: kept })
    await edited(1)
    await rig.move(ALICE, BOB, { kind: 'delete', msgIds: [gone] })
    await rig.move(ALICE, BOB, { kind: 'read-in', msgId: gone })
    await rig.move(ALICE, BOB, { kind: 'read-out', msgId: kept })
    await rig.apply([
      {
        kind: 'upsert',
        table: mailboxHistory,
        row: {
          userId: ALICE,
          peerId: BOB,
          seq: 2,
          msgId: gone,
          senderId: BOB,
          out: false,
          date: 0,
          replyToMsgId: 0,
          incomingCount: 2,
          deleted: true,
        },
      },
    ])
    const difference = await ask(1)
    if (difference._ !== 'updates.difference') throw new Error(difference._)
    expect(texts(difference.newMessages)).toEqual(['kept'])
    expect(difference.otherUpdates).toMatchObject([
      { _: 'updateEditMessage', message: { id: kept }, pts: 0, ptsCount: 0 },
      { _: 'updateDeleteMessages', messages: [gone], pts: 0, ptsCount: 0 },
      { _: 'updateReadHistoryInbox', maxId: gone, stillUnreadCount: 0, pts: 0, ptsCount: 0 },
      { _: 'updateReadHistoryOutbox', maxId: kept, pts: 0, ptsCount: 0 },
    ])
    expect(difference.state.pts).toBe(7)
  })

  it('waits for the body of an edit, and tells of none that is not there', async () => {
    const msgId = await rig.write(ALICE, BOB, 'before')
    await rig.move(ALICE, BOB, { kind: 'edit', msgId })
    await expect(ask(2)).rejects.toMatchObject({ code: 500 })
    const asked = ask(2)
    await edited(1)
    expect(await asked).toMatchObject({ otherUpdates: [{ _: 'updateEditMessage', message: { id: msgId } }] })
  })

  it('brings a client whose pts is ahead back to the state as it is', async () => {
    await rig.write(ALICE, BOB, 'one')
    expect(await ask(900)).toMatchObject({ _: 'updates.difference', newMessages: [], state: { pts: 2 } })
  })
})

describe('lastOfEach', () => {
  const row = (kind: string, msgId: number, peerId = 1): UpdateRow => ({ kind, msgId, peerId }) as UpdateRow
  it('leaves out what is said again later', () => {
    const rows = [
      row('message', 1),
      row('edit', 1),
      row('read-in', 1),
      row('edit', 1),
      row('read-in', 2),
      row('read-in', 2, 9),
    ]
    expect(lastOfEach(rows)).toEqual([rows[0], rows[3], rows[4], rows[5]])
  })
})
