import type { Tl } from '@heliograph/schemas/tl'
import { expect, it } from 'vitest'
import { contentOf, keywordsIn, revisionOf, type SetSticker } from './set-content.ts'

const set: Tl<'stickerSet'> = {
  ...{ _: 'stickerSet', id: 1n, accessHash: 2n, title: 'Cats', shortName: 'cats', count: 0, hash: 0 },
}
const sticker = (id: bigint, emoji: string[], keywords: string[] = []): SetSticker => ({
  id,
  emoji,
  keywords,
})

it('is kept and read again as it was', () => {
  const stickers = [sticker(5n, ['🐱', '😀']), sticker(4n, ['🐱'], ['wet', 'rain'])]
  const { value, documentIds } = revisionOf({ set, stickers })
  expect(documentIds).toEqual([5n, 4n])
  expect(value.packs).toEqual([
    { _: 'stickerPack', emoticon: '🐱', documents: [5n, 4n] },
    { _: 'stickerPack', emoticon: '😀', documents: [5n] },
  ])
  expect(contentOf({ value })).toEqual({ set: { ...set, count: 2 }, stickers })
})

it('keeps its thumb too', () => {
  const of = (thumbDocumentId: bigint) =>
    revisionOf({ set: { ...set, thumbDocumentId }, stickers: [sticker(5n, ['🐱'])] }).documentIds
  expect(of(9n)).toEqual([5n, 9n])
  expect(of(5n)).toEqual([5n])
})

it('addStickerToSet raises STICKERS_TOO_MUCH beyond 120 stickers, or 200 emoji', () => {
  const many = (count: number) => Array.from({ length: count }, (_, id) => sticker(BigInt(id), ['🐱']))
  expect(() => revisionOf({ set, stickers: many(121) })).toThrow('STICKERS_TOO_MUCH')
  expect(revisionOf({ set: { ...set, emojis: true }, stickers: many(200) }).value.set.count).toBe(200)
  expect(() => revisionOf({ set: { ...set, emojis: true }, stickers: many(201) })).toThrow(
    'STICKERS_TOO_MUCH',
  )
})

it('takes keywords apart', () => {
  expect(keywordsIn(' Rain, wet,,')).toEqual(['rain', 'wet'])
  expect(keywordsIn(undefined)).toEqual([])
})
