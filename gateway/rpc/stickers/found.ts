import type { ShelfName } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { CATALOG_PREFIX_LENGTH, catalogOwned, catalogPrefixes } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { entriesByName } from './catalog.ts'
import { plainEmoji } from './emoji.ts'
import { attributeOf, shownDocuments } from './files.ts'
import { pageOf, setsOnShelf } from './installed.ts'
import { MAX_ASKED_DOCUMENTS, MAX_FOUND_SETS, MAX_LISTED_SETS, MAX_RECENT } from './limits.ts'
import { coveredSet, installedSets, setHash } from './sticker-set.ts'

const PREFIX_END = '\uffff'

/** Sets of this kind whose short name begins with what is searched. */
async function foundSets(
  context: CallContext,
  query: string,
  wantsEmoji: boolean,
  hash: bigint,
): Promise<Tl<'messages.foundStickerSets'> | Tl<'messages.foundStickerSetsNotModified'>> {
  const names = await namesWith(context, query)
  const entries = await entriesByName(context.services, 'stickers', names)
  const found = entries
    .filter(({ value }) => (value.set.emojis === true) === wantsEmoji)
    .slice(0, MAX_FOUND_SETS)
  const now = idsHash(found.map(setHash))
  if (hash !== 0n && hash === now) return { _: 'messages.foundStickerSetsNotModified' }
  const installed = await installedSets(context)
  const sets = await Promise.all(
    found.map((entry) => coveredSet(context, entry, installed.get(entry.entryId))),
  )
  return { _: 'messages.foundStickerSets', hash: now, sets }
}

async function namesWith({ services }: CallContext, query: string): Promise<string[]> {
  const key = query.trim().toLowerCase().replace(/\s+/g, '_')
  if (key.length < CATALOG_PREFIX_LENGTH) return []
  const partition = { kind: 'stickers', prefix: key.slice(0, CATALOG_PREFIX_LENGTH) }
  const range = { from: key, to: key + PREFIX_END, limit: MAX_LISTED_SETS }
  const rows = await services.tables.range(catalogPrefixes, partition, range)
  return rows.map((row) => row.key).filter((name) => name !== null)
}

export const searchStickerSets: Handler<'messages.searchStickerSets'> = (call, context) =>
  foundSets(context, call.q, false, call.hash)
export const searchEmojiStickerSets: Handler<'messages.searchEmojiStickerSets'> = (call, context) =>
  foundSets(context, call.q, true, call.hash)

/** Stickers of the caller's sets on a shelf that stand for an emoji, or for a word. */
async function stickersFor(
  context: CallContext,
  shelf: ShelfName,
  { emoji, word }: { readonly emoji?: string; readonly word?: string },
): Promise<bigint[]> {
  const sets = (await setsOnShelf(context, shelf)).filter(({ item }) => !item.archived)
  const values = sets.map(({ entry }) => entry.value)
  const packs = values.flatMap((value) => value.packs).filter((pack) => plainEmoji(pack.emoticon) === emoji)
  const keywords = values.flatMap((value) => value.keywords)
  const named = keywords.filter(
    ({ keyword }) => word !== undefined && keyword.some((each) => each.startsWith(word)),
  )
  const ids = [...packs.flatMap((pack) => pack.documents), ...named.map(({ documentId }) => documentId)]
  return [...new Set(ids)].slice(0, MAX_RECENT)
}

function requireEmoji(text: string): string {
  const emoji = plainEmoji(text)
  if (emoji === '') throw new RpcError(400, 'EMOTICON_EMPTY')
  return emoji
}

export const getStickers: Handler<'messages.getStickers'> = async (call, context) => {
  const ids = await stickersFor(context, 'stickers', { emoji: requireEmoji(call.emoticon) })
  const hash = idsHash(ids)
  if (call.hash !== 0n && call.hash === hash) return { _: 'messages.stickersNotModified' }
  const stickers = await shownDocuments(context.services, context.user, ids)
  return { _: 'messages.stickers', hash, stickers }
}

export const searchCustomEmoji: Handler<'messages.searchCustomEmoji'> = async (call, context) => {
  const documentId = await stickersFor(context, 'emoji', { emoji: requireEmoji(call.emoticon) })
  const hash = idsHash(documentId)
  if (call.hash !== 0n && call.hash === hash) return { _: 'emojiListNotModified' }
  return { _: 'emojiList', hash, documentId }
}

export const searchStickers: Handler<'messages.searchStickers'> = async (call, context) => {
  const word = call.q.trim().toLowerCase()
  const emoji = plainEmoji(call.emoticon)
  const wanted = { ...(word !== '' && { word }), ...(emoji !== '' && { emoji }) }
  const all = await stickersFor(context, call.emojis ? 'emoji' : 'stickers', wanted)
  const hash = idsHash(all)
  if (call.hash !== 0n && call.hash === hash) return { _: 'messages.foundStickersNotModified' }
  const end = Math.max(0, call.offset) + Math.min(Math.max(0, call.limit), MAX_LISTED_SETS)
  const page = all.slice(Math.max(0, call.offset), end)
  const stickers = await shownDocuments(context.services, context.user, page)
  return { _: 'messages.foundStickers', hash, stickers, ...(end < all.length && { nextOffset: end }) }
}

/** Custom emoji that stand in texts: whoever reads them may see them. */
export const getCustomEmojiDocuments: Handler<'messages.getCustomEmojiDocuments'> = async (call, context) => {
  const ids = [...new Set(call.documentId)].slice(0, MAX_ASKED_DOCUMENTS)
  const documents = await shownDocuments(context.services, context.user, ids)
  return documents.filter((document) => attributeOf(document, 'documentAttributeCustomEmoji') !== undefined)
}

/** Sets that the caller has made, the last one first. */
export const getMyStickers: Handler<'messages.getMyStickers'> = async (call, context) => {
  const { services, user } = context
  const range = { limit: MAX_LISTED_SETS }
  const rows = await services.tables.range(catalogOwned, { kind: 'stickers', ownerId: user }, range)
  rows.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))
  const page = pageOf(rows, call.offsetId, call.limit, (row) => row.entryId ?? 0n)
  const names = page.map((row) => row.key ?? '')
  const entries = await entriesByName(services, 'stickers', names)
  const installed = await installedSets(context)
  const sets = await Promise.all(
    entries.map((entry) => coveredSet(context, entry, installed.get(entry.entryId))),
  )
  return { _: 'messages.myStickers', count: rows.length, sets }
}
