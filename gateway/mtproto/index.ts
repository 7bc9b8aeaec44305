export { DEFAULT_SOCKET_LIMITS, type ListenAddress, type SocketLimits } from '../sockets/limits.ts'
export { listenTcp, type TcpListener } from '../sockets/tcp.ts'
export { type HttpApp, type HttpListener, type HttpOptions, listenHttp } from '../sockets/uws.ts'
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
export {
  ClientExchange,
  type ClientExchangeOptions,
  type ClientKey,
  type ClientOutcome,
} from './handshake/client.ts'
export { prepareKeyExchange } from './handshake/dh-group.ts'
export {
  generateRsaKey,
  loadOrCreateRsaKey,
  parseRsaKey,
  parseRsaPublicKey,
  type RsaKey,
  type RsaPublicKey,
} from './handshake/rsa-key.ts'
export {
  type CompletedExchange,
  type ExchangeFailure,
  type ExchangeOutcome,
  KeyExchange,
  type KeyExchangeOptions,
} from './handshake/server.ts'
export { SharedExchanges } from './handshake/shared-exchanges.ts'
export * from './ports.ts'
export { ClientSession, type ClientSessionOptions, type OnResult } from './session/client.ts'
export { createSessionEngine, type SessionEngine, systemPorts } from './session/engine.ts'
export { DEFAULT_LIMITS, GENEROUS_EXCHANGE_LIMITS, type SessionLimits } from './session/limits.ts'
export type { SessionPorts } from './session/ports.ts'
export { ClientTransport, transportErrorOf } from './transport/client-transport.ts'
export type { FrameSink } from './transport/frame-reader.ts'
export type { TransportFault, TransportKind } from './transport/framing.ts'
export type { ObfuscatedKind } from './transport/obfuscation.ts'
export { ServerTransport } from './transport/server-transport.ts'
