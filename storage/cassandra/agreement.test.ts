import { describe, expect, it } from 'vitest'
import { agree } from './agreement.ts'

const node = (number: number, schema?: string) => ({ address: `10.0.0.${number}`, schema })

describe('nodes', () => {
  it('agree where all have the same schema', () =>
    expect(agree('new', [node(2, 'new'), node(3, 'new')], new Set())).toBe(true))

  it('do not while one that is up has another one', () =>
    expect(agree('new', [node(2, 'new'), node(3, 'old')], new Set())).toBe(false))

  it('agree whatever one had that is down', () =>
    expect(agree('new', [node(2, 'new'), node(3, 'old')], new Set(['10.0.0.3']))).toBe(true))

  it('agree while one is coming that has none yet', () =>
    expect(agree('new', [node(2)], new Set())).toBe(true))
})
