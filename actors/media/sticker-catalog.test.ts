import {
  type EntryPublished,
  type EntryWithdrawn,
  MAX_ENTRY_DOCUMENTS,
  type PublishEntry,
  type ReviseEntry,
  type UserId,
} from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { answer } from '../answer.ts'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { mediaDecider } from './index.ts'

const spec = specification(mediaDecider)
const ownerId = 1_000_000_001 as UserId
const other = 1_000_000_002 as UserId
const sealed = Buffer.from('sealed')
const name = { kind: 'stickers', name: 'Cats_By_Me' } as const
const publish: PublishEntry = {
  type: 'PublishEntry',
  ...name,
  entryId: 7n,
  ownerId,
  sealed,
  documentIds: [1n, 2n, 1n],
}
const published: EntryPublished = {
  type: 'EntryPublished',
  ...name,
  entryId: 7n,
  ownerId,
  version: 1,
  sealed,
  documentIds: [1n, 2n, 1n],
  gained: [1n, 2n],
  lost: [],
  createdAt: someAt.date,
}
const toDocument = (type: string, documentId: bigint) => ({
  kind: 'record',
  topic: 'media.commands',
  key: `document:${documentId}`,
  record: { type, documentId, holder: 'stickers:7' },
  reply: null,
})

describe('publishing', () => {
  it('gives the name to the first, and holds the documents', () => {
    const reactions = spec.given().when(publish).gives(published)
    expect(reactions).toEqual([
      answer(caller),
      toDocument('HoldDocument', 1n),
      toDocument('HoldDocument', 2n),
    ])
  })

  it('is refused under a name that is taken, in whatever case, but not to whoever repeats it', () => {
    const again = { ...publish, entryId: 8n, ownerId: other, name: 'CATS_by_me' }
    spec.given(published).when(again).rejected(400, 'SHORT_NAME_OCCUPIED')
    spec.given(published).when(publish).gives()
    spec
      .given(published)
      .when({ ...again, kind: 'theme' })
      .gives({
        ...published,
        kind: 'theme',
        name: 'CATS_by_me',
        entryId: 8n,
        ownerId: other,
      })
  })

  it('is refused with too many documents', () => {
    const documentIds = Array.from({ length: MAX_ENTRY_DOCUMENTS + 1 }, (_, id) => BigInt(id))
    spec
      .given()
      .when({ ...publish, documentIds })
      .rejected(400, 'STICKERS_TOO_MUCH')
  })

  it('writes the entry and the ways to it', () => {
    const rows = new RowMap().apply(mediaDecider.project(published)).entries()
    expect(rows.map(([id]) => id)).toEqual([
      'catalog(stickers,cats_by_me)',
      'catalog_ids(stickers,7,cats_by_me)',
      `catalog_owned(stickers,${ownerId},cats_by_me)`,
      'catalog_prefixes(stickers,cat,cats_by_me)',
    ])
  })
})

describe('revising and withdrawing', () => {
  const revise: ReviseEntry = {
    type: 'ReviseEntry',
    ...name,
    ownerId,
    version: 1,
    sealed,
    documentIds: [2n, 3n],
  }

  it('counts versions, and holds and releases what changed', () => {
    const revised = { ...published, version: 2, documentIds: [2n, 3n], gained: [3n], lost: [1n] }
    const reactions = spec.given(published).when(revise).gives(revised)
    expect(reactions.slice(1)).toEqual([toDocument('HoldDocument', 3n), toDocument('ReleaseDocument', 1n)])
    spec.given(published, revised).when(revise).rejected(500, 'ENTRY_CHANGED')
  })

  it('is the owner’s alone', () => {
    const invalid = [400, 'STICKERSET_INVALID'] as const
    spec
      .given(published)
      .when({ ...revise, ownerId: other })
      .rejected(...invalid)
    spec
      .given()
      .when(revise)
      .rejected(...invalid)
    spec
      .given(published)
      .when({ type: 'WithdrawEntry', ...name, ownerId: other })
      .rejected(...invalid)
  })

  it('leaves nothing behind', () => {
    const withdrawn: EntryWithdrawn = {
      type: 'EntryWithdrawn',
      ...name,
      entryId: 7n,
      ownerId,
      documentIds: [1n, 2n],
    }
    const reactions = spec
      .given(published)
      .when({ type: 'WithdrawEntry', ...name, ownerId })
      .gives(withdrawn)
    expect(reactions.slice(1)).toEqual([toDocument('ReleaseDocument', 1n), toDocument('ReleaseDocument', 2n)])
    const events = [published, withdrawn]
    expect(new RowMap().apply(events.flatMap((event) => mediaDecider.project(event))).entries()).toEqual([])
    spec
      .given(...events)
      .when(publish)
      .gives(published)
  })
})
