/** The encrypted message inside `auth.bindTempAuthKey`, the last use of MTProto 1.0 (core.telegram.org/method/auth.bindTempAuthKey). */
import type { RandomBytes } from '../ports.ts'
import { authKeyIdBytes } from './auth-key-id.ts'
import { equalBytes } from './hash.ts'
import { igeDecrypt, igeEncrypt } from './ige.ts'
import { aesKeyIvV1, messageKeyV1, TO_SERVER } from './message-key.ts'
import { randomBytes } from './random.ts'

const ENVELOPE = 24
const HEADER = 32
const BLOCK = 16
/** `bind_auth_key_inner` is 40 bytes; anything near that is accepted, a message of any size is not. */
const LARGEST_BYTES = 512

export interface OpenedBind {
  readonly msgId: bigint
  readonly seqNo: number
  /** The serialised `bind_auth_key_inner`. */
  readonly body: Buffer
}

/** Opens the message with the permanent key, or returns undefined when it is not authentic, whatever the reason. */
export function openBindMessage(permanentKey: Uint8Array, encrypted: Uint8Array): OpenedBind | undefined {
  const size = encrypted.length - ENVELOPE
  if (size < HEADER || size > LARGEST_BYTES || size % BLOCK !== 0) return undefined
  const msgKey = encrypted.subarray(8, ENVELOPE)
  const { key, iv } = aesKeyIvV1(permanentKey, msgKey, TO_SERVER)
  const plain = igeDecrypt(encrypted.subarray(ENVELOPE), key, iv)
  const length = plain.readInt32LE(28)
  const fits = length >= 0 && length % 4 === 0 && HEADER + length <= size && size - HEADER - length < BLOCK
  // A length that does not fit is replaced, not returned on, so that the hash is computed in any case.
  const end = fits ? HEADER + length : size
  const authentic = equalBytes(messageKeyV1(plain.subarray(0, end)), msgKey)
  const named = equalBytes(authKeyIdBytes(permanentKey), encrypted, 0, 0, 8)
  if (!fits || !authentic || !named) return undefined
  return { msgId: plain.readBigInt64LE(16), seqNo: plain.readInt32LE(24), body: plain.subarray(HEADER, end) }
}

/** The client's side: seals a serialised `bind_auth_key_inner`. `msgId` is that of the message that carries the call. */
export function sealBindMessage(
  permanentKey: Uint8Array,
  msgId: bigint,
  body: Uint8Array,
  random: RandomBytes = randomBytes,
): Buffer {
  const plain = Buffer.alloc(Math.ceil((HEADER + body.length) / BLOCK) * BLOCK)
  plain.set(random(16))
  plain.writeBigInt64LE(msgId, 16)
  plain.writeInt32LE(0, 24)
  plain.writeInt32LE(body.length, 28)
  plain.set(body, HEADER)
  const padding = plain.length - HEADER - body.length
  plain.set(random(padding), HEADER + body.length)
  const msgKey = messageKeyV1(plain.subarray(0, HEADER + body.length))
  const { key, iv } = aesKeyIvV1(permanentKey, msgKey, TO_SERVER)
  return Buffer.concat([authKeyIdBytes(permanentKey), msgKey, igeEncrypt(plain, key, iv)])
}
