import { CONTENT_GRACE_SECONDS, type ContentChanged, type UserId } from '@heliograph/schemas/avro'
import { contentHolders, contents, mediaExpiries } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { mediaDecider } from './index.ts'

const spec = specification(mediaDecider)
const name = 'c0ffee'
const uploaderId = 1_000_000_001 as UserId
const reserve = { type: 'ReserveContent', name, sizeBytes: 100 } as const
const hold = { type: 'HoldContent', name, generation: 5, documentId: 7n, uploaderId } as const
const release = { type: 'ReleaseContent', name, generation: 5, documentId: 7n } as const
const sweep = { type: 'SweepContent', name } as const

const reserved: ContentChanged = {
  type: 'ContentChanged',
  name,
  generation: 5,
  sizeBytes: 100,
  stored: false,
  holders: 0,
  freeSince: someAt.date,
  freeBefore: 0,
  change: 'reserve',
  documentId: null,
  uploaderId: null,
}
const stored: ContentChanged = { ...reserved, stored: true, freeBefore: someAt.date, change: 'store' }
const held: ContentChanged = {
  ...stored,
  holders: 1,
  freeSince: 0,
  change: 'hold',
  documentId: 7n,
  uploaderId,
}
const later = { date: someAt.date + CONTENT_GRACE_SECONDS, offset: 9 }
const released: ContentChanged = {
  ...held,
  holders: 0,
  freeSince: 50,
  freeBefore: 0,
  change: 'release',
  uploaderId: null,
}
const givenUp = {
  type: 'ContentGivenUp',
  name,
  generation: 5,
  sizeBytes: 100,
  freeSince: someAt.date,
} as const

describe('a content', () => {
  it('is reserved under a generation of its own, which the caller learns', () => {
    const [answered] = spec.given().when(reserve).gives(reserved)
    expect(answered).toMatchObject({
      kind: 'answer',
      to: caller,
      record: { content: { generation: 5, stored: false } },
    })
  })

  it('is known to be there once it is stored, and its grace period begins anew', () => {
    spec.given(reserved).when({ type: 'StoreContent', name, generation: 5 }).gives(stored)
    spec.given(reserved, stored).when({ type: 'StoreContent', name, generation: 5 }).gives()
    const again = { ...stored, freeSince: later.date, change: 'reserve' } as const
    const [answered] = spec.given(reserved, stored).when(reserve, later).gives(again)
    expect(answered).toMatchObject({ record: { content: { generation: 5, stored: true } } })
  })

  it('is held and released by documents', () => {
    spec.given(reserved, stored).when(hold).gives(held)
    spec.given(reserved, stored, held).when(release, { date: 50 }).gives(released)
    spec
      .given(reserved, stored, held)
      .when(reserve, later)
      .gives({ ...stored, holders: 1, freeSince: 0, freeBefore: 0, change: 'reserve' })
  })

  it('is given up when nothing holds it and its grace period is over, never before', () => {
    spec
      .given(reserved)
      .when(sweep, { date: later.date - 1 })
      .gives()
    spec.given(reserved, stored, held).when(sweep, later).gives()
    spec.given().when(sweep).gives()
    spec.given(reserved).when(sweep, later).gives(givenUp)
  })

  it('comes again as another blob than the one that is being erased', () => {
    const anew = { ...reserved, generation: 9, freeSince: later.date }
    spec.given(reserved, givenUp).when(reserve, later).gives(anew)
    spec.given(reserved, givenUp, anew).when(hold).gives()
    spec.given(reserved, givenUp, anew).when(release).gives()
    spec
      .given(reserved, givenUp, anew)
      .when({ type: 'StoreContent', name, generation: 5 })
      .rejected(500, 'CONTENT_GONE')
    const erase = { type: 'EraseBlob', name, generation: 5 } as const
    const erased = { ...erase, type: 'BlobErased' } as const
    spec.given(reserved, givenUp, anew).when(erase).gives(erased)
    spec.given(reserved, givenUp, anew, erased).when(erase).gives()
    spec.given(reserved).when(erase).gives()
  })
})

describe('its rows', () => {
  const rowsAfter = (...events: Parameters<typeof mediaDecider.project>[0][]) =>
    new RowMap().apply(events.flatMap((event) => mediaDecider.project(event)))
  const keysOf = (rows: RowMap) => rows.entries().map(([key]) => key)

  it('tell the sweeper when to look, and where nothing is left to do, nothing', () => {
    const day = Math.floor((someAt.date + CONTENT_GRACE_SECONDS) / 86_400)
    const rows = rowsAfter(reserved)
    expect(rows.get(mediaExpiries, { day, key: `file:${name}` })).toBeDefined()
    expect(keysOf(rowsAfter(reserved, stored, held))).toEqual([
      `contents(${name})`,
      `content_holders(${name},7)`,
    ])
    expect(keysOf(rowsAfter(reserved, givenUp))).toEqual([`media_expiries(0,blob:${name}.5)`])
    expect(keysOf(rowsAfter(reserved, givenUp, { type: 'BlobErased', name, generation: 5 }))).toEqual([])
  })

  it('tell which documents have it, and who had it uploaded', () => {
    const rows = rowsAfter(reserved, stored, held)
    expect(rows.get(contentHolders, { name, documentId: 7n })).toEqual({ name, documentId: 7n, uploaderId })
    expect(rows.get(contents, { name })).toMatchObject({ holders: 1, freeSince: 0, stored: true })
    expect(
      rowsAfter(reserved, stored, held, released).get(contentHolders, { name, documentId: 7n }),
    ).toBeUndefined()
  })
})
