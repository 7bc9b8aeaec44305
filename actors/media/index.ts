import type {
  AlbumCommand,
  AlbumEvent,
  ContentCommand,
  ContentEvent,
  DocumentCommand,
  DocumentEvent,
  RecordHeader,
} from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import type { At, Decider, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { decideAlbum, needsOfAlbum, projectAlbum, reactToAlbum } from './album.ts'
import { decideContent, needsOfContent, projectContent, reactToContent } from './content.ts'
import { decideDocument, needsOfDocument, projectDocument, reactToDocument } from './document.ts'

export type MediaCommand = ContentCommand | DocumentCommand | AlbumCommand
export type MediaEvent = ContentEvent | DocumentEvent | AlbumEvent

/** The media actor: contents, the documents made of them, and albums, each an actor of its own by the record's key. */
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
    default:
      return reactToContent(event, header)
  }
}
