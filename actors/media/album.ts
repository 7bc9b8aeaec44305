import {
  type AlbumCommand,
  type AlbumEvent,
  MAX_ALBUM_PHOTOS,
  type RecordHeader,
} from '@heliograph/schemas/avro'
import { albumPhotos, type Mutation, type RowRef } from '@heliograph/storage'
import { answer } from '../answer.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { holdDocuments, releaseDocuments } from './holding.ts'

const nothing = { events: [] } as const
const limitInvalid = { rejected: { code: 400, message: 'LIMIT_INVALID' } } as const

const holderOf = (owner: string, place: number): string => `album:${owner}:${place}`

export function needsOfAlbum(command: AlbumCommand): RowRef[] {
  if (command.type === 'AddAlbumPhoto' || command.entries.length > MAX_ALBUM_PHOTOS) return []
  return command.entries.map(({ place }) => ({ table: albumPhotos, key: { owner: command.owner, place } }))
}

/** A photo's place in its album is its place in the log. Rejects with LIMIT_INVALID. */
export function decideAlbum(rows: Rows, command: AlbumCommand, at: At): Decision<AlbumEvent> {
  const { owner } = command
  if (command.type === 'AddAlbumPhoto') {
    const { photoId } = command
    return { events: [{ type: 'AlbumPhotoAdded', owner, place: at.offset, photoId, date: at.date }] }
  }
  if (command.entries.length > MAX_ALBUM_PHOTOS) return limitInvalid
  const places = new Set<number>()
  const entries = command.entries.filter(({ place, photoId }) => {
    if (places.has(place)) return false
    places.add(place)
    return rows.get(albumPhotos, { owner, place })?.photoId === photoId
  })
  return entries.length === 0 ? nothing : { events: [{ type: 'AlbumPhotosRemoved', owner, entries }] }
}

export function projectAlbum(event: AlbumEvent): Mutation[] {
  const { owner } = event
  if (event.type === 'AlbumPhotoAdded') {
    const { place, photoId, date } = event
    return [{ kind: 'upsert', table: albumPhotos, row: { owner, place, photoId, date } }]
  }
  return event.entries.map(({ place }) => ({ kind: 'delete', table: albumPhotos, key: { owner, place } }))
}

export function reactToAlbum(event: AlbumEvent, { reply }: RecordHeader): Reaction[] {
  const answers = reply === null ? [] : [answer(reply)]
  const { owner } = event
  if (event.type === 'AlbumPhotoAdded')
    return [...answers, ...holdDocuments([event.photoId], holderOf(owner, event.place))]
  return [
    ...answers,
    ...event.entries.flatMap(({ place, photoId }) => releaseDocuments([photoId], holderOf(owner, place))),
  ]
}
