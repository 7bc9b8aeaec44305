import type { ShelfName } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { attributeOf, givenDocument, shownDocuments, stickerAttribute } from './files.ts'
import { MAX_FAVED, MAX_GIFS, MAX_RECENT } from './limits.ts'
import { packsOf } from './packs.ts'
import { clearShelf, putOnShelf, type ShelfItem, shelfHash, shelfItems, takeFromShelf } from './shelf.ts'

/** Stickers and GIFs that a user keeps, or has used last. */

const recentShelf = (attached: boolean | undefined): ShelfName => (attached ? 'recent-attached' : 'recent')

interface Listed {
  readonly items: readonly ShelfItem[]
  readonly hash: bigint
  /** Undefined where the client has this list already. */
  readonly documents: Tl<'document'>[] | undefined
}

async function listed({ services, user }: CallContext, shelf: ShelfName, known: bigint): Promise<Listed> {
  const items = await shelfItems(services, user, shelf)
  const hash = shelfHash(items)
  if (known !== 0n && known === hash) return { items, hash, documents: undefined }
  const documents = await shownDocuments(
    services,
    user,
    items.map(({ itemId }) => itemId),
  )
  return { items, hash, documents }
}

/** Packs of single stickers, by what they say of themselves. */
function packsOfDocuments(documents: readonly Tl<'document'>[]): TlType<'StickerPack'>[] {
  return packsOf(
    new Map(
      documents.map((document) => {
        const alt = stickerAttribute(document)?.alt ?? ''
        return [document.id, alt === '' ? [] : [alt]]
      }),
    ),
  )
}

export const getRecentStickers: Handler<'messages.getRecentStickers'> = async (call, context) => {
  const { items, hash, documents } = await listed(context, recentShelf(call.attached), call.hash)
  if (documents === undefined) return { _: 'messages.recentStickersNotModified' }
  const dates = new Map(items.map(({ itemId, date }) => [itemId, date]))
  return {
    _: 'messages.recentStickers',
    hash,
    packs: packsOfDocuments(documents),
    stickers: documents,
    dates: documents.map(({ id }) => dates.get(id) ?? 0),
  }
}

export const saveRecentSticker: Handler<'messages.saveRecentSticker'> = async (call, context) => {
  await saveSticker(context, recentShelf(call.attached), call.id, call.unsave, MAX_RECENT)
  return true
}

export const clearRecentStickers: Handler<'messages.clearRecentStickers'> = async (call, context) => {
  await clearShelf(context, recentShelf(call.attached))
  return true
}

export const getFavedStickers: Handler<'messages.getFavedStickers'> = async (call, context) => {
  const { hash, documents } = await listed(context, 'faved', call.hash)
  if (documents === undefined) return { _: 'messages.favedStickersNotModified' }
  return { _: 'messages.favedStickers', hash, packs: packsOfDocuments(documents), stickers: documents }
}

export const faveSticker: Handler<'messages.faveSticker'> = async (call, context) => {
  await saveSticker(context, 'faved', call.id, call.unfave, MAX_FAVED)
  return true
}

async function saveSticker(
  context: CallContext,
  shelf: ShelfName,
  input: TlType<'InputDocument'>,
  isTaken: boolean,
  limit: number,
): Promise<void> {
  const { document } = await givenDocument(context, input, 'STICKER_ID_INVALID')
  if (stickerAttribute(document) === undefined) throw new RpcError(400, 'STICKER_ID_INVALID')
  await saveDocument(context, shelf, document.id, isTaken, limit)
}

/** Puts a document on a shelf, which then keeps it, or takes it away. */
export async function saveDocument(
  context: CallContext,
  shelf: ShelfName,
  id: bigint,
  isTaken: boolean,
  limit: number,
): Promise<void> {
  if (isTaken) await takeFromShelf(context, shelf, [id])
  else await putOnShelf(context, shelf, { itemId: id, documentId: id }, limit)
}

export const getSavedGifs: Handler<'messages.getSavedGifs'> = async (call, context) => {
  const { hash, documents } = await listed(context, 'gifs', call.hash)
  if (documents === undefined) return { _: 'messages.savedGifsNotModified' }
  return { _: 'messages.savedGifs', hash, gifs: documents }
}

export const saveGif: Handler<'messages.saveGif'> = async (call, context) => {
  const { document } = await givenDocument(context, call.id, 'GIF_ID_INVALID')
  if (attributeOf(document, 'documentAttributeAnimated') === undefined)
    throw new RpcError(400, 'GIF_ID_INVALID')
  await saveDocument(context, 'gifs', document.id, call.unsave, MAX_GIFS)
  return true
}

export const getSavedRingtones: Handler<'account.getSavedRingtones'> = async (call, context) => {
  const { hash, documents } = await listed(context, 'ringtones', call.hash)
  if (documents === undefined) return { _: 'account.savedRingtonesNotModified' }
  return { _: 'account.savedRingtones', hash, ringtones: documents }
}
