import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { inputUserId } from '../peers.ts'
import { entryAccessHash, newEntryId, publishEntry } from './catalog.ts'
import { emojiIn } from './emoji.ts'
import { MAX_EMOJI_PER_SET, MAX_STICKERS_PER_SET } from './limits.ts'
import { keywordsIn, revisionOf, type SetSticker } from './set-content.ts'
import { isShortName, requireTitle } from './short-names.ts'
import { type CheckedSticker, checkedCoords, checkedDocument, keepSticker } from './sticker-document.ts'
import { publishedSet, shownSet } from './sticker-set.ts'
import { withThumb } from './thumb.ts'

type Item = TlType<'InputStickerSetItem'>
type SetFlags = Pick<Tl<'stickerSet'>, 'masks' | 'emojis' | 'textColor'>

/** `stickers.createStickerSet`. All stickers are checked before the first one is kept. */
export const createStickerSet: Handler<'stickers.createStickerSet'> = async (call, context) => {
  const { masks, emojis, textColor } = call
  if (masks && emojis) throw new RpcError(400, 'PACK_TYPE_INVALID')
  if (inputUserId(call.userId, context) !== context.user) throw new RpcError(400, 'USER_ID_INVALID')
  const title = requireTitle(call.title, 'PACK_TITLE_INVALID')
  if (!isShortName(call.shortName)) throw new RpcError(400, 'PACK_SHORT_NAME_INVALID')
  if (call.stickers.length === 0) throw new RpcError(400, 'STICKERS_EMPTY')
  if (call.stickers.length > (emojis ? MAX_EMOJI_PER_SET : MAX_STICKERS_PER_SET))
    throw new RpcError(400, 'STICKERS_TOO_MUCH')
  const flags: SetFlags = {
    ...(masks && { masks }),
    ...(emojis && { emojis }),
    ...(emojis && textColor && { textColor }),
  }
  const checked: CheckedSticker[] = []
  for (const item of call.stickers) checked.push(await checkedSticker(context, item, flags))
  const entryId = newEntryId(context)
  const set = newSet(context, entryId, title, call.shortName, flags)
  const stickers: SetSticker[] = []
  for (const [index, sticker] of checked.entries())
    stickers.push(await keptSticker(context, call.stickers[index]!, sticker, set))
  const thumbed = call.thumb === undefined ? set : await withThumb(context, set, call.thumb)
  const { value, documentIds } = revisionOf({ set: thumbed, stickers })
  const entry = { kind: 'stickers', name: call.shortName, entryId, ownerId: context.user, value } as const
  await publishEntry(context, { ...entry, documentIds }, 'PACK_SHORT_NAME_OCCUPIED')
  const { accessHash } = set
  return shownSet(context, await publishedSet(context, { _: 'inputStickerSetID', id: entryId, accessHash }))
}

function newSet(
  { services }: CallContext,
  id: bigint,
  title: string,
  shortName: string,
  flags: SetFlags,
): Tl<'stickerSet'> {
  const accessHash = entryAccessHash(services.keyring, 'stickers', id)
  return { _: 'stickerSet', ...flags, id, accessHash, title, shortName, count: 0, hash: 0 }
}

/** Whether an item fits a set of this kind; 400 STICKER_EMOJI_INVALID, STICKER_*. */
export async function checkedSticker(
  context: CallContext,
  item: Item,
  { emojis, masks }: SetFlags,
): Promise<CheckedSticker> {
  const [alt] = emojiIn(item.emoji)
  const maskCoords = masks ? checkedCoords(item.maskCoords) : undefined
  const derived = await checkedDocument(context, item.document, emojis ? 'emoji' : 'sticker')
  return { derived, alt: alt!, maskCoords }
}

/** Keeps a checked item as a sticker of the set. */
export async function keptSticker(
  context: CallContext,
  item: Item,
  checked: CheckedSticker,
  set: Tl<'stickerSet'>,
): Promise<SetSticker> {
  const { id, accessHash } = set
  const documentId = await keepSticker(context, checked, set, { _: 'inputStickerSetID', id, accessHash })
  return { id: documentId, emoji: emojiIn(item.emoji), keywords: keywordsIn(item.keywords) }
}
