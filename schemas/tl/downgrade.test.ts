import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  decodeCall,
  decodeObject,
  decodeResult,
  encodeCall,
  encodeObject,
  encodeOwn,
  encodeResult,
} from './codec.ts'
import type { Loose } from './compat/rules.ts'
import { LAYERS, NEWEST_LAYER } from './layers.ts'
import { Builder, type Flags, numbersFrom } from './testing/build.ts'
import { entriesOf } from './testing/schema.ts'
import type { AnyCall, AnyObject, MethodName } from './types.ts'

const newest = new Builder(NEWEST_LAYER)
const newestEntries = entriesOf(NEWEST_LAYER)
const newestNames = new Set(newestEntries.map(({ name }) => name))
const FLAGS: readonly Flags[] = ['all', 'none', 'some']
// A written value of an old layer is that layer's own if that layer's own writer gives the same bytes.
const isOwn = (bytes: Buffer, layer: number) =>
  encodeOwn(decodeObject(bytes) as unknown as Loose, layer).equals(bytes)

describe.each(LAYERS)('layer %i', (layer) => {
  const next = numbersFrom(layer)
  const own = new Builder(layer)
  const known = new Set(entriesOf(layer).map(({ name }) => name))

  it('gets a valid object of its own for every constructor of the newest layer', () => {
    for (const entry of newestEntries.filter(({ kind, name }) => kind === 'class' && known.has(name)))
      for (const flags of FLAGS) {
        const value = newest.entry(entry, flags, next) as unknown as AnyObject
        expect(isOwn(encodeObject(value, layer), layer), entry.name).toBe(true)
      }
  })

  it('gets a valid answer to every method of the newest layer', () => {
    for (const entry of newestEntries.filter(({ kind, type }) => kind === 'method' && type.type !== 'X')) {
      if (entry.mtproto || !known.has(entry.name)) continue
      const value = newest.value(entry.type.type === 'Bool' ? { k: 'Bool' } : entry.type, 'all', next, 0)
      const bytes = encodeResult(entry.name as MethodName, value, layer)
      expect(() => decodeResult(entry.name as MethodName, bytes, layer), entry.name).not.toThrow()
    }
  })

  it('has its requests read in the shape of the newest layer', () => {
    for (const entry of entriesOf(layer).filter(({ kind }) => kind === 'method'))
      for (const flags of FLAGS) {
        const call = decodeCall(encodeOwn(own.entry(entry, flags, next), layer))
        if (!newestNames.has(call._)) continue
        expect(isDeepStrictEqual(decodeCall(encodeCall(call as AnyCall)), call), entry.name).toBe(true)
      }
  })
})
