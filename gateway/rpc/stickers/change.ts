import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { reviseEntry, withdrawEntry } from './catalog.ts'
import { checkedSticker, keptSticker } from './create.ts'
import { emojiIn } from './emoji.ts'
import { documentBytes, givenDocument, stickerAttribute } from './files.ts'
import { MAX_STICKER_BYTES } from './limits.ts'
import { contentOf, keywordsIn, revisionOf, type SetContent, type SetSticker } from './set-content.ts'
import { requireTitle } from './short-names.ts'
import { checkedCoords, checkedDocument, keepSticker } from './sticker-document.ts'
import { publishedSet, type SetEntry, shownSet, stickerIds } from './sticker-set.ts'
import { withoutThumb, withThumb } from './thumb.ts'

type ShownSet = Promise<Tl<'messages.stickerSet'>>

const invalidSet = () => new RpcError(400, 'STICKERSET_INVALID')
const invalidSticker = () => new RpcError(400, 'STICKER_INVALID')

/** A set of the caller; 400 STICKERSET_INVALID for all others. */
async function ownSet(context: CallContext, input: TlType<'InputStickerSet'>): Promise<SetEntry> {
  const entry = await publishedSet(context, input)
  if (entry.ownerId !== context.user) throw invalidSet()
  return entry
}

/** A sticker of a set of the caller, by the document alone; 400 STICKER_INVALID for all others. */
async function ownSticker(context: CallContext, input: TlType<'InputDocument'>) {
  const { file, document } = await givenDocument(context, input, 'STICKER_INVALID')
  const attribute = stickerAttribute(document)
  if (attribute === undefined) throw invalidSticker()
  const entry = await publishedSet(context, attribute.stickerset).catch(() => undefined)
  if (entry?.ownerId !== context.user || !stickerIds(entry.value).includes(document.id))
    throw invalidSticker()
  return { entry, id: document.id, file, attribute }
}

/** Changes a set as far as it is still there, and shows it as it is then. */
async function revised(
  context: CallContext,
  entry: SetEntry,
  change: (content: SetContent) => SetContent,
): ShownSet {
  return shownSet(
    context,
    await reviseEntry(context, entry, (current) => revisionOf(change(contentOf(current)))),
  )
}

export const addStickerToSet: Handler<'stickers.addStickerToSet'> = async (call, context) => {
  const entry = await ownSet(context, call.stickerset)
  // A full set is told before anything is kept.
  const content = contentOf(entry)
  const placeholder: SetSticker = { id: 0n, emoji: [], keywords: [] }
  revisionOf({ ...content, stickers: [...content.stickers, placeholder] })
  const checked = await checkedSticker(context, call.sticker, entry.value.set)
  const added = await keptSticker(context, call.sticker, checked, entry.value.set)
  return revised(context, entry, (current) => ({ ...current, stickers: [...current.stickers, added] }))
}

export const removeStickerFromSet: Handler<'stickers.removeStickerFromSet'> = async (call, context) => {
  const { entry, id } = await ownSticker(context, call.sticker)
  return revised(context, entry, (current) => ({
    ...current,
    stickers: current.stickers.filter((sticker) => sticker.id !== id),
  }))
}

/** Moves a sticker to a place, from 0; beyond the last it is the last. */
export const changeStickerPosition: Handler<'stickers.changeStickerPosition'> = async (call, context) => {
  if (call.position < 0) throw invalidSticker()
  const { entry, id } = await ownSticker(context, call.sticker)
  return revised(context, entry, (current) => {
    const moved = current.stickers.filter((sticker) => sticker.id === id)
    const others = current.stickers.filter((sticker) => sticker.id !== id)
    others.splice(call.position, 0, ...moved)
    return { ...current, stickers: others }
  })
}

/** Other emoji, keywords or a place on the face. What a document says of itself is said by another one then. */
export const changeSticker: Handler<'stickers.changeSticker'> = async (call, context) => {
  const { entry, id, file, attribute } = await ownSticker(context, call.sticker)
  const emoji = call.emoji === undefined ? undefined : emojiIn(call.emoji)
  const coords = checkedCoords(call.maskCoords)
  const { set } = entry.value
  let documentId = id
  if ((emoji !== undefined && emoji[0] !== attribute.alt) || coords !== undefined) {
    const bytes = await documentBytes(context.services, file, MAX_STICKER_BYTES, 'STICKER_INVALID')
    const derived = await checkedDocument(context, call.sticker, set.emojis ? 'emoji' : 'sticker')
    const before = attribute._ === 'documentAttributeSticker' ? attribute.maskCoords : undefined
    const changed = {
      derived: { ...derived, bytes },
      alt: emoji?.[0] ?? attribute.alt,
      maskCoords: coords ?? before,
    }
    documentId = await keepSticker(context, changed, set, attribute.stickerset)
  }
  return revised(context, entry, (current) => ({
    ...current,
    stickers: current.stickers.map((sticker) =>
      sticker.id !== id
        ? sticker
        : {
            id: documentId,
            emoji: emoji ?? sticker.emoji,
            keywords: call.keywords === undefined ? sticker.keywords : keywordsIn(call.keywords),
          },
    ),
  }))
}

export const replaceSticker: Handler<'stickers.replaceSticker'> = async (call, context) => {
  const { entry, id } = await ownSticker(context, call.sticker)
  const checked = await checkedSticker(context, call.newSticker, entry.value.set)
  const replacement = await keptSticker(context, call.newSticker, checked, entry.value.set)
  return revised(context, entry, (current) => ({
    ...current,
    stickers: current.stickers.map((sticker) => (sticker.id === id ? replacement : sticker)),
  }))
}

export const renameStickerSet: Handler<'stickers.renameStickerSet'> = async (call, context) => {
  const title = requireTitle(call.title, 'PACK_TITLE_INVALID')
  const entry = await ownSet(context, call.stickerset)
  return revised(context, entry, (current) => ({ ...current, set: { ...current.set, title } }))
}

export const deleteStickerSet: Handler<'stickers.deleteStickerSet'> = async (call, context) => {
  await withdrawEntry(context, await ownSet(context, call.stickerset))
  return true
}

/** A thumb of its own, a custom emoji of the set as its thumb, or none. */
export const setStickerSetThumb: Handler<'stickers.setStickerSetThumb'> = async (call, context) => {
  const entry = await ownSet(context, call.stickerset)
  const { thumb, thumbDocumentId } = call
  if (thumbDocumentId !== undefined) {
    if (!stickerIds(entry.value).includes(thumbDocumentId)) throw invalidSet()
    return revised(context, entry, ({ set, ...rest }) => ({
      ...rest,
      set: { ...withoutThumb(set), thumbDocumentId },
    }))
  }
  if (thumb === undefined || thumb._ === 'inputDocumentEmpty')
    return revised(context, entry, ({ set, ...rest }) => ({ ...rest, set: withoutThumb(set) }))
  const {
    thumbDocumentId: id,
    thumbs,
    thumbDcId,
    thumbVersion,
  } = await withThumb(context, entry.value.set, thumb)
  const shown = { ...(id !== undefined && { thumbDocumentId: id }), ...(thumbs && { thumbs }) }
  const where = {
    ...(thumbDcId !== undefined && { thumbDcId }),
    ...(thumbVersion !== undefined && { thumbVersion }),
  }
  return revised(context, entry, (current) => ({ ...current, set: { ...current.set, ...shown, ...where } }))
}
