import type { PeerId } from '@heliograph/schemas/avro'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterOffset, orderDialogs } from './list.ts'
import { decodePeers, encodePeers } from './pinned.ts'
import type { Dialog, DialogStates } from './state.ts'

const dialog = (peerId: number, date: number, msgId = date): Dialog => ({
  peerId: peerId as PeerId,
  row: {} as never,
  top: date === 0 ? undefined : ({ date, msgId } as never),
})
const states = (pinned: number[] = [], drafts: [number, number][] = []): DialogStates => ({
  pinned: pinned as PeerId[],
  pinnedInArchive: [],
  archived: new Map(),
  marks: new Set(),
  asMessages: new Set(),
  drafts: new Map(drafts.map(([peerId, date]) => [peerId as PeerId, { date } as never])),
  notify: () => ({ _: 'peerNotifySettings' }),
  unreadReactions: new Map(),
  unreadVotes: new Map(),
  key: undefined,
})
const ids = (dialogs: readonly Dialog[]) => dialogs.map(({ peerId }) => peerId)

describe('orderDialogs', () => {
  it('puts pinned chats first in their own order, then the newest', () => {
    const { pinned, others } = orderDialogs(
      [dialog(1, 10), dialog(2, 30), dialog(3, 20), dialog(4, 40)],
      states([1, 3]),
    )
    expect([ids(pinned), ids(others)]).toEqual([
      [1, 3],
      [4, 2],
    ])
  })

  it('hides emptied chats but for drafts and pins', () => {
    const { pinned, others } = orderDialogs([dialog(1, 0), dialog(2, 0), dialog(3, 0)], states([3], [[2, 5]]))
    expect([ids(pinned), ids(others)]).toEqual([[3], [2]])
  })
})

describe('afterOffset', () => {
  it('pages through everything once', () => {
    const dates = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 30 })
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 7 }), (given, limit) => {
        const all = given.map((msgId, index) => dialog(index + 1, 1 + (msgId >> 2), msgId))
        const list = orderDialogs(all, states()).others
        const seen: number[] = []
        for (let offset = { date: 0, id: 0, peerId: undefined as PeerId | undefined }; ; ) {
          const page = afterOffset(list, states(), offset).slice(0, limit)
          if (page.length === 0) break
          seen.push(...ids(page))
          const { peerId, top } = page[page.length - 1]!
          offset = { date: top!.date, id: top!.msgId, peerId }
        }
        expect(seen).toEqual(ids(list))
      }),
    )
  })

  it('goes on by date where the chat of the offset has moved', () => {
    const list = [dialog(1, 50), dialog(2, 40), dialog(3, 30)]
    const offset = { date: 45, id: 45, peerId: 1 as PeerId }
    expect(ids(afterOffset(list, states(), offset))).toEqual([2, 3])
  })
})

it('keeps the order of pinned chats in bytes', () => {
  const peers = [5, 2 ** 39, -1_000_000_000_123] as PeerId[]
  expect(decodePeers(encodePeers(peers))).toEqual(peers)
})
