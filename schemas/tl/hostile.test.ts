import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeCall,
  decodeObject,
  encodeCall,
  encodeObject,
  encodeOwn,
  MAX_CALL_VECTOR_LENGTH,
} from './codec.ts'
import { TlDecodeError } from './decode-error.ts'
import { gunzip, gzip } from './gzip.ts'
import { GZIP_PACKED_ID, VECTOR_ID } from './ids.ts'
import { LAYERS, NEWEST_LAYER } from './layers.ts'
import { TlReader } from './reader.ts'
import { tableOf } from './tables.ts'
import { Builder, numbersFrom } from './testing/build.ts'
import { entriesOf } from './testing/schema.ts'
import type { AnyCall } from './types.ts'
import { TlWriter } from './writer.ts'

const idOf = (name: string, kind: 'objects' | 'methods' = 'methods') =>
  tableOf(NEWEST_LAYER)[kind].get(name)!.id

function reasonOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof TlDecodeError) return error.reason
    throw error
  }
  return 'none'
}

function bytesOf(write: (w: TlWriter) => void): Buffer {
  const writer = new TlWriter()
  write(writer)
  return writer.copy()
}

const packed = (inner: Uint8Array) =>
  bytesOf((w) => {
    w.int32(GZIP_PACKED_ID)
    w.bytes(inner)
  })

describe('bytes that are no TL value', () => {
  it('are refused when they end early, at whatever place', () => {
    const next = numbersFrom(1)
    const builder = new Builder(NEWEST_LAYER, 2)
    const entries = entriesOf(NEWEST_LAYER).filter((_, index) => index % 10 === 0)
    for (const entry of entries) {
      const whole = encodeOwn(builder.entry(entry, 'some', next), NEWEST_LAYER)
      const cut = whole.subarray(0, next(whole.length))
      expect(['truncated', 'vector too long'], entry.name).toContain(reasonOf(() => decodeObject(cut)))
    }
  })

  it('are refused or read, but never crash, when they are random', () => {
    const ids = entriesOf(NEWEST_LAYER).map(({ id }) => id)
    const withId = fc.tuple(fc.constantFrom(...ids), fc.uint8Array({ maxLength: 200 })).map(([id, rest]) =>
      bytesOf((w) => {
        w.int32(id)
        w.append(rest)
      }),
    )
    fc.assert(
      fc.property(withId, (bytes) => {
        expect(reasonOf(() => decodeObject(bytes))).toBeTypeOf('string')
        expect(reasonOf(() => decodeCall(bytes))).toBeTypeOf('string')
      }),
      { numRuns: 3000 },
    )
  })

  it('are refused or read, but never crash, when one byte was changed', () => {
    const next = numbersFrom(7)
    for (const layer of LAYERS) {
      const builder = new Builder(layer, 2)
      for (const entry of entriesOf(layer).filter(({ kind }) => kind === 'method')) {
        const bytes = encodeOwn(builder.entry(entry, 'some', next), layer)
        bytes[next(bytes.length)]! ^= 1 << next(8)
        expect(reasonOf(() => decodeCall(bytes))).toBeTypeOf('string')
      }
    }
  })

  it('are named by their reason', () => {
    const call = encodeCall({ _: 'help.getConfig' })
    expect(reasonOf(() => decodeCall(Buffer.alloc(0)))).toBe('truncated')
    expect(reasonOf(() => decodeCall(Buffer.from('01020304', 'hex')))).toBe('unknown constructor')
    expect(reasonOf(() => decodeCall(encodeObject({ _: 'inputPeerSelf' })))).toBe('not a method')
    expect(reasonOf(() => decodeCall(Buffer.concat([call, Buffer.alloc(4)])))).toBe('trailing bytes')
    const photo = bytesOf((w) => {
      w.int32(idOf('contacts.block'))
      w.int32(0)
      w.object({ _: 'inputPhotoEmpty' })
    })
    expect(reasonOf(() => decodeCall(photo))).toBe('wrong type')
    expect(reasonOf(() => new TlReader(Buffer.from([255, 0, 0, 0])).string())).toBe('bad length')
    expect(reasonOf(() => new TlReader(Buffer.from([254, 255, 255, 255])).bytes())).toBe('truncated')
    expect(reasonOf(() => new TlReader(Buffer.alloc(4)).bool())).toBe('bad bool')
  })
})

describe('limits', () => {
  const vectorOf = (count: number) =>
    bytesOf((w) => {
      w.int32(idOf('users.getUsers'))
      w.int32(VECTOR_ID)
      w.int32(count)
    })

  it('hold for vectors', () => {
    for (const count of [1, -1, 0x7fffffff, 0x10000000])
      expect(reasonOf(() => decodeCall(vectorOf(count)))).toBe('vector too long')
    expect(reasonOf(() => decodeCall(vectorOf(0)))).toBe('none')
    const two = encodeCall({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }, { _: 'inputUserSelf' }] })
    expect(reasonOf(() => new TlReader(two, { maxVectorLength: 1 }).call())).toBe('vector too long')
    const ids = (count: number): AnyCall => ({ _: 'messages.deleteMessages', id: Array(count).fill(1) })
    expect(decodeCall(encodeCall(ids(MAX_CALL_VECTOR_LENGTH)))).toEqual(ids(MAX_CALL_VECTOR_LENGTH))
    expect(reasonOf(() => decodeCall(encodeCall(ids(MAX_CALL_VECTOR_LENGTH + 1))))).toBe('vector too long')
  })

  const nested = (levels: number): AnyCall => {
    let call: AnyCall = { _: 'help.getConfig' }
    for (let i = 0; i < levels; i++) call = { _: 'invokeWithoutUpdates', query: call }
    return call
  }

  it('hold for depth', () => {
    expect(decodeCall(encodeCall(nested(63)))).toEqual(nested(63))
    expect(reasonOf(() => decodeCall(encodeCall(nested(64))))).toBe('too deep')
    const endless = bytesOf((w) => {
      for (let i = 0; i < 100_000; i++) w.int32(idOf('invokeWithoutUpdates'))
    })
    expect(reasonOf(() => decodeCall(endless))).toBe('too deep')
    const vectors = bytesOf((w) => {
      for (let i = 0; i < 100_000; i++) {
        w.int32(VECTOR_ID)
        w.int32(1)
      }
    })
    expect(reasonOf(() => decodeObject(vectors))).toBe('too deep')
  })

  it('hold for packed calls in packed calls', () => {
    let bytes = encodeCall({ _: 'help.getConfig' })
    expect(decodeCall(packed(gzip(bytes)))).toEqual({ _: 'help.getConfig' })
    for (let i = 0; i < 70; i++) bytes = packed(gzip(bytes))
    expect(reasonOf(() => decodeCall(bytes))).toBe('too deep')
  })

  it('hold for what packed calls expand to', () => {
    const bomb = packed(gzip(Buffer.alloc(64 << 20)))
    expect(reasonOf(() => decodeCall(bomb))).toBe('expands too far')
    expect(reasonOf(() => decodeCall(packed(Buffer.from('no gzip'))))).toBe('bad compression')
  })
})

describe('text', () => {
  it('that is not UTF-8 is read with replacement characters', () => {
    const bytes = bytesOf((w) => w.bytes(Buffer.from([0x61, 0xff, 0x62])))
    expect(new TlReader(bytes).string()).toBe('a\ufffdb')
  })

  it('with lone surrogates is written and read back with replacement characters', () => {
    const bytes = bytesOf((w) => w.string('a\ud800b'))
    expect(new TlReader(bytes).string()).toBe('a\ufffdb')
  })
})

describe('gunzip', () => {
  it('reads gzip and zlib streams up to the limit', () => {
    const text = Buffer.from('x'.repeat(1000))
    expect(gunzip(gzip(text), 1000)).toEqual(text)
    expect(gunzip(deflateSync(text), 1000)).toEqual(text)
    expect(reasonOf(() => gunzip(gzip(text), 999))).toBe('expands too far')
    expect(reasonOf(() => gunzip(deflateSync(text), 999))).toBe('expands too far')
    expect(reasonOf(() => gunzip(Buffer.alloc(0), 10))).toBe('bad compression')
  })
})
