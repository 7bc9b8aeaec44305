import { describe, expect, it } from 'vitest'
import { cacheDir } from './places.ts'
import { endpointsOf } from './stack.ts'
import { parseServerNames } from './versions.ts'

describe('the places of a stack', () => {
  it('keep installed servers where the user keeps such', () => {
    expect(cacheDir({ HELIOGRAPH_CACHE: '/somewhere' })).toBe('/somewhere')
    expect(cacheDir({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/heliograph/stack')
    expect(cacheDir({})).toMatch(/\.cache\/heliograph\/stack$/)
  })

  it('name what runs, and nothing else', () => {
    const at = (name: string) => (name === 'kafka' || name === 'registry' ? `${name}:1` : undefined)
    expect(endpointsOf(at)).toEqual({ kafka: ['kafka:1'], registry: 'registry:1' })
  })
})

describe('a list of servers', () => {
  it('is read with its spaces', () => expect(parseServerNames('kafka, redis')).toEqual(['kafka', 'redis']))
  it('has no others', () => expect(() => parseServerNames('kafka,toString')).toThrow('no server "toString"'))
})
