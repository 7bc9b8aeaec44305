import { MAX_SHELF_ITEMS, type ShelfName, type UserId } from '@heliograph/schemas/avro'
import { type RowOf, shelves } from '@heliograph/storage'
import type { Asker } from '../commander.ts'
import type { CallContext } from '../handler.ts'
import { idsHash } from '../hash.ts'
import type { Services } from '../services.ts'

const SHELVES: readonly ShelfName[] = [
  ...(['gifs', 'faved', 'recent', 'recent-attached', 'ringtones'] as const),
  ...(['stickers', 'masks', 'emoji', 'themes', 'wallpapers', 'music'] as const),
]

export interface ShelfItem {
  readonly itemId: bigint
  readonly documentId: bigint | null
  readonly name: string
  readonly archived: boolean
  readonly settings: Buffer | null
  /** When it was put there, Unix seconds. */
  readonly date: number
}

/** What a user keeps there, what was put there last first. */
export async function shelfItems(
  { tables }: Pick<Services, 'tables'>,
  userId: UserId,
  shelf: ShelfName,
): Promise<ShelfItem[]> {
  const rows = await tables.range(shelves, { userId, shelf }, { limit: MAX_SHELF_ITEMS })
  rows.sort((a, b) => (b.place ?? 0) - (a.place ?? 0))
  return rows.map(itemOf)
}

function itemOf({ itemId, documentId, name, archived, settings, date }: RowOf<typeof shelves>): ShelfItem {
  return {
    itemId: itemId as bigint,
    documentId,
    name: name ?? '',
    archived: archived === true,
    settings,
    date: date ?? 0,
  }
}

/** Whose shelf it is, and who asks. */
export interface ShelfOwner extends Pick<CallContext, 'services' | 'user'> {
  readonly caller: Asker
}

export interface PutItem {
  readonly itemId: bigint
  readonly documentId?: bigint
  readonly name?: string
  readonly archived?: boolean
  readonly settings?: Buffer
}

/** Puts an item first and takes those away that stand beyond `limit`. */
export async function putOnShelf(
  context: CallContext,
  shelf: ShelfName,
  { itemId, documentId, name, archived, settings }: PutItem,
  limit: number,
): Promise<void> {
  const { services, user, caller } = context
  const command = {
    type: 'PutOnShelf',
    userId: user,
    shelf,
    itemId,
    documentId: documentId ?? null,
    name: name ?? null,
    archived: archived === true,
    settings: settings ?? null,
  } as const
  await services.commands.ask('media.commands', shelfKey(user), command, caller)
  const beyond = (await shelfItems(services, user, shelf)).slice(limit)
  await takeFromShelf(
    context,
    shelf,
    beyond.map((item) => item.itemId),
  )
}

export async function takeFromShelf(
  { services, user, caller }: ShelfOwner,
  shelf: ShelfName,
  itemIds: readonly bigint[],
): Promise<void> {
  if (itemIds.length === 0) return
  const taken = itemIds.slice(0, MAX_SHELF_ITEMS)
  const command = { type: 'TakeFromShelf', userId: user, shelf, itemIds: taken } as const
  await services.commands.ask('media.commands', shelfKey(user), command, caller)
}

/** Puts the items first, in this order. */
export async function arrangeShelf(
  { services, user, caller }: CallContext,
  shelf: ShelfName,
  itemIds: readonly bigint[],
): Promise<void> {
  const arranged = itemIds.slice(0, MAX_SHELF_ITEMS)
  const command = { type: 'ArrangeShelf', userId: user, shelf, itemIds: arranged } as const
  await services.commands.ask('media.commands', shelfKey(user), command, caller)
}

/** Takes everything off, which nothing keeps then. */
export async function clearShelf(owner: ShelfOwner, shelf: ShelfName): Promise<void> {
  const items = await shelfItems(owner.services, owner.user, shelf)
  await takeFromShelf(
    owner,
    shelf,
    items.map(({ itemId }) => itemId),
  )
}

/** For an account that ends. */
export async function clearShelves(owner: ShelfOwner): Promise<void> {
  for (const shelf of SHELVES) await clearShelf(owner, shelf)
}

const shelfKey = (user: UserId): string => `shelf:${user}`

/** By which clients say what they have of a list (core.telegram.org/api/offsets#hash-generation). */
export const shelfHash = (items: readonly ShelfItem[]): bigint => idsHash(items.map(({ itemId }) => itemId))
