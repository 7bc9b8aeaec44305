import { describe, expect, it } from 'vitest'
import { fewCopies } from './placement.ts'

describe('copies of rows', () => {
  it('are too few where nodes came later', () => {
    expect(fewCopies('heliograph', 1, 3)).toMatch(
      /^keyspace heliograph keeps copies of each row on 1 of 3 nodes/,
    )
    expect(fewCopies('heliograph', 2, 3)).toMatch(/fewer than 3/)
  })

  it('are enough where each node has one, or there are three', () => {
    expect(fewCopies('heliograph', 1, 1)).toBeUndefined()
    expect(fewCopies('heliograph', 3, 3)).toBeUndefined()
    expect(fewCopies('heliograph', 3, 5)).toBeUndefined()
  })
})
