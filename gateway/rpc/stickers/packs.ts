import type { TlType } from '@heliograph/schemas/tl'

type Pack = TlType<'StickerPack'>

/** Which stickers stand for which emoji: packs by emoji of what is said sticker by sticker. */
export function packsOf(emojiBySticker: ReadonlyMap<bigint, readonly string[]>): Pack[] {
  const packs = new Map<string, bigint[]>()
  for (const [id, emoji] of emojiBySticker)
    for (const each of emoji) packs.set(each, [...(packs.get(each) ?? []), id])
  return [...packs].map(([emoticon, documents]) => ({ _: 'stickerPack', emoticon, documents }))
}

/** The reverse of `packsOf`. */
export function emojiBySticker(packs: readonly Pack[]): Map<bigint, string[]> {
  const emoji = new Map<bigint, string[]>()
  for (const { emoticon, documents } of packs)
    for (const id of documents) emoji.set(id, [...(emoji.get(id) ?? []), emoticon])
  return emoji
}
