import type { ShelfName } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { entriesByName } from './catalog.ts'
import { MAX_INSTALLED_SETS, MAX_LISTED_SETS } from './limits.ts'
import { arrangeShelf, putOnShelf, type ShelfItem, shelfItems, takeFromShelf } from './shelf.ts'
import { coveredSet, publishedSet, type SetEntry, setFor, setHash, shelfOfSet } from './sticker-set.ts'

interface Installed {
  readonly entry: SetEntry
  readonly item: ShelfItem
}

/** The sets on a shelf that are still published, in the caller's order. */
export async function setsOnShelf(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  shelf: ShelfName,
): Promise<Installed[]> {
  const items = await shelfItems(services, user, shelf)
  const names = items.map(({ name }) => name)
  const entries = new Map(
    (await entriesByName(services, 'stickers', names)).map((entry) => [entry.entryId, entry]),
  )
  return items.flatMap((item) => {
    const entry = entries.get(item.itemId)
    return entry === undefined ? [] : [{ entry, item }]
  })
}

type AllStickers = Tl<'messages.allStickers'> | Tl<'messages.allStickersNotModified'>

function allOn(shelf: ShelfName) {
  return async ({ hash }: { readonly hash: bigint }, context: CallContext): Promise<AllStickers> => {
    const shown = (await setsOnShelf(context, shelf)).filter(({ item }) => !item.archived)
    const now = idsHash(shown.map(({ entry }) => setHash(entry)))
    if (hash !== 0n && hash === now) return { _: 'messages.allStickersNotModified' }
    const sets = shown.map(({ entry, item }) => setFor(context, entry, item))
    return { _: 'messages.allStickers', hash: now, sets }
  }
}

export const getAllStickers: Handler<'messages.getAllStickers'> = allOn('stickers')
export const getMaskStickers: Handler<'messages.getMaskStickers'> = allOn('masks')
export const getEmojiStickers: Handler<'messages.getEmojiStickers'> = allOn('emoji')

/** Installs a set, or archives it. Beyond the limit the sets that stand last are archived. */
export const installStickerSet: Handler<'messages.installStickerSet'> = async (call, context) => {
  const entry = await publishedSet(context, call.stickerset)
  const shelf = shelfOfSet(entry.value.set)
  await putSet(context, shelf, entry, call.archived)
  const active = (await setsOnShelf(context, shelf)).filter(({ item }) => !item.archived)
  const beyond = active.slice(MAX_INSTALLED_SETS)
  if (beyond.length === 0) return { _: 'messages.stickerSetInstallResultSuccess' }
  for (const each of beyond) await putSet(context, shelf, each.entry, true)
  const sets = await Promise.all(
    beyond.map((each) => coveredSet(context, each.entry, { ...each.item, archived: true })),
  )
  return { _: 'messages.stickerSetInstallResultArchive', sets }
}

/** Archived ones share the shelf. */
const MAX_ON_SHELF = MAX_INSTALLED_SETS + 50

function putSet(context: CallContext, shelf: ShelfName, entry: SetEntry, archived: boolean): Promise<void> {
  const { entryId: itemId, name } = entry
  return putOnShelf(context, shelf, { itemId, name, archived }, MAX_ON_SHELF)
}

export const uninstallStickerSet: Handler<'messages.uninstallStickerSet'> = async (call, context) => {
  const entry = await publishedSet(context, call.stickerset)
  await takeFromShelf(context, shelfOfSet(entry.value.set), [entry.entryId])
  return true
}

export const reorderStickerSets: Handler<'messages.reorderStickerSets'> = async (call, context) => {
  await arrangeShelf(context, shelfOfSet(call), call.order)
  return true
}

export const toggleStickerSets: Handler<'messages.toggleStickerSets'> = async (call, context) => {
  if (call.stickersets.length > MAX_LISTED_SETS) throw new RpcError(400, 'LIMIT_INVALID')
  const entries = await Promise.all(call.stickersets.map((input) => publishedSet(context, input)))
  for (const entry of entries) {
    const shelf = shelfOfSet(entry.value.set)
    if (call.uninstall) await takeFromShelf(context, shelf, [entry.entryId])
    else if (call.archive || call.unarchive) await putSet(context, shelf, entry, call.archive === true)
  }
  return true
}

export const getArchivedStickers: Handler<'messages.getArchivedStickers'> = async (call, context) => {
  const archived = (await setsOnShelf(context, shelfOfSet(call))).filter(({ item }) => item.archived)
  const page = pageOf(archived, call.offsetId, call.limit, ({ item }) => item.itemId)
  const sets = await Promise.all(page.map(({ entry, item }) => coveredSet(context, entry, item)))
  return { _: 'messages.archivedStickers', count: archived.length, sets }
}

/** What stands behind the one with id `offsetId`; from the first where there is none. */
export function pageOf<T>(
  all: readonly T[],
  offsetId: bigint,
  limit: number,
  idOf: (each: T) => bigint,
): readonly T[] {
  const from = offsetId === 0n ? 0 : all.findIndex((each) => idOf(each) === offsetId) + 1
  return all.slice(from, from + Math.max(0, Math.min(limit, MAX_LISTED_SETS)))
}
