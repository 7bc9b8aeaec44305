import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { SessionId } from '../ports.ts'
import { authKeyIdOf, packetAuthKeyId } from './auth-key-id.ts'
import { igeDecrypt, igeEncrypt } from './ige.ts'
import { aesKeyIv, type Direction } from './message-key.ts'
import { openPacket, openServerPacket, sealClientPacket, sealingKey, sealPacket } from './packet.ts'

const key = sealingKey(randomBytes(256))
const session = '0123456789abcdef' as SessionId
const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

function plaintext(body: Buffer, padding: number, length = body.length): Buffer {
  const plain = Buffer.concat([Buffer.alloc(32), body, randomBytes(padding)])
  plain.writeBigInt64LE(-5n, 0)
  plain.write(session, 8, 'hex')
  plain.writeBigInt64LE(77n, 16)
  plain.writeInt32LE(3, 24)
  plain.writeInt32LE(length, 28)
  return plain
}

/** Seals by the specification's formulas, with any plaintext. */
function sealRaw(plain: Buffer, x: Direction, msgKeyOverride?: Buffer): Buffer {
  const k = Buffer.from(key.key)
  const msgKey = msgKeyOverride ?? sha256(k.subarray(88 + x, 120 + x), plain).subarray(8, 24)
  const a = sha256(msgKey, k.subarray(x, x + 36))
  const b = sha256(k.subarray(40 + x, 76 + x), msgKey)
  const aesKey = Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)])
  const iv = Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)])
  return Buffer.concat([key.idBytes, msgKey, igeEncrypt(plain, aesKey, iv)])
}

describe('sealing and opening', () => {
  it.each([0, 4, 200, 1000, 16264, 16288, 16320, 16384, 300000])(
    'agree in both directions at %i bytes',
    (size) => {
      const body = randomBytes(size)
      const toClient = sealPacket(key, -5n, session, 77n, 3, body)
      const toServer = sealClientPacket(key, -5n, session, 77n, 3, body)
      const expected = { salt: -5n, sessionId: session, msgId: 77n, seqNo: 3 }
      for (const opened of [openServerPacket(key.key, toClient)!, openPacket(key.key, toServer)!]) {
        const { body: openedBody, quickAckToken, ...fields } = opened
        expect(fields).toEqual(expected)
        expect(quickAckToken).toBeGreaterThanOrEqual(0x80000000)
        expect(openedBody.equals(body)).toBe(true)
      }
      expect(openPacket(key.key, toClient)).toBeUndefined()
      expect(openServerPacket(key.key, toServer)).toBeUndefined()
    },
  )

  it('follow the formulas of the specification', () => {
    const body = randomBytes(64)
    expect(openPacket(key.key, sealRaw(plaintext(body, 16), 0))?.body).toEqual(body)
    expect(openServerPacket(key.key, sealRaw(plaintext(body, 16), 8))?.body).toEqual(body)
    const packet = sealPacket(key, -5n, session, 77n, 3, body)
    const aes = aesKeyIv(key.key, packet.subarray(8, 24), 8)
    const plain = igeDecrypt(packet.subarray(24), aes.key, aes.iv)
    expect(plain.subarray(0, 96)).toEqual(plaintext(body, 0))
    expect(sealRaw(plain, 8)).toEqual(packet)
  })

  it('give the quick-acknowledgement token of the message', () => {
    const plain = plaintext(randomBytes(64), 16)
    const token = sha256(Buffer.from(key.key).subarray(88, 120), plain).readUInt32LE(0)
    expect(openPacket(key.key, sealRaw(plain, 0))?.quickAckToken).toBe((token | 0x80000000) >>> 0)
  })

  it('name the auth key', () => {
    expect(packetAuthKeyId(sealPacket(key, 0n, session, 1n, 0, randomBytes(4)))).toBe(authKeyIdOf(key.key))
  })

  it('leave the body intact when later packets are opened', () => {
    const body = randomBytes(64)
    const opened = openPacket(key.key, sealClientPacket(key, 0n, session, 1n, 0, body))
    openPacket(key.key, sealClientPacket(key, 0n, session, 2n, 0, randomBytes(64)))
    expect(opened?.body).toEqual(body)
  })
})

describe.each([
  ['short', 64],
  ['long', 20000],
])('a %s packet is refused', (_name, size) => {
  const body = randomBytes(size)

  it('when any byte of it was changed', () => {
    const packet = sealClientPacket(key, 0n, session, 1n, 0, body)
    for (const at of [8, 23, 24, 40, packet.length - 1]) {
      const changed = Buffer.from(packet)
      changed[at]! ^= 1
      expect(openPacket(key.key, changed)).toBeUndefined()
    }
  })

  it('when the message key does not cover the padding', () => {
    const plain = plaintext(body, 16)
    const overBodyOnly = sha256(
      Buffer.from(key.key).subarray(88, 120),
      plain.subarray(0, 32 + size),
    ).subarray(8, 24)
    expect(openPacket(key.key, sealRaw(plain, 0, overBodyOnly))).toBeUndefined()
  })

  it('when the length is negative, not divisible by 4 or beyond the plaintext', () => {
    for (const length of [-4, -size, size - 2, size + 16, 0x7ffffffc, size + 1]) {
      expect(openPacket(key.key, sealRaw(plaintext(body, 16, length), 0))).toBeUndefined()
    }
  })

  it('when the padding is below 12 or above 1024 bytes', () => {
    expect(openPacket(key.key, sealRaw(plaintext(body.subarray(0, size - 8), 8), 0))).toBeUndefined()
    expect(openPacket(key.key, sealRaw(plaintext(body, 0), 0))).toBeUndefined()
    expect(openPacket(key.key, sealRaw(plaintext(body, 1040), 0))).toBeUndefined()
    expect(openPacket(key.key, sealRaw(plaintext(body, 1024), 0))?.body).toEqual(body)
    expect(openPacket(key.key, sealRaw(plaintext(body.subarray(0, size - 12), 12), 0))).toBeDefined()
  })

  it('when it has no whole number of blocks', () => {
    const packet = sealClientPacket(key, 0n, session, 1n, 0, body)
    for (const cut of [1, 4, 15]) {
      expect(openPacket(key.key, packet.subarray(0, packet.length - cut))).toBeUndefined()
      expect(openPacket(key.key, Buffer.concat([packet, randomBytes(cut)]))).toBeUndefined()
    }
    expect(openPacket(key.key, packet.subarray(0, 40))).toBeUndefined()
    expect(openPacket(key.key, Buffer.alloc(0))).toBeUndefined()
  })
})
