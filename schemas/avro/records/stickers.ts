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
} from '../dsl.ts'
import type { UserId } from '../ids.ts'

const userId = as<UserId>(long)

/** What a catalog holds; each kind has its own names. */
export type CatalogKind = 'stickers' | 'theme' | 'wallpaper' | 'chatlist'

/**
 * Records of `media.commands` and `media.events`, keyed `catalog:<kind>:<lower-case name>`: what users publish under a name that
 * anybody can look up. `sealed` holds what it looks like, `documentIds` the files that it is made of, which it keeps.
 */
const entryName = {
  kind: as<CatalogKind>(text),
  /** As it is written; entries whose names differ in case alone are the same one. */
  name: text,
} as const
const entryContent = {
  sealed: bytes,
  documentIds: list(int64),
} as const
export const PublishEntry = record('PublishEntry', {
  ...entryName,
  entryId: int64,
  ownerId: userId,
  ...entryContent,
})
/** `version` is that of the content that was changed: nobody's change is lost. */
export const ReviseEntry = record('ReviseEntry', {
  ...entryName,
  ownerId: userId,
  version: int,
  ...entryContent,
})
export const WithdrawEntry = record('WithdrawEntry', { ...entryName, ownerId: userId })

/** The whole entry as it is from now on. `version` starts at 1; `gained` and `lost` are documents. */
export const EntryPublished = record('EntryPublished', {
  ...entryName,
  entryId: int64,
  ownerId: userId,
  version: int,
  ...entryContent,
  gained: list(int64),
  lost: list(int64),
  /** Unix seconds. */
  createdAt: int,
})
export const EntryWithdrawn = record('EntryWithdrawn', {
  ...entryName,
  entryId: int64,
  ownerId: userId,
  documentIds: list(int64),
})

/** What a user keeps a list of. */
export type ShelfName =
  | 'gifs'
  | 'faved'
  | 'recent'
  | 'recent-attached'
  | 'ringtones'
  | 'stickers'
  | 'masks'
  | 'emoji'
  | 'themes'
  | 'wallpapers'
  | 'music'

/**
 * Keyed `shelf:<user id>`: lists that a user keeps, of documents or of entries of a catalog. The highest `place` stands first.
 */
const shelfName = { userId, shelf: as<ShelfName>(text) } as const
const itemContent = {
  itemId: int64,
  /** The document that is kept for as long as it stands here. */
  documentId: optional(int64),
  /** Of an entry: its name. */
  name: optional(text),
  archived: bool,
  /** What the user set beside it: a TL object of the newest layer at the time of writing. */
  settings: optional(bytes),
} as const
/** Puts an item first, also where it stands already. */
export const PutOnShelf = record('PutOnShelf', { ...shelfName, ...itemContent })
/** At most `MAX_SHELF_ITEMS` items; those that are not there are passed over. */
export const TakeFromShelf = record('TakeFromShelf', { ...shelfName, itemIds: list(int64) })
/** Puts the items first, in this order; those that are not there are passed over. */
export const ArrangeShelf = record('ArrangeShelf', { ...shelfName, itemIds: list(int64) })

const shelfItem = nested('ShelfItem', { ...itemContent, place: long, date: int })
export const ShelfPut = record('ShelfPut', { ...shelfName, items: list(shelfItem), arranged: bool })
const takenItem = nested('TakenItem', { itemId: int64, documentId: optional(int64) })
export const ShelfTaken = record('ShelfTaken', { ...shelfName, items: list(takenItem) })

export type PublishEntry = RecordOf<typeof PublishEntry>
export type ReviseEntry = RecordOf<typeof ReviseEntry>
export type WithdrawEntry = RecordOf<typeof WithdrawEntry>
export type EntryPublished = RecordOf<typeof EntryPublished>
export type EntryWithdrawn = RecordOf<typeof EntryWithdrawn>
export type CatalogCommand = PublishEntry | ReviseEntry | WithdrawEntry
export type CatalogEvent = EntryPublished | EntryWithdrawn

export type PutOnShelf = RecordOf<typeof PutOnShelf>
export type TakeFromShelf = RecordOf<typeof TakeFromShelf>
export type ArrangeShelf = RecordOf<typeof ArrangeShelf>
export type ShelfPut = RecordOf<typeof ShelfPut>
export type ShelfItem = ShelfPut['items'][number]
export type ShelfTaken = RecordOf<typeof ShelfTaken>
export type ShelfCommand = PutOnShelf | TakeFromShelf | ArrangeShelf
export type ShelfEvent = ShelfPut | ShelfTaken

/** Of documents in one entry: a set of custom emoji has the most. */
export const MAX_ENTRY_DOCUMENTS = 200
export const MAX_SHELF_ITEMS = 256
