import { describe, expect, it } from 'vitest'
import { deriveSticker } from '../../media/sticker.ts'
import { drawnMoving, drawnStill } from './draw.ts'
import { GLYPHS } from './glyphs.ts'

describe('the drawings of the default reactions', () => {
  it('are one for each emoji', () => {
    expect(new Set(GLYPHS.map(({ emoji }) => emoji)).size).toBe(GLYPHS.length)
  })

  it.each(GLYPHS.map((glyph) => [glyph.title, glyph] as const))(
    'keep to the rules of stickers: %s',
    async (_, glyph) => {
      const still = await drawnStill(glyph)
      expect(await deriveSticker(still.bytes, 'sticker')).toMatchObject({ kind: 'static' })
      const moving = await drawnMoving(glyph)
      expect(await deriveSticker(moving.bytes, 'sticker')).toEqual(moving)
    },
  )
})
