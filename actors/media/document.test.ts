import {
  CONTENT_GRACE_SECONDS,
  CREATE_WITHIN_SECONDS,
  DOCUMENT_GRACE_SECONDS,
  type DocumentCreated,
  type DocumentHeld,
  type MessageSeq,
  privateChatId,
  type UserId,
} from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { RowMap, someAt, specification } from '../runtime/specification.ts'
import { holdDocuments, messageHolder } from './holding.ts'
import { mediaDecider } from './index.ts'

const spec = specification(mediaDecider)
const uploaderId = 1_000_000_001 as UserId
const contents = [
  { name: 'aa', generation: 1 },
  { name: 'bb', generation: 2 },
]
const create = {
  type: 'CreateDocument',
  documentId: 7n,
  uploaderId,
  contents,
  sealed: Buffer.from('sealed'),
} as const
const created: DocumentCreated = { ...create, type: 'DocumentCreated', date: someAt.date, contents }
const holder = messageHolder(privateChatId(1 as UserId, 2 as UserId), 3 as MessageSeq)
const hold = { type: 'HoldDocument', documentId: 7n, holder } as const
const release = { type: 'ReleaseDocument', documentId: 7n, holder } as const
const held: DocumentHeld = {
  type: 'DocumentHeld',
  documentId: 7n,
  holder,
  holders: 1,
  freeSince: 0,
  freeBefore: someAt.date,
  date: someAt.date,
}
const released = {
  ...held,
  type: 'DocumentReleased',
  holders: 0,
  freeSince: 99,
  freeBefore: 0,
  date: 99,
} as const
const sweep = { type: 'SweepDocument', documentId: 7n } as const
const deleted = { type: 'DocumentDeleted', documentId: 7n, contents, freeSince: someAt.date } as const
const later = { date: someAt.date + DOCUMENT_GRACE_SECONDS }

describe('a document', () => {
  it('is created once, and holds its contents', () => {
    const reactions = spec.given().when(create).gives(created)
    expect(reactions).toMatchObject([
      { kind: 'answer' },
      {
        topic: 'media.commands',
        key: 'file:aa',
        record: { type: 'HoldContent', documentId: 7n, uploaderId },
      },
      { topic: 'media.commands', key: 'file:bb', record: { type: 'HoldContent', generation: 2 } },
    ])
    spec.given(created).when(create).gives()
    const reservedAt = someAt.date - CREATE_WITHIN_SECONDS
    spec
      .given()
      .when({ ...create, reservedAt })
      .gives(created)
    spec
      .given()
      .when({ ...create, reservedAt: reservedAt - 1 })
      .rejected(500, 'UPLOAD_TOO_LATE')
  })

  it('is held by each holder once', () => {
    expect(holdDocuments([7n], holder)).toMatchObject([{ key: 'document:7', record: hold }])
    spec.given(created).when(hold).gives(held)
    spec.given(created, held).when(hold).gives()
    const other = { ...hold, holder: 'album:user:1:5' }
    spec
      .given(created, held)
      .when(other)
      .gives({ ...held, holder: other.holder, holders: 2, freeBefore: 0 })
    spec.given().when(hold).gives()
  })

  it('is released by who holds it', () => {
    spec.given(created, held).when(release, { date: 99 }).gives(released)
    spec.given(created).when(release).gives()
    spec.given(created, held, released).when(release).gives()
  })

  it('is deleted when nothing holds it and its grace period is over', () => {
    spec.given(created, held).when(sweep, later).gives()
    spec
      .given(created)
      .when(sweep, { date: later.date - 1 })
      .gives()
    spec.given().when(sweep).gives()
    const reactions = spec.given(created).when(sweep, later).gives(deleted)
    expect(reactions).toMatchObject([
      { kind: 'answer' },
      { key: 'file:aa', record: { type: 'ReleaseContent', documentId: 7n, generation: 1 } },
      { key: 'file:bb', record: { type: 'ReleaseContent' } },
    ])
    spec.given(created, deleted).when(hold).gives()
  })

  it('leaves no row behind', () => {
    const rows = (...events: Parameters<typeof mediaDecider.project>[0][]) =>
      new RowMap()
        .apply(events.flatMap((event) => mediaDecider.project(event)))
        .entries()
        .map(([key]) => key)
    expect(rows(created, held).some((key) => key.startsWith('media_expiries'))).toBe(false)
    expect(rows(created, held, released).filter((key) => key.startsWith('media_expiries'))).toHaveLength(1)
    expect(rows(created, held, released, { ...deleted, freeSince: 99 })).toEqual([])
  })

  it('is kept longer than its contents wait for a document', () => {
    expect(DOCUMENT_GRACE_SECONDS).toBeGreaterThan(CONTENT_GRACE_SECONDS)
  })
})
