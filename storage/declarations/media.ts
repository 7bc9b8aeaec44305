import type { TableDeclaration } from '../table.ts'

/** Files and photos with an id; `sealed` is a `FileDescription`. Never changes until it is deleted. */
export const documents = {
  name: 'documents',
  columns: {
    documentId: 'int64',
    uploaderId: 'bigint',
    /** `<name>.<generation>` of each content that it is made of. */
    contents: 'list<text>',
    sealed: 'blob',
    createdAt: 'int',
  },
  partitionKey: ['documentId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** How many refer to a document, and since when nobody does (Unix seconds; 0 where somebody does). */
export const documentHolds = {
  name: 'document_holds',
  columns: { documentId: 'int64', holders: 'int', freeSince: 'int' },
  partitionKey: ['documentId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

export const documentHolders = {
  name: 'document_holders',
  columns: { documentId: 'int64', holder: 'text', date: 'int' },
  partitionKey: ['documentId'],
  clusteringKey: ['holder'],
} as const satisfies TableDeclaration

/** Contents by the keyed hash of their bytes; the blob is `<name>.<generation>`. */
export const contents = {
  name: 'contents',
  columns: {
    name: 'text',
    generation: 'bigint',
    sizeBytes: 'bigint',
    /** Whether the blob is known to be whole. */
    stored: 'boolean',
    holders: 'int',
    freeSince: 'int',
  },
  partitionKey: ['name'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** The documents that a content is part of, and who had them uploaded. */
export const contentHolders = {
  name: 'content_holders',
  columns: { name: 'text', documentId: 'int64', uploaderId: 'bigint' },
  partitionKey: ['name'],
  clusteringKey: ['documentId'],
} as const satisfies TableDeclaration

/**
 * What is to be looked at on a day (days since 1970): `document:<id>` and `file:<name>` whose grace period ends; on day
 * `ERASE_DAY` the blobs to be erased, `blob:<name>.<generation>`.
 */
export const mediaExpiries = {
  name: 'media_expiries',
  columns: { day: 'int', key: 'text' },
  partitionKey: ['day'],
  clusteringKey: ['key'],
} as const satisfies TableDeclaration

export const ERASE_DAY = 0

/** Photos of a profile, in the order in which they came. */
export const albumPhotos = {
  name: 'album_photos',
  columns: { owner: 'text', place: 'bigint', photoId: 'int64', date: 'int' },
  partitionKey: ['owner'],
  clusteringKey: ['place'],
} as const satisfies TableDeclaration
