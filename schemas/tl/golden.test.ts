import { describe, expect, it } from 'vitest'
import { decodeObject, encodeCall, encodeObject } from './codec.ts'
import { TlReader } from './reader.ts'
import type { Mt } from './types.ts'
import { TlWriter } from './writer.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe("MTProto's own messages", () => {
  // https://core.telegram.org/mtproto/samples-auth_key
  const nonce = hex('3E0549828CCA27E966B301A48FECE2FC')
  const serverNonce = hex('A5CF4D33F4A11EA877BA4AA573907330')

  it('are as in the sample of a key exchange', () => {
    const resPq: Mt<'resPQ'> = {
      _: 'resPQ',
      nonce,
      serverNonce,
      pq: hex('17ED48941A08F981'),
      serverPublicKeyFingerprints: [BigInt.asIntN(64, 0xc3b42b026ce86b21n)],
    }
    const bytes = hex(
      `63241605 ${nonce.toString('hex')} ${serverNonce.toString('hex')}
       08 17ED48941A08F981 000000 15C4B51C 01000000 216BE86C022BB4C3`.replace(/\s+/g, ' '),
    )
    expect(encodeObject(resPq)).toEqual(bytes)
    expect(decodeObject(bytes)).toEqual(resPq)
    expect(encodeCall({ _: 'req_pq', nonce })).toEqual(Buffer.concat([hex('78974660'), nonce]))
  })

  it('hold bare vectors of bare salts', () => {
    const salts: Mt<'future_salts'> = {
      _: 'future_salts',
      reqMsgId: 1n,
      now: 2,
      salts: [{ _: 'future_salt', validSince: 3, validUntil: 4, salt: -1n }],
    }
    const bytes = hex('950850ae 0100000000000000 02000000 01000000 03000000 04000000 ffffffffffffffff')
    expect(encodeObject(salts)).toEqual(bytes)
    expect(decodeObject(bytes)).toEqual(salts)
  })
})

describe('primitives', () => {
  const written = (write: (w: TlWriter) => void) => {
    const writer = new TlWriter(1)
    write(writer)
    return writer.copy().toString('hex')
  }

  it('are little-endian', () => {
    expect(written((w) => w.int32(-2))).toBe('feffffff')
    expect(written((w) => w.uint32(0xfffffffe))).toBe('feffffff')
    expect(written((w) => w.int64(-2n))).toBe('feffffffffffffff')
    expect(written((w) => w.int53(2 ** 40 + 1))).toBe('0100000000010000')
    expect(written((w) => w.int53(-(2 ** 40) - 1))).toBe('fffffffffffeffff')
    expect(written((w) => w.double(1.5))).toBe('000000000000f83f')
  })

  it.each([0, 1, 3, 4, 63, 64, 65, 84, 85, 253, 254, 255, 256, 70_000])(
    'hold text and bytes of %i',
    (length) => {
      for (const unit of ['a', 'é', '語']) {
        const text = unit.repeat(Math.floor(length / Buffer.byteLength(unit)))
        const writer = new TlWriter(1)
        writer.string(text)
        writer.bytes(Buffer.from(text))
        expect(writer.length % 8).toBe(0)
        const reader = new TlReader(writer.result())
        expect([reader.string(), reader.bytes().toString(), reader.remaining]).toEqual([text, text, 0])
      }
    },
  )

  it('are of use again after a reset', () => {
    const writer = new TlWriter()
    writer.string('first')
    writer.reset().object({ _: 'pong', msgId: 1n, pingId: 2n })
    expect(new TlReader(writer.result()).object()).toEqual({ _: 'pong', msgId: 1n, pingId: 2n })
  })
})
