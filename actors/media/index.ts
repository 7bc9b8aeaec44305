import type {
  AlbumCommand,
  AlbumEvent,
  CatalogCommand,
  CatalogEvent,
  ContentCommand,
  ContentEvent,
  DocumentCommand,
  DocumentEvent,
  RecordHeader,
  ShelfCommand,
  ShelfEvent,
} from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import type { At, Decider, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { decideAlbum, needsOfAlbum, projectAlbum, reactToAlbum } from './album.ts'
import { decideContent, needsOfContent, projectContent, reactToContent } from './content.ts'
import { decideDocument, needsOfDocument, projectDocument, reactToDocument } from './document.ts'
import { decideCatalog, needsOfCatalog, projectCatalog, reactToCatalog } from './sticker-catalog.ts'
import { decideShelf, needsOfShelf, projectShelf, reactToShelf } from './sticker-shelf.ts'

export type MediaCommand = ContentCommand | DocumentCommand | AlbumCommand | CatalogCommand | ShelfCommand
export type MediaEvent = ContentEvent | DocumentEvent | AlbumEvent | CatalogEvent | ShelfEvent

/** The media actor: contents, the documents made of them, albums, catalog entries and shelves, each an actor of its own by the record's key. */
export const mediaDecider: Decider<MediaCommand, MediaEvent> = {
  group: 'media',
  commands: 'media.commands',
  events: 'media.events',
  needs,
  decide,
  project,
  react,
}

function needs(command: MediaCommand): RowRef[] {
  switch (command.type) {
    case 'CreateDocument':
    case 'HoldDocument':
    case 'ReleaseDocument':
    case 'SweepDocument':
      return needsOfDocument(command)
    case 'AddAlbumPhoto':
    case 'RemoveAlbumPhotos':
      return needsOfAlbum(command)
    case 'PublishEntry':
    case 'ReviseEntry':
    case 'WithdrawEntry':
      return needsOfCatalog(command)
    case 'PutOnShelf':
    case 'TakeFromShelf':
    case 'ArrangeShelf':
      return needsOfShelf(command)
    default:
      return needsOfContent(command)
  }
}

function decide(rows: Rows, command: MediaCommand, at: At): Decision<MediaEvent> {
  switch (command.type) {
    case 'CreateDocument':
    case 'HoldDocument':
    case 'ReleaseDocument':
    case 'SweepDocument':
      return decideDocument(rows, command, at)
    case 'AddAlbumPhoto':
    case 'RemoveAlbumPhotos':
      return decideAlbum(rows, command, at)
    case 'PublishEntry':
    case 'ReviseEntry':
    case 'WithdrawEntry':
      return decideCatalog(rows, command, at)
    case 'PutOnShelf':
    case 'TakeFromShelf':
    case 'ArrangeShelf':
      return decideShelf(rows, command, at)
    default:
      return decideContent(rows, command, at)
  }
}

function project(event: MediaEvent): Mutation[] {
  switch (event.type) {
    case 'DocumentCreated':
    case 'DocumentHeld':
    case 'DocumentReleased':
    case 'DocumentDeleted':
      return projectDocument(event)
    case 'AlbumPhotoAdded':
    case 'AlbumPhotosRemoved':
      return projectAlbum(event)
    case 'EntryPublished':
    case 'EntryWithdrawn':
      return projectCatalog(event)
    case 'ShelfPut':
    case 'ShelfTaken':
      return projectShelf(event)
    default:
      return projectContent(event)
  }
}

function react(event: MediaEvent, header: RecordHeader): Reaction[] {
  switch (event.type) {
    case 'DocumentCreated':
    case 'DocumentHeld':
    case 'DocumentReleased':
    case 'DocumentDeleted':
      return reactToDocument(event, header)
    case 'AlbumPhotoAdded':
    case 'AlbumPhotosRemoved':
      return reactToAlbum(event, header)
    case 'EntryPublished':
    case 'EntryWithdrawn':
      return reactToCatalog(event, header)
    case 'ShelfPut':
    case 'ShelfTaken':
      return reactToShelf(event, header)
    default:
      return reactToContent(event, header)
  }
}
