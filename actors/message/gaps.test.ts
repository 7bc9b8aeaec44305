import { GAP_BLOCK_SEQS, type MessagesDeleted } from '@heliograph/schemas/avro'
import { messageGaps } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { RowMap, specification } from '../runtime/specification.ts'
import { messageDecider } from './index.ts'
import { founded, sentToChannel, supergroup } from './public.samples.ts'
import { alice, bob, remove, seq } from './samples.ts'

const one = sentToChannel(bob)
const far = sentToChannel(bob, { seq: seq(GAP_BLOCK_SEQS), randomId: 78n, lastOtherSeq: seq(0) })
const removal = (...seqs: number[]) => ({ ...remove(alice, seqs, false), chatId: supergroup })
const gone = (at: number, gaps: NonNullable<MessagesDeleted['gaps']>): MessagesDeleted => ({
  type: 'MessagesDeleted',
  chatId: supergroup,
  byUserId: alice,
  messages: [{ seq: seq(at), lostBy: [], keptBy: [] }],
  date: one.date,
  pts: 4,
  counts: { lastSeq: far.seq, lastSenderId: bob, lastOtherSeq: seq(0) },
  gaps,
})

describe('gaps in the history of a channel', () => {
  const spec = specification(messageDecider).with(...founded(supergroup))

  it('are counted by blocks of seqs, each after the other', () => {
    const first = gone(1, [{ block: 0, deleted: 1 }])
    const rows = new RowMap().apply(messageDecider.project(first))
    expect(rows.get(messageGaps, { chatId: supergroup, block: 0 })?.deleted).toBe(1)
    const two = sentToChannel(bob, { seq: seq(2), randomId: 79n, pts: 4, lastOtherSeq: seq(0) })
    const second = gone(2, [{ block: 0, deleted: 2 }])
    spec
      .given(one, first, two)
      .when(removal(2))
      .gives({
        ...second,
        pts: 5,
        counts: { lastSeq: seq(2), lastSenderId: bob, lastOtherSeq: seq(0) },
      })
    spec
      .given(one, { ...far, pts: 3 })
      .when(removal(far.seq))
      .gives(gone(far.seq, [{ block: 1, deleted: 1 }]))
  })
})
