import { describe, expect, it } from 'vitest'
import { seededRandom } from '../pace/random.ts'
import { Contents, PART_BYTES } from './content.ts'

const SETTINGS = { minBytes: 100, maxBytes: 4 * PART_BYTES, repeated: 0.5, contents: 3 }

describe('contents of files', () => {
  it('have sizes within the limits, and are the same bytes whenever they are made', () => {
    const contents = new Contents(SETTINGS, seededRandom(1))
    for (let i = 0; i < 50; i++) {
      const content = contents.draw()
      const parts = [...contents.partsOf(content)]
      expect(content.sizeBytes).toBeGreaterThanOrEqual(SETTINGS.minBytes)
      expect(content.sizeBytes).toBeLessThanOrEqual(SETTINGS.maxBytes)
      for (const part of parts.slice(0, -1)) expect(part).toHaveLength(PART_BYTES)
      expect(Buffer.concat(parts)).toHaveLength(content.sizeBytes)
      expect(Buffer.concat([...contents.partsOf(content)]).equals(Buffer.concat(parts))).toBe(true)
    }
  })

  it('repeat themselves as often as wanted, and are of their own otherwise', () => {
    const contents = new Contents(SETTINGS, seededRandom(2))
    const drawn = Array.from({ length: 400 }, () => contents.draw())
    const repeated = drawn.filter(({ isRepeated }) => isRepeated)
    expect(repeated.length / drawn.length).toBeCloseTo(0.5, 1)
    const heads = (of: typeof drawn) =>
      new Set(of.map((content) => [...contents.partsOf(content)][0]?.toString('hex', 0, 100)))
    expect(heads(repeated).size).toBe(3)
    expect(heads(drawn).size).toBe(3 + drawn.length - repeated.length)
  })
})
