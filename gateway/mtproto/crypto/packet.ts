/**
 * Encrypted packets: auth_key_id (8), msg_key (16), then AES-IGE over salt (8), session id (8), msg_id (8), seqno (4), length
 * (4), body and padding (core.telegram.org/mtproto/description).
 */
import type { RandomBytes, SessionId } from '../ports.ts'
import { authKeyIdBytes } from './auth-key-id.ts'
import { equalBytes, sha256 } from './hash.ts'
import { igeDecrypt, igeEncrypt, igeEncryptInto, isLargeForIge } from './ige.ts'
import {
  aesKeyIv,
  type Direction,
  deriveToScratch,
  messageKeyLarge,
  TO_CLIENT,
  TO_SERVER,
} from './message-key.ts'
import { randomBytes } from './random.ts'
import { decryptScratch, encryptScratch, INPUT, memory, OUTPUT } from './wasm.ts'

const ENVELOPE = 24
const HEADER = 32
const BLOCK = 16
const KEY_PART = 32
const PADDING_MIN = 12
const PADDING_MAX = 1024
/** Plaintexts up to here stay inside the scratch memory; longer ones take the general path. */
const SMALL_BYTES = 16 * 1024 - 64
const QUICK_ACK_FLAG = 0x80000000

/** What an authentic packet says. 64-bit numbers are signed, as TL longs are. */
export interface Opened {
  readonly salt: bigint
  readonly sessionId: SessionId
  readonly msgId: bigint
  readonly seqNo: number
  /** The message's body; its own memory, not a view of the packet. */
  readonly body: Buffer
  /** Token of a quick acknowledgement: the first 32 bits of the message key's hash with the highest bit set, unsigned. */
  readonly quickAckToken: number
}

/**
 * Opens a packet from a client. `authKey` is the 256-byte key that the packet's first 8 bytes name (that look-up is the
 * caller's). Returns undefined for a packet that is not authentic or whose length or padding is out of bounds, without
 * a difference in result or in work between the reasons.
 */
export function openPacket(authKey: Uint8Array, packet: Uint8Array): Opened | undefined {
  return open(authKey, packet, TO_SERVER)
}

/** The client's side of `openPacket`: opens a packet from the server. */
export function openServerPacket(authKey: Uint8Array, packet: Uint8Array): Opened | undefined {
  return open(authKey, packet, TO_CLIENT)
}

/** An auth key with what sealing needs of it, computed once. */
export interface SealingKey {
  readonly key: Uint8Array
  /** Its id as 8 bytes in wire order. */
  readonly idBytes: Uint8Array
}

export function sealingKey(authKey: Uint8Array): SealingKey {
  return { key: authKey, idBytes: authKeyIdBytes(authKey) }
}

/**
 * Seals a message and returns the whole packet. `sessionId` is hexadecimal in wire order; `body` must be a multiple of 4 bytes
 * long; `random` gives the padding (12 to 27 bytes).
 */
type Seal = (
  key: SealingKey,
  salt: bigint,
  sessionId: SessionId,
  msgId: bigint,
  seqNo: number,
  body: Uint8Array,
  random?: RandomBytes,
) => Buffer

const sealer =
  (x: Direction): Seal =>
  (key, salt, sessionId, msgId, seqNo, body, random = randomBytes) =>
    seal(key, salt, sessionId, msgId, seqNo, body, random, x)

/** To a client. */
export const sealPacket = sealer(TO_CLIENT)
/** The client's side of it: to the server. */
export const sealClientPacket = sealer(TO_SERVER)

function open(authKey: Uint8Array, packet: Uint8Array, x: Direction): Opened | undefined {
  const size = packet.length - ENVELOPE
  // A packet with a broken length is worked on as far as it has whole blocks, so that it costs what a forged one costs.
  const whole = size < HEADER + BLOCK ? 0 : size - (size % BLOCK)
  if (whole === 0) return undefined
  return whole <= SMALL_BYTES
    ? openSmall(authKey, packet, size, whole, x)
    : openLarge(authKey, packet, size, whole, x)
}

function openSmall(
  authKey: Uint8Array,
  packet: Uint8Array,
  size: number,
  whole: number,
  x: Direction,
): Opened | undefined {
  deriveToScratch(authKey, packet, 8, x)
  memory.set(whole === size ? packet.subarray(ENVELOPE) : packet.subarray(ENVELOPE, ENVELOPE + whole), INPUT)
  decryptScratch(INPUT, whole, OUTPUT + KEY_PART)
  for (let i = 0; i < KEY_PART; i++) memory[OUTPUT + i] = authKey[88 + x + i]!
  const large = sha256(memory.subarray(OUTPUT, OUTPUT + KEY_PART + whole))
  const authentic = equalBytes(large, packet, 8, 8, 16) && whole === size
  return authentic ? read(memory, OUTPUT + KEY_PART, whole, large) : undefined
}

function openLarge(
  authKey: Uint8Array,
  packet: Uint8Array,
  size: number,
  whole: number,
  x: Direction,
): Opened | undefined {
  const { key, iv } = aesKeyIv(authKey, packet.subarray(8, ENVELOPE), x)
  const plain = igeDecrypt(packet.subarray(ENVELOPE, ENVELOPE + whole), key, iv)
  const large = messageKeyLarge(authKey, plain, x)
  const authentic = equalBytes(large, packet, 8, 8, 16) && whole === size
  return authentic ? read(plain, 0, whole, large, true) : undefined
}

/** Reads the fields of a plaintext whose message key was right; its body is copied unless the memory is its own. */
function read(plain: Buffer, at: number, size: number, large: Buffer, isOwn = false): Opened | undefined {
  const length = plain.readInt32LE(at + 28)
  const padding = size - HEADER - length
  if (length < 0 || (length & 3) !== 0 || padding < PADDING_MIN || padding > PADDING_MAX) return undefined
  const view = plain.subarray(at + HEADER, at + HEADER + length)
  const body = isOwn ? view : Buffer.from(view)
  return {
    salt: plain.readBigInt64LE(at),
    sessionId: plain.toString('hex', at + 8, at + 16) as SessionId,
    msgId: plain.readBigInt64LE(at + 16),
    seqNo: plain.readInt32LE(at + 24),
    body,
    quickAckToken: (large.readUInt32LE(0) | QUICK_ACK_FLAG) >>> 0,
  }
}

function seal(
  key: SealingKey,
  salt: bigint,
  sessionId: SessionId,
  msgId: bigint,
  seqNo: number,
  body: Uint8Array,
  random: RandomBytes,
  x: Direction,
): Buffer {
  if ((body.length & 3) !== 0) throw new RangeError(`a message body of ${body.length} bytes`)
  const padding = PADDING_MIN + ((BLOCK - ((HEADER + body.length + PADDING_MIN) % BLOCK)) % BLOCK)
  const size = HEADER + body.length + padding
  const small = size <= SMALL_BYTES
  const plain = small ? memory : largeSpace(KEY_PART + size)
  const start = small ? INPUT : 0
  for (let i = 0; i < KEY_PART; i++) plain[start + i] = key.key[88 + x + i]!
  const at = start + KEY_PART
  plain.writeBigInt64LE(salt, at)
  plain.write(sessionId, at + 8, 8, 'hex')
  plain.writeBigInt64LE(msgId, at + 16)
  plain.writeInt32LE(seqNo, at + 24)
  plain.writeInt32LE(body.length, at + 28)
  plain.set(body, at + HEADER)
  plain.set(random(padding), at + HEADER + body.length)
  return small ? sealSmall(key, size, x) : sealLarge(key, plain, x)
}

function sealSmall(key: SealingKey, size: number, x: Direction): Buffer {
  const large = sha256(memory.subarray(INPUT, INPUT + KEY_PART + size))
  deriveToScratch(key.key, large, 8, x)
  encryptScratch(INPUT + KEY_PART, size, OUTPUT)
  const packet = envelope(key, large, size)
  memory.copy(packet, ENVELOPE, OUTPUT, OUTPUT + size)
  return packet
}

function sealLarge(key: SealingKey, keyedPlain: Buffer, x: Direction): Buffer {
  const large = sha256(keyedPlain)
  const aes = aesKeyIv(key.key, large.subarray(8, 24), x)
  const size = keyedPlain.length - KEY_PART
  if (!isLargeForIge(size)) {
    const packet = envelope(key, large, size)
    packet.set(igeEncrypt(keyedPlain.subarray(KEY_PART), aes.key, aes.iv), ENVELOPE)
    return packet
  }
  const packet = envelope(key, large, size, Buffer.allocUnsafeSlow(ENVELOPE + size))
  // The part of the key in front has been hashed and makes room for a block of the vector.
  igeEncryptInto(keyedPlain.subarray(KEY_PART - BLOCK), aes.key, aes.iv, packet, ENVELOPE)
  return packet
}

const SHARED_BYTES = 1024 * 1024 + 64 * 1024
const shared = Buffer.allocUnsafeSlow(SHARED_BYTES)

/** Where a large plaintext is put together; good until the next packet is sealed. */
function largeSpace(size: number): Buffer {
  return size <= SHARED_BYTES ? shared.subarray(0, size) : Buffer.allocUnsafeSlow(size)
}

function envelope(
  key: SealingKey,
  large: Buffer,
  size: number,
  packet = Buffer.allocUnsafe(ENVELOPE + size),
): Buffer {
  for (let i = 0; i < 8; i++) packet[i] = key.idBytes[i]!
  for (let i = 0; i < 16; i++) packet[8 + i] = large[8 + i]!
  return packet
}
