import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { MemoryTables, type Mutation, mailboxHistory, mailboxMessages } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { lastSeqUpTo, type Mailbox } from './history.ts'

const userId = 5 as UserId
const peerId = -6 as PeerId
/** What the user has got of a group, by message id; what was said before 5 and between 6 and 9 it was not there for. */
const GOT = new Map([
  [11, 5],
  [14, 6],
  [15, 9],
])
const TOP_SEQ = 9
const OTHER_PEER = 8

describe('the last message up to an id', () => {
  let mailbox: Mailbox
  beforeEach(async () => {
    const tables = new MemoryTables()
    await tables.create([mailboxHistory, mailboxMessages])
    const elsewhere = {
      kind: 'upsert',
      table: mailboxMessages,
      row: { userId, msgId: 13, peerId: OTHER_PEER, seq: 1 },
    } as const
    const rows = [...GOT].flatMap(([msgId, seq]): Mutation[] => {
      const place = { userId, msgId, peerId, seq }
      const plain = { senderId: 7, out: false, date: 1, replyToMsgId: 0, incomingCount: seq }
      return [
        { kind: 'upsert', table: mailboxHistory, row: { ...place, ...plain, deleted: seq === 6 } },
        { kind: 'upsert', table: mailboxMessages, row: place },
      ]
    })
    await tables.apply([...rows, elsewhere], 1)
    mailbox = { tables, userId, peerId }
  })

  it.each([
    ['before all', 10, 0],
    ['of one that was got', 11, 5],
    ['between two', 12, 5],
    ['of another chat', 13, 5],
    ['of one that was deleted', 14, 6],
    ['of the last before a time away', 14, 6],
    ['of the first after it', 15, 9],
    ['behind all', 16, 9],
    ['the greatest', 2 ** 31 - 1, 9],
  ])('%s', async (_, msgId, seq) => {
    expect(await lastSeqUpTo(mailbox, TOP_SEQ, msgId)).toBe(seq)
  })
})
