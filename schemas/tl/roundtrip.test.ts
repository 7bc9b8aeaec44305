import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeObject, encodeOwn } from './codec.ts'
import { LAYERS } from './layers.ts'
import { Builder, numbersFrom } from './testing/build.ts'
import { entriesOf } from './testing/schema.ts'

const RUNS_PER_LAYER = 3

describe.each(LAYERS)('layer %i', (layer) => {
  const builder = new Builder(layer)
  const entries = entriesOf(layer)

  it('reads every constructor and method as it was written', () => {
    const wrong = (seed: number) => {
      const next = numbersFrom(seed)
      return entries.find((entry) => {
        const value = builder.entry(entry, next(3) === 0 ? 'all' : next(2) === 0 ? 'none' : 'some', next)
        return !isDeepStrictEqual(decodeObject(encodeOwn(value, layer)), value)
      })?.name
    }
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(wrong(seed)).toBeUndefined()
      }),
      { numRuns: RUNS_PER_LAYER },
    )
  })
})
