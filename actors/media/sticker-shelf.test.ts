import {
  type ArrangeShelf,
  MAX_SHELF_ITEMS,
  type ShelfPut,
  type ShelfTaken,
  type TakeFromShelf,
  type UserId,
} from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { RowMap, someAt, specification } from '../runtime/specification.ts'
import { mediaDecider } from './index.ts'

const spec = specification(mediaDecider)
const userId = 1_000_000_001 as UserId
const on = { userId, shelf: 'gifs' } as const
const item = (itemId: bigint) => ({ itemId, documentId: itemId, name: null, archived: false, settings: null })
const put = (itemId: bigint) => ({ type: 'PutOnShelf', ...on, ...item(itemId) }) as const
const stands = (itemId: bigint, place: number): ShelfPut => ({
  type: 'ShelfPut',
  ...on,
  items: [{ ...item(itemId), place, date: someAt.date }],
  arranged: false,
})
const first = (someAt.offset + 1) * MAX_SHELF_ITEMS

describe('a shelf', () => {
  it('puts items first and holds their documents', () => {
    const reactions = spec.given().when(put(7n)).gives(stands(7n, first))
    expect(reactions).toMatchObject([
      { kind: 'answer' },
      { key: 'document:7', record: { type: 'HoldDocument', documentId: 7n, holder: `shelf:${userId}:gifs` } },
      { kind: 'publication', record: { kind: 'setting', name: 'shelf:gifs' } },
    ])
    const earlier = { ...stands(7n, 3), items: [{ ...item(7n), place: 3, date: 9 }] }
    const moved = { ...stands(7n, first), items: [{ ...item(7n), place: first, date: 9 }] }
    spec.given(earlier).when(put(7n)).gives(moved)
  })

  it('gives items back, and their documents', () => {
    const take: TakeFromShelf = { type: 'TakeFromShelf', ...on, itemIds: [7n, 8n, 7n] }
    const taken: ShelfTaken = { type: 'ShelfTaken', ...on, items: [{ itemId: 7n, documentId: 7n }] }
    const reactions = spec.given(stands(7n, 3)).when(take).gives(taken)
    expect(reactions[1]).toMatchObject({ record: { type: 'ReleaseDocument', documentId: 7n } })
    spec.given().when(take).gives()
    const events = [stands(7n, 3), taken]
    expect(new RowMap().apply(events.flatMap((event) => mediaDecider.project(event))).entries()).toEqual([])
  })

  it('is arranged as its owner says', () => {
    const arrange: ArrangeShelf = { type: 'ArrangeShelf', ...on, itemIds: [8n, 9n, 7n] }
    const items = [
      { ...item(8n), place: first, date: someAt.date },
      { ...item(7n), place: first - 1, date: someAt.date },
    ]
    const given = spec.given(stands(7n, 4), stands(8n, 3))
    const reactions = given.when(arrange).gives({ type: 'ShelfPut', ...on, items, arranged: true })
    expect(reactions).toMatchObject([{ kind: 'answer' }, { record: { name: 'shelf:gifs:order' } }])
  })

  it('takes no more at once than fits', () => {
    const itemIds = Array.from({ length: MAX_SHELF_ITEMS + 1 }, (_, id) => BigInt(id))
    for (const type of ['TakeFromShelf', 'ArrangeShelf'] as const)
      spec
        .given()
        .when({ type, ...on, itemIds })
        .rejected(400, 'LIMIT_INVALID')
  })
})
