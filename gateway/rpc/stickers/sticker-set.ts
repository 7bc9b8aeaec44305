import type { ShelfName } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { builtInPurpose, builtInSet } from './built-in.ts'
import { type Entry, entryAccessHash, entryById, entryByName } from './catalog.ts'
import { type ShowServices, shownDocuments } from './files.ts'
import { type ShelfItem, shelfItems } from './shelf.ts'

/** How a set is kept: its documents by their ids. */
export type StoredSet = Tl<'messages.stickerSet'>
export type SetEntry = Entry<'stickers'>

const HASH_BITS = 31

/** The shelf on which sets of this kind are installed. */
export function shelfOfSet({
  masks,
  emojis,
}: {
  masks?: boolean | undefined
  emojis?: boolean | undefined
}): ShelfName {
  return emojis ? 'emoji' : masks ? 'masks' : 'stickers'
}
const SET_SHELVES = ['stickers', 'masks', 'emoji'] as const

export const stickerIds = ({ documents }: StoredSet): bigint[] => documents.map(({ id }) => id)

/** Changes whenever anything of a set does. */
export const setHash = ({ value, version }: SetEntry): number =>
  Number(BigInt.asUintN(HASH_BITS, idsHash([...stickerIds(value), version])))

/** A set that a user has published; 400 STICKERSET_INVALID where there is none, or its access hash is wrong. */
export async function publishedSet(
  { services }: Pick<CallContext, 'services'>,
  input: TlType<'InputStickerSet'>,
): Promise<SetEntry> {
  const entry =
    input._ === 'inputStickerSetID'
      ? await entryById(services, 'stickers', input)
      : input._ === 'inputStickerSetShortName'
        ? await entryByName(services, 'stickers', input.shortName)
        : undefined
  if (entry === undefined) throw new RpcError(400, 'STICKERSET_INVALID')
  return entry
}

/** `messages.getStickerSet`, of whichever kind. */
export async function stickerSet(
  context: CallContext,
  input: TlType<'InputStickerSet'>,
  hash: number,
): Promise<Tl<'messages.stickerSet'> | Tl<'messages.stickerSetNotModified'>> {
  const purpose = builtInPurpose(input)
  if (purpose !== undefined) return builtInSet(context, purpose, hash)
  const isPublished =
    input._ === 'inputStickerSetID' ||
    input._ === 'inputStickerSetShortName' ||
    input._ === 'inputStickerSetEmpty'
  if (!isPublished) return builtInSet(context, input, hash)
  const entry = await publishedSet(context, input)
  if (hash !== 0 && hash === setHash(entry)) return { _: 'messages.stickerSetNotModified' }
  return shownSet(context, entry)
}

/** A set with all its stickers, as the caller sees it. */
export async function shownSet(context: CallContext, entry: SetEntry): Promise<Tl<'messages.stickerSet'>> {
  const { services, user } = context
  const [installed, documents] = await Promise.all([
    installedItem(context, entry),
    shownDocuments(services, user, stickerIds(entry.value)),
  ])
  return { ...entry.value, set: setFor(context, entry, installed), documents }
}

async function installedItem(
  { services, user }: CallContext,
  entry: SetEntry,
): Promise<ShelfItem | undefined> {
  const shelf = shelfOfSet(entry.value.set)
  return (await shelfItems(services, user, shelf)).find(({ itemId }) => itemId === entry.entryId)
}

/** What is said of a set beside its stickers. */
export function setFor(
  { services, user }: { readonly services: ShowServices; readonly user: number },
  entry: SetEntry,
  installed: ShelfItem | undefined,
): Tl<'stickerSet'> {
  const { set, documents } = entry.value
  const { thumbDocumentId: _, ...bare } = set
  return {
    // The document behind a thumb of its own is for the server; a custom emoji as thumb is for clients.
    ...(set.thumbs === undefined ? set : bare),
    id: entry.entryId,
    accessHash: entryAccessHash(services.keyring, 'stickers', entry.entryId),
    count: documents.length,
    hash: setHash(entry),
    ...(entry.ownerId === user && { creator: true }),
    ...(installed && { installedDate: installed.date, ...(installed.archived && { archived: true }) }),
  }
}

/** A set with its first sticker. */
export async function coveredSet(
  context: CallContext,
  entry: SetEntry,
  installed?: ShelfItem,
): Promise<TlType<'StickerSetCovered'>> {
  const set = setFor(context, entry, installed)
  const [cover] = await shownDocuments(context.services, context.user, stickerIds(entry.value).slice(0, 1))
  return cover === undefined ? { _: 'stickerSetNoCovered', set } : { _: 'stickerSetCovered', set, cover }
}

/** All sets that the caller has installed, of all kinds, by their ids. */
export async function installedSets({ services, user }: CallContext): Promise<Map<bigint, ShelfItem>> {
  const shelves = await Promise.all(SET_SHELVES.map((shelf) => shelfItems(services, user, shelf)))
  return new Map(shelves.flat().map((item) => [item.itemId, item]))
}
