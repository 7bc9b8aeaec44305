import { aesKeyIv, authKeyIdBytes, igeEncrypt, messageKey, randomBytes } from '@heliograph/gateway/mtproto'
import { GZIP_PACKED_ID, gzip, TlWriter } from '@heliograph/schemas/tl'
import type { RawClient } from './raw-client.ts'

/** Keys derive differently for the two directions (core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector). */
const TO_SERVER = 0
const HEADER_BYTES = 32

export interface Forged {
  readonly body?: Buffer
  /** The length that the packet names, in place of the body's. */
  readonly length?: number
  readonly paddingBytes?: number
  /** Leaves the padding out of what the message key is computed over. */
  readonly keyOverBodyOnly?: boolean
}

/** An encrypted packet of the client's session, right except for what is said. */
export function forgedPacket(client: RawClient, forged: Forged): Buffer {
  const { authKey } = client.key
  const body = forged.body ?? Buffer.from(client.session.sessionId, 'hex')
  const padding = randomBytes(
    forged.paddingBytes ?? 12 + ((16 - ((HEADER_BYTES + body.length + 12) % 16)) % 16),
  )
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeBigInt64LE(client.session.salt, 0)
  header.write(client.session.sessionId, 8, 'hex')
  header.writeBigInt64LE(client.session.nextMsgId(), 16)
  header.writeInt32LE(client.session.nextSeqNo(true), 24)
  header.writeInt32LE(forged.length ?? body.length, 28)
  const plain = Buffer.concat([header, body, padding])
  const covered = forged.keyOverBodyOnly === true ? plain.subarray(0, HEADER_BYTES + body.length) : plain
  const key = messageKey(authKey, covered, TO_SERVER)
  const { key: aes, iv } = aesKeyIv(authKey, key, TO_SERVER)
  return Buffer.concat([authKeyIdBytes(authKey), key, igeEncrypt(plain, aes, iv)])
}

/** `gzip_packed` around the bytes. */
export function packed(content: Buffer): Buffer {
  const writer = new TlWriter()
  writer.int32(GZIP_PACKED_ID)
  writer.bytes(gzip(content))
  return writer.copy()
}

/** Little-endian 32-bit words. */
export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, i) => {
    bytes.writeInt32LE(value | 0, 4 * i)
  })
  return bytes
}
