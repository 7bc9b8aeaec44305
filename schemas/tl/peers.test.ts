import { createRequire } from 'node:module'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { encodeOwn } from './codec.ts'
import { packageFolder } from './generate/sources.mjs'
import { Builder, type Flags, numbersFrom } from './testing/build.ts'
import { entriesOf } from './testing/schema.ts'

/** The codecs of public clients read what we write, to the last byte and with the same values. */
interface MtcuteRuntime {
  TlBinaryReader: new (map: object, data: Uint8Array) => { object(): object; pos: number }
}

const MTCUTE = [167, 179, 181, 189, 204, 216, 218, 220, 221, 223, 227, 228]
const FLAGS: readonly Flags[] = ['none', 'all', 'some']
const TWO_POW_32 = 4294967296n
const folderOf = (layer: number) =>
  layer < 227 ? packageFolder(`tl-${layer}`) : join(packageFolder(`mtcute-core-${layer}`), 'tl')
const requireFrom = createRequire(join(packageFolder('mtcute-core-227'), 'package.json'))

function samples(layer: number) {
  const builder = new Builder(layer, 3, false)
  const next = numbersFrom(layer)
  const ownToUs = new Set(['null', 'true'])
  const classes = entriesOf(layer).filter(
    ({ kind, mtproto, name }) => kind === 'class' && !mtproto && !ownToUs.has(name),
  )
  return classes.flatMap((entry) =>
    FLAGS.map((flags) => {
      const value = builder.entry(entry, flags, next)
      return { value, bytes: encodeOwn(value, layer) }
    }),
  )
}

/** Numbers, Long objects and byte arrays as text; without flags, which may share their bit with other fields. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  const { low, high } = value as { low?: number; high?: number }
  if (high !== undefined && 'unsigned' in value) return String(BigInt(high) * TWO_POW_32 + BigInt(low! >>> 0))
  const fields = Object.entries(value).filter(
    ([, field]) => field !== undefined && typeof field !== 'boolean',
  )
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]))
}

describe.each(MTCUTE)('mtcute of layer %i', (layer) => {
  it('reads every constructor as we mean it', () => {
    const runtime: MtcuteRuntime = requireFrom('@mtcute/tl-runtime')
    const require = createRequire(join(folderOf(layer), 'x.js'))
    const { __tlReaderMap: readers } = require(`./binary/reader.${layer < 227 ? 'js' : 'cjs'}`)
    for (const { value, bytes } of samples(layer)) {
      const reader = new runtime.TlBinaryReader(readers, bytes)
      expect(isDeepStrictEqual(plain(reader.object()), plain(value)), value._).toBe(true)
      expect(reader.pos, value._).toBe(bytes.length)
    }
  })
})

/** GramJS refuses to make a message whose id is 0. */
function hasMessageZero(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
  const { _: name, id } = value as { _?: string; id?: number }
  return (
    (/^message(Empty|Service)?$/.test(name ?? '') && id === 0) || Object.values(value).some(hasMessageZero)
  )
}

describe('GramJS, layer 198', () => {
  it('reads every constructor to the last byte', () => {
    const { BinaryReader } = createRequire(import.meta.url)('telegram/extensions')
    for (const { value, bytes } of samples(198)) {
      if (value._ === 'error' || hasMessageZero(value)) continue
      const reader = new BinaryReader(bytes)
      expect(reader.tgReadObject().className.toLowerCase()).toBe(value._.toLowerCase())
      expect(reader.tellPosition(), value._).toBe(bytes.length)
    }
  })
})
