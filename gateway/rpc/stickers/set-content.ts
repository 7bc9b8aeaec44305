import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { Revision } from './catalog.ts'
import { MAX_EMOJI_PER_SET, MAX_KEYWORDS_LENGTH, MAX_STICKERS_PER_SET } from './limits.ts'
import { emojiBySticker, packsOf } from './packs.ts'
import type { SetEntry, StoredSet } from './sticker-set.ts'

/** One sticker of a set. */
export interface SetSticker {
  readonly id: bigint
  readonly emoji: readonly string[]
  readonly keywords: readonly string[]
}

/** A set as it is changed: stickers in their order. */
export interface SetContent {
  readonly set: Tl<'stickerSet'>
  readonly stickers: readonly SetSticker[]
}

export function contentOf({ value }: Pick<SetEntry, 'value'>): SetContent {
  const emoji = emojiBySticker(value.packs)
  const keywords = new Map(value.keywords.map((each) => [each.documentId, each.keyword]))
  const stickers = value.documents.map(({ id }) => {
    return { id, emoji: emoji.get(id) ?? [], keywords: keywords.get(id) ?? [] }
  })
  return { set: value.set, stickers }
}

/** The set as it is kept, with what it is made of: its stickers and its thumb; 400 STICKERS_TOO_MUCH. */
export function revisionOf({ set, stickers }: SetContent): Revision<'stickers'> {
  if (stickers.length > (set.emojis ? MAX_EMOJI_PER_SET : MAX_STICKERS_PER_SET))
    throw new RpcError(400, 'STICKERS_TOO_MUCH')
  const ids = stickers.map(({ id }) => id)
  const value: StoredSet = {
    _: 'messages.stickerSet',
    set: { ...set, count: stickers.length },
    packs: packsOf(new Map(stickers.map(({ id, emoji }) => [id, emoji]))),
    keywords: stickers.flatMap(keywordsOf),
    documents: ids.map((id) => ({ _: 'documentEmpty', id })),
  }
  const thumb = set.thumbDocumentId
  return { value, documentIds: thumb === undefined || ids.includes(thumb) ? ids : [...ids, thumb] }
}

function keywordsOf({ id, keywords }: SetSticker): TlType<'StickerKeyword'>[] {
  return keywords.length === 0 ? [] : [{ _: 'stickerKeyword', documentId: id, keyword: [...keywords] }]
}

/** Words by which a sticker is found, as a client gives them: behind each other, between commas. */
export function keywordsIn(text: string | undefined): string[] {
  const words = (text ?? '').slice(0, MAX_KEYWORDS_LENGTH).split(',')
  return words.map((word) => word.trim().toLowerCase()).filter((word) => word !== '')
}
