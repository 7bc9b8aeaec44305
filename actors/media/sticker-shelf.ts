import {
  type ArrangeShelf,
  MAX_SHELF_ITEMS,
  type PutOnShelf,
  type RecordHeader,
  type ShelfCommand,
  type ShelfEvent,
  type ShelfItem,
  type ShelfPut,
  type ShelfTaken,
  type TakeFromShelf,
} from '@heliograph/schemas/avro'
import { type Mutation, type RowKey, type RowOf, type RowRef, shelves } from '@heliograph/storage'
import { accountUpdate, answered } from '../account/user-channel.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { holdDocuments, releaseDocuments } from './holding.ts'

const nothing = { events: [] } as const
const limitInvalid = { rejected: { code: 400, message: 'LIMIT_INVALID' } } as const

/** What the bus record `AccountUpdate` calls a shelf, in front of its name. */
const SHELF_PREFIX = 'shelf:'

type Shelf = Pick<ShelfCommand, 'userId' | 'shelf'>
const rowKey = ({ userId, shelf }: Shelf, itemId: bigint): RowKey => ({ userId, shelf, itemId })

export function needsOfShelf(command: ShelfCommand): RowRef[] {
  if (command.type === 'PutOnShelf') return [{ table: shelves, key: rowKey(command, command.itemId) }]
  if (command.itemIds.length > MAX_SHELF_ITEMS) return []
  return command.itemIds.map((itemId) => ({ table: shelves, key: rowKey(command, itemId) }))
}

/** Rejects more than `MAX_SHELF_ITEMS` items with LIMIT_INVALID. */
export function decideShelf(rows: Rows, command: ShelfCommand, at: At): Decision<ShelfEvent> {
  if (command.type === 'PutOnShelf') return put(rows, command, at)
  if (command.itemIds.length > MAX_SHELF_ITEMS) return limitInvalid
  return command.type === 'TakeFromShelf' ? take(rows, command) : arrange(rows, command, at)
}

/** Places grow with the log; between two records of it there is room for a whole arrangement. */
const placeOf = (at: At, behind: number): number => (at.offset + 1) * MAX_SHELF_ITEMS - behind

/** What stands there already keeps its date. */
function put(rows: Rows, command: PutOnShelf, at: At): Decision<ShelfEvent> {
  const { userId, shelf, itemId, documentId, name, archived, settings } = command
  const date = rows.get(shelves, rowKey(command, itemId))?.date ?? at.date
  const item = { itemId, documentId, name, archived, settings, place: placeOf(at, 0), date }
  return { events: [{ type: 'ShelfPut', userId, shelf, items: [item], arranged: false }] }
}

function take(rows: Rows, command: TakeFromShelf): Decision<ShelfEvent> {
  const { userId, shelf } = command
  const items = found(rows, command).map(({ itemId, documentId }) => ({
    itemId: itemId as bigint,
    documentId,
  }))
  return items.length === 0 ? nothing : { events: [{ type: 'ShelfTaken', userId, shelf, items }] }
}

function arrange(rows: Rows, command: ArrangeShelf, at: At): Decision<ShelfEvent> {
  const { userId, shelf } = command
  const items = found(rows, command).map((row, index) => itemOf(row, placeOf(at, index)))
  return items.length === 0
    ? nothing
    : { events: [{ type: 'ShelfPut', userId, shelf, items, arranged: true }] }
}

function found(rows: Rows, command: TakeFromShelf | ArrangeShelf): RowOf<typeof shelves>[] {
  const ids = [...new Set(command.itemIds)]
  return ids.map((itemId) => rows.get(shelves, rowKey(command, itemId))).filter((row) => row !== undefined)
}

function itemOf(row: RowOf<typeof shelves>, place: number): ShelfItem {
  const { itemId, documentId, name, archived, settings, date } = row
  return {
    itemId: itemId as bigint,
    documentId,
    name,
    archived: archived === true,
    settings,
    place,
    date: date ?? 0,
  }
}

export function projectShelf(event: ShelfEvent): Mutation[] {
  const { userId, shelf } = event
  if (event.type === 'ShelfTaken')
    return event.items.map(({ itemId }) => ({ kind: 'delete', table: shelves, key: rowKey(event, itemId) }))
  return event.items.map((item) => ({ kind: 'upsert', table: shelves, row: { userId, shelf, ...item } }))
}

/** A shelf holds the documents on it; the user's other sessions are told. */
export function reactToShelf(event: ShelfEvent, header: RecordHeader): Reaction[] {
  const name = SHELF_PREFIX + event.shelf + (event.type === 'ShelfPut' && event.arranged ? ':order' : '')
  return [
    ...answered(header),
    ...(event.type === 'ShelfPut' ? holdItems(event) : releaseItems(event)),
    accountUpdate(event.userId, 'setting', header, { name }),
  ]
}

const holderOf = ({ userId, shelf }: Shelf): string => `shelf:${userId}:${shelf}`

/** Holding twice is holding once. */
function holdItems(event: ShelfPut): Reaction[] {
  return event.arranged ? [] : holdDocuments(documentsOf(event.items), holderOf(event))
}

function releaseItems(event: ShelfTaken): Reaction[] {
  return releaseDocuments(documentsOf(event.items), holderOf(event))
}

function documentsOf(items: readonly { readonly documentId: bigint | null }[]): bigint[] {
  return items.map(({ documentId }) => documentId).filter((id) => id !== null)
}
