import { describe, expect, it } from 'vitest'
import { LAYERS, NEWEST_LAYER, servedLayer } from './layers.ts'

describe('layers', () => {
  it('are the published ones that we know', () => {
    expect(LAYERS).toEqual([
      158, 167, 170, 177, 179, 181, 184, 189, 193, 198, 204, 214, 216, 218, 220, 221, 223, 227, 228, 229,
    ])
    expect(LAYERS.at(-1)).toBe(NEWEST_LAYER)
  })

  it.each([
    [1, 158],
    [166, 158],
    [167, 167],
    [169, 167],
    [200, 198],
    [226, 223],
    [229, 229],
    [500, 229],
    [-3, 158],
  ])('a client of layer %i is served %i', (named, served) => expect(servedLayer(named)).toBe(served))
})
