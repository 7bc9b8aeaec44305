import type { TableDeclaration } from '../table.ts'

/** What users publish under a name: sticker sets, themes, wallpapers. `key` is the lower-case name. */
export const catalog = {
  name: 'catalog',
  columns: {
    kind: 'text',
    key: 'text',
    /** As it is written. */
    name: 'text',
    entryId: 'int64',
    ownerId: 'bigint',
    version: 'int',
    sealed: 'blob',
    /** Ids of the documents that it is made of, in decimals. */
    documentIds: 'list<text>',
    createdAt: 'int',
  },
  partitionKey: ['kind', 'key'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** The key of an entry by its id. */
export const catalogIds = {
  name: 'catalog_ids',
  columns: { kind: 'text', entryId: 'int64', key: 'text' },
  partitionKey: ['kind', 'entryId'],
  clusteringKey: ['key'],
} as const satisfies TableDeclaration

/** What a user has published. */
export const catalogOwned = {
  name: 'catalog_owned',
  columns: { kind: 'text', ownerId: 'bigint', key: 'text', entryId: 'int64', createdAt: 'int' },
  partitionKey: ['kind', 'ownerId'],
  clusteringKey: ['key'],
} as const satisfies TableDeclaration

export const CATALOG_PREFIX_LENGTH = 3

/** Keys that begin alike live together, so that a search by their beginning is one range. */
export const catalogPrefixes = {
  name: 'catalog_prefixes',
  columns: { kind: 'text', prefix: 'text', key: 'text' },
  partitionKey: ['kind', 'prefix'],
  clusteringKey: ['key'],
} as const satisfies TableDeclaration

/** Lists that a user keeps; the highest place stands first. */
export const shelves = {
  name: 'shelves',
  columns: {
    userId: 'bigint',
    shelf: 'text',
    itemId: 'int64',
    documentId: 'int64',
    name: 'text',
    archived: 'boolean',
    settings: 'blob',
    place: 'bigint',
    date: 'int',
  },
  partitionKey: ['userId', 'shelf'],
  clusteringKey: ['itemId'],
} as const satisfies TableDeclaration
