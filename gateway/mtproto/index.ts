export {
  asBuffer,
  authKeyIdBytes,
  authKeyIdOf,
  isUnencrypted,
  newNonceHash,
  packetAuthKeyId,
} from './crypto/auth-key-id.ts'
export { type OpenedBind, openBindMessage, sealBindMessage } from './crypto/bind-message.ts'
export { equalBytes, sha1, sha256 } from './crypto/hash.ts'
export { igeDecrypt, igeEncrypt } from './crypto/ige.ts'
export { aesKeyIv, aesKeyIvV1, messageKey, messageKeyV1 } from './crypto/message-key.ts'
export {
  type Opened,
  openPacket,
  openServerPacket,
  type SealingKey,
  sealClientPacket,
  sealingKey,
  sealPacket,
} from './crypto/packet.ts'
export { randomBytes } from './crypto/random.ts'
export * from './ports.ts'
export { ClientTransport, transportErrorOf } from './transport/client-transport.ts'
export type { FrameSink } from './transport/frame-reader.ts'
export type { TransportFault, TransportKind } from './transport/framing.ts'
export type { ObfuscatedKind } from './transport/obfuscation.ts'
export { ServerTransport } from './transport/server-transport.ts'
