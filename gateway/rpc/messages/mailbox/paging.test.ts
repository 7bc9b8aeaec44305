import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { dialogs, MemoryTables, type Mutation, mailboxHistory, mailboxMessages } from '@heliograph/storage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mailbox } from './history.ts'
import { MAX_PAGE, type PageRequest, readPage, windowAround } from './paging.ts'

const userId = 5 as UserId
const peerId = 6 as PeerId

interface Written {
  readonly msgId: number
  readonly date: number
  readonly deleted: boolean
}

async function mailboxWith(history: readonly Written[]): Promise<Mailbox> {
  const tables = new MemoryTables()
  await tables.create([dialogs, mailboxHistory, mailboxMessages])
  const rows = history.flatMap(({ msgId, date, deleted }, index): Mutation[] => {
    const seq = index + 1
    const row = {
      userId,
      peerId,
      seq,
      msgId,
      senderId: 6,
      out: false,
      date,
      replyToMsgId: 0,
      incomingCount: seq,
      deleted,
    }
    return [
      { kind: 'upsert', table: mailboxHistory, row },
      { kind: 'upsert', table: mailboxMessages, row: { userId, msgId, peerId, seq } },
    ]
  })
  await tables.apply([...rows, { kind: 'upsert', table: dialogs, row: dialogRow(history) }], 1)
  return { tables, userId, peerId }
}

const dialogRow = (history: readonly Written[]) => ({
  userId,
  peerId,
  topSeq: history.length,
  messageCount: history.filter(({ deleted }) => !deleted).length,
  topMsgId: 0,
  topDate: 0,
  incomingCount: 0,
  unread: 0,
  readInSeq: 0,
  readInMaxId: 0,
  readOutSeq: 0,
  readOutMaxId: 0,
  deletedUnread: [],
  offset: 0,
})

/** The page as the specification puts it, on a plain list. */
function naivePage(history: readonly Written[], request: PageRequest): number[] {
  const { offsetId, offsetDate, addOffset, maxId, minId } = request
  const list = history
    .filter(
      ({ msgId, deleted }) => !deleted && (maxId <= 0 || msgId < maxId) && (minId <= 0 || msgId > minId),
    )
    .reverse()
  const isNewer = ({ msgId, date }: Written) =>
    offsetId > 0 ? msgId >= offsetId : offsetDate > 0 && date >= offsetDate
  const start = list.filter(isNewer).length + addOffset
  const end = start + Math.max(0, Math.min(MAX_PAGE, request.limit))
  return list.slice(Math.max(0, start), Math.max(0, end)).map(({ msgId }) => msgId)
}

const histories = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 3 }), seconds: fc.nat(2), deleted: fc.boolean() }), {
    maxLength: 40,
  })
  .map((steps) => {
    let msgId = 0
    let date = 1000
    return steps.map(({ gap, seconds, deleted }): Written => {
      msgId += gap
      date += seconds
      return { msgId, date, deleted }
    })
  })
const id = fc.oneof(fc.constant(0), fc.integer({ min: -1, max: 90 }))
const requests = fc.record<PageRequest>({
  offsetId: id,
  offsetDate: fc.oneof(fc.constant(0), fc.integer({ min: 995, max: 1060 })),
  addOffset: fc.integer({ min: -12, max: 12 }),
  limit: fc.integer({ min: -1, max: 12 }),
  maxId: id,
  minId: id,
})

describe('readPage', () => {
  it('gives what a plain list gives', async () => {
    await fc.assert(
      fc.asyncProperty(histories, requests, async (history, request) => {
        const { entries } = await readPage(await mailboxWith(history), request)
        expect(entries.map(({ msgId }) => msgId)).toEqual(naivePage(history, request))
      }),
      { numRuns: 400 },
    )
  })
})

describe('windowAround', () => {
  it.each([
    [0, 10, { olderSkip: 0, olderTake: 10, newerSkip: 0, newerTake: 0 }],
    [5, 10, { olderSkip: 5, olderTake: 10, newerSkip: 0, newerTake: 0 }],
    [-3, 10, { olderSkip: 0, olderTake: 7, newerSkip: 0, newerTake: 3 }],
    [-10, 10, { olderSkip: 0, olderTake: 0, newerSkip: 0, newerTake: 10 }],
    [-15, 10, { olderSkip: 0, olderTake: 0, newerSkip: 5, newerTake: 10 }],
  ])('%i, %i', (addOffset, limit, expected) => {
    expect(windowAround(addOffset, limit)).toEqual(expected)
  })
})
