/** Unencrypted messages: auth_key_id 0 (8), msg_id (8), length (4), body. */
import { asBuffer, isUnencrypted } from '../crypto/auth-key-id.ts'
import { MalformedMessage } from './wire.ts'

const HEAD = 20
/** `req_DH_params` and `set_client_DH_params`, the longest, are below 450 bytes. */
const MAX_BODY_BYTES = 2048

/** The body of an unencrypted message. Its message id may be anything: some clients probe with 1. */
export function readPlainMessage(packet: Uint8Array): Buffer {
  const bytes = asBuffer(packet)
  if (bytes.length < HEAD || !isUnencrypted(bytes)) throw new MalformedMessage('no unencrypted message')
  const size = bytes.readInt32LE(16)
  // What stands behind the stated length is padding that some clients add.
  if (size < 4 || size > MAX_BODY_BYTES || (size & 3) !== 0 || size > bytes.length - HEAD) {
    throw new MalformedMessage(`an unencrypted message of ${size} bytes`)
  }
  return bytes.subarray(HEAD, HEAD + size)
}

export function writePlainMessage(msgId: bigint, body: Buffer): Buffer {
  const packet = Buffer.alloc(HEAD + body.length)
  packet.writeBigInt64LE(msgId, 8)
  packet.writeInt32LE(body.length, 16)
  packet.set(body, HEAD)
  return packet
}

/** A message id for `nowMs`: the Unix time in units of 2^-32 s, with the given remainder modulo 4 (0 client, 1 server's answer). */
export function plainMessageId(nowMs: number, remainder: 0 | 1): bigint {
  const seconds = Math.floor(nowMs / 1000)
  const fraction = Math.floor(((nowMs % 1000) / 1000) * 2 ** 30)
  return (BigInt(seconds) << 32n) | (BigInt(fraction) << 2n) | BigInt(remainder)
}
