import { type AlbumPhotosRemoved, MAX_ALBUM_PHOTOS } from '@heliograph/schemas/avro'
import { expect, it } from 'vitest'
import { someAt, specification } from '../runtime/specification.ts'
import { mediaDecider } from './index.ts'

const spec = specification(mediaDecider)
const owner = 'user:1'
const added = { type: 'AlbumPhotoAdded', owner, place: 5, photoId: 7n, date: someAt.date } as const

it('photos stand in an album in the order of the log, and are held by it', () => {
  const reactions = spec.given().when({ type: 'AddAlbumPhoto', owner, photoId: 7n }).gives(added)
  expect(reactions).toMatchObject([
    { kind: 'answer' },
    { key: 'document:7', record: { type: 'HoldDocument', holder: 'album:user:1:5' } },
  ])
})

it('photos leave an album once, by place and id', () => {
  const entry = { place: 5, photoId: 7n }
  const remove = (...entries: (typeof entry)[]) => ({ type: 'RemoveAlbumPhotos', owner, entries }) as const
  const removed: AlbumPhotosRemoved = { type: 'AlbumPhotosRemoved', owner, entries: [entry] }
  const reactions = spec
    .given(added)
    .when(remove(entry, entry, { place: 6, photoId: 7n }))
    .gives(removed)
  expect(reactions).toMatchObject([
    { kind: 'answer' },
    { record: { type: 'ReleaseDocument', documentId: 7n } },
  ])
  spec
    .given(added)
    .when(remove({ place: 5, photoId: 8n }))
    .gives()
  spec.given(added, removed).when(remove(entry)).gives()
  const many = Array.from({ length: MAX_ALBUM_PHOTOS + 1 }, () => entry)
  spec
    .given(added)
    .when(remove(...many))
    .rejected(400, 'LIMIT_INVALID')
})
