import {
  as,
  bool,
  bytes,
  int,
  int64,
  list,
  long,
  nested,
  optional,
  type RecordOf,
  record,
  text,
  withDefault,
} from '../dsl.ts'
import type { UserId } from '../ids.ts'

const userId = as<UserId>(long)

/**
 * Records of `media.commands` and `media.events`. A *content* is a sequence of bytes, stored once however often it is sent:
 * `name` is a keyed hash of it, `generation` tells apart the blobs that held it one after the other. A *document* is what
 * messages refer to: a file or photo with an id. Times are Unix seconds.
 */
const contentName = { name: text, generation: long } as const

/** Keyed `file:<name>`. Asks for the blob under which the content is to be stored, and keeps it for a while. */
export const ReserveContent = record('ReserveContent', { name: text, sizeBytes: long })
/** The blob is whole and durable. */
export const StoreContent = record('StoreContent', contentName)
export const HoldContent = record('HoldContent', { ...contentName, documentId: int64, uploaderId: userId })
export const ReleaseContent = record('ReleaseContent', { ...contentName, documentId: int64 })
/** Gives the content up where nothing has referred to it for its grace period. */
export const SweepContent = record('SweepContent', { name: text })
/** The blob of a content that was given up is gone. */
export const EraseBlob = record('EraseBlob', contentName)

/** The whole state of a content after a change. */
export const ContentChanged = record('ContentChanged', {
  ...contentName,
  sizeBytes: long,
  stored: bool,
  /** Documents that it is part of. */
  holders: int,
  /** Since when there is none; 0 where there is one. */
  freeSince: int,
  /** `freeSince` as it was before; 0 too where there was no such content. */
  freeBefore: int,
  change: as<'reserve' | 'store' | 'hold' | 'release'>(text),
  /** hold, release: by which document, and who had it uploaded. */
  documentId: optional(int64),
  uploaderId: optional(userId),
})
/** Nobody can refer to it any more; its blob is to be erased. */
export const ContentGivenUp = record('ContentGivenUp', { ...contentName, sizeBytes: long, freeSince: int })
export const BlobErased = record('BlobErased', contentName)

const contentRef = nested('ContentRef', contentName)

/** Keyed `document:<id>`. `sealed` is a sealed `FileDescription`. */
export const CreateDocument = record('CreateDocument', {
  documentId: int64,
  uploaderId: userId,
  contents: list(contentRef),
  sealed: bytes,
  /** When the first of the contents was reserved, Unix seconds; 0 where there are none. */
  reservedAt: withDefault(int, 0),
})
/** `holder` names what refers to it: `message:<chat>:<seq>`, `album:<owner>:<photo>`, `chat:<chat>`, … */
export const HoldDocument = record('HoldDocument', { documentId: int64, holder: text })
export const ReleaseDocument = record('ReleaseDocument', { documentId: int64, holder: text })
/** Deletes the document where nothing has referred to it for its grace period. */
export const SweepDocument = record('SweepDocument', { documentId: int64 })

export const DocumentCreated = record('DocumentCreated', {
  documentId: int64,
  uploaderId: userId,
  contents: list(contentRef),
  sealed: bytes,
  date: int,
})
/** `holders` counts those after it; `freeSince` and `freeBefore` as in `ContentChanged`. */
const documentHold = {
  documentId: int64,
  holder: text,
  holders: int,
  freeSince: int,
  freeBefore: int,
  date: int,
} as const
export const DocumentHeld = record('DocumentHeld', documentHold)
export const DocumentReleased = record('DocumentReleased', documentHold)
export const DocumentDeleted = record('DocumentDeleted', {
  documentId: int64,
  contents: list(contentRef),
  freeSince: int,
})

/** Keyed `album:<owner>` (`user:<id>`): photos of a profile, in the order in which they came. */
export const AddAlbumPhoto = record('AddAlbumPhoto', { owner: text, photoId: int64 })
const albumEntry = nested('AlbumEntry', { place: long, photoId: int64 })
/** At most `MAX_ALBUM_PHOTOS` entries; those that are not there are passed over. */
export const RemoveAlbumPhotos = record('RemoveAlbumPhotos', { owner: text, entries: list(albumEntry) })
/** `place` grows from photo to photo. */
export const AlbumPhotoAdded = record('AlbumPhotoAdded', {
  owner: text,
  place: long,
  photoId: int64,
  date: int,
})
export const AlbumPhotosRemoved = record('AlbumPhotosRemoved', { owner: text, entries: list(albumEntry) })

export type ReserveContent = RecordOf<typeof ReserveContent>
export type StoreContent = RecordOf<typeof StoreContent>
export type HoldContent = RecordOf<typeof HoldContent>
export type ReleaseContent = RecordOf<typeof ReleaseContent>
export type SweepContent = RecordOf<typeof SweepContent>
export type EraseBlob = RecordOf<typeof EraseBlob>
export type ContentChanged = RecordOf<typeof ContentChanged>
export type ContentGivenUp = RecordOf<typeof ContentGivenUp>
export type BlobErased = RecordOf<typeof BlobErased>
export type ContentRef = CreateDocument['contents'][number]

type CreateValue = RecordOf<typeof CreateDocument>
/** Those without contents need not say when they were reserved. */
export type CreateDocument = Omit<CreateValue, 'reservedAt'> & Partial<Pick<CreateValue, 'reservedAt'>>
export type HoldDocument = RecordOf<typeof HoldDocument>
export type ReleaseDocument = RecordOf<typeof ReleaseDocument>
export type SweepDocument = RecordOf<typeof SweepDocument>
export type DocumentCreated = RecordOf<typeof DocumentCreated>
export type DocumentHeld = RecordOf<typeof DocumentHeld>
export type DocumentReleased = RecordOf<typeof DocumentReleased>
export type DocumentDeleted = RecordOf<typeof DocumentDeleted>

export type AddAlbumPhoto = RecordOf<typeof AddAlbumPhoto>
export type RemoveAlbumPhotos = RecordOf<typeof RemoveAlbumPhotos>
export type AlbumPhotoAdded = RecordOf<typeof AlbumPhotoAdded>
export type AlbumPhotosRemoved = RecordOf<typeof AlbumPhotosRemoved>
export type AlbumEntry = RemoveAlbumPhotos['entries'][number]

export type ContentCommand =
  | ReserveContent
  | StoreContent
  | HoldContent
  | ReleaseContent
  | SweepContent
  | EraseBlob
export type ContentEvent = ContentChanged | ContentGivenUp | BlobErased
export type DocumentCommand = CreateDocument | HoldDocument | ReleaseDocument | SweepDocument
export type DocumentEvent = DocumentCreated | DocumentHeld | DocumentReleased | DocumentDeleted
export type AlbumCommand = AddAlbumPhoto | RemoveAlbumPhotos
export type AlbumEvent = AlbumPhotoAdded | AlbumPhotosRemoved

export const MAX_ALBUM_PHOTOS = 100

/**
 * How long a document that nothing refers to is kept. Longer than any file reference lives, so that whoever was given one
 * while the document was referred to can still send it.
 */
export const DOCUMENT_GRACE_SECONDS = 3 * 24 * 3600
/** How long a content that no document is made of is kept: the time that a document may take to be made of it. */
export const CONTENT_GRACE_SECONDS = 24 * 3600
/** Within this a document is made of what was reserved for it, or not at all: before anything can be given up. */
export const CREATE_WITHIN_SECONDS = CONTENT_GRACE_SECONDS / 2
