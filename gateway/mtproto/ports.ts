/**
 * The seams of the MTProto stack. Sockets produce packets (one MTProto payload each, transport framing and
 * obfuscation removed); the connection layer above turns packets into calls; stores and dispatch are ports.
 */
import type { AnyCall } from '@heliograph/schemas/tl'
import type { CallTrace } from '../observer.ts'

/** Lower-case hexadecimal of the 64-bit auth key id, in wire byte order (16 characters). */
export type AuthKeyId = string & { readonly brand: 'AuthKeyId' }
/** The 64-bit session id that the client chose, as lower-case hexadecimal in wire byte order. */
export type SessionId = string & { readonly brand: 'SessionId' }

export type LinkKind = 'tcp' | 'websocket' | 'http'

/** One client connection as the layers above the transport see it. */
export interface PacketLink {
  readonly kind: LinkKind
  /** The peer's address without port, for flood limits. */
  readonly remoteAddress: string
  /** Frames, obfuscates and writes one MTProto packet. On `http` it answers the oldest waiting request. */
  send(packet: Uint8Array): void
  /** Answers a quick-acknowledgement request with the 32-bit token (transport specific byte order inside). */
  sendQuickAck(token: number): void
  /** Sends the 4-byte transport error (-404, -429, -444) and closes. */
  sendTransportError(code: -404 | -429 | -444): void
  /** Bytes accepted by `send` that the kernel has not taken yet. */
  bufferedBytes(): number
  close(): void
}

/** What the layer above gives to the socket for each link. */
export interface PacketReceiver {
  packet(bytes: Uint8Array, quickAckWanted: boolean): void
  /** The link's buffered bytes fell to zero after having been above it. */
  drained(): void
  closed(): void
}

/** Called by the sockets for each new link. */
export type OpenLink = (link: PacketLink) => PacketReceiver

export interface AuthKey {
  readonly id: AuthKeyId
  /** 256 bytes. */
  readonly key: Buffer
  /** Unix seconds when a temporary key ends; undefined for a permanent key. */
  readonly expiresAt?: number
  /** The salt that both sides derived in the key exchange, good for a while from `createdAt` on. */
  readonly firstSalt: bigint
  /** Unix seconds. */
  readonly createdAt: number
  /** The data centre that the client named in the key exchange: known where the key was made, until that node forgets it. */
  readonly dataCentreId?: number
  /** For a bound temporary key: the permanent key it speaks for. */
  boundTo?: AuthKeyId
  /** The account that is logged in on this (permanent) key. */
  userId?: number
  /** When the log-in was last noted to be used (Unix seconds). */
  activeAt?: number
  /** Layer and client description that the key last named in invokeWithLayer / initConnection. */
  layer?: number
  client?: ClientInfo
}

/** Values of `initConnection`, and whence it came; kept per (permanent) auth key. */
export interface ClientInfo {
  readonly apiId: number
  readonly deviceModel: string
  readonly systemVersion: string
  readonly appVersion: string
  readonly systemLangCode: string
  readonly langPack: string
  readonly langCode: string
  /** The peer's address without port. */
  readonly address: string
}

/** Durable auth keys behind the gateway. `cached` is the hot path and never waits. */
export interface AuthKeyStore {
  cached(id: AuthKeyId): AuthKey | undefined
  load(id: AuthKeyId): Promise<AuthKey | undefined>
  /** Resolves when the key is durable; the key exchange answers only after that. */
  create(key: AuthKey): Promise<void>
  /** Binds a temporary key to a permanent one (`auth.bindTempAuthKey`). */
  bind(temporary: AuthKeyId, permanent: AuthKeyId): Promise<void>
  /** `destroy_auth_key`. */
  destroy(id: AuthKeyId): Promise<void>
  /** Remembers layer and client info of a key. */
  describe(id: AuthKeyId, layer: number, client: ClientInfo | undefined): void
}

/** Who calls, seen by the RPC layer. */
export interface Caller {
  readonly authKeyId: AuthKeyId
  /** The permanent key: of the key itself or, for a bound temporary key, the one that it speaks for. */
  readonly permanentKeyId: AuthKeyId
  readonly sessionId: SessionId
  /** Read at each use: it changes when the key logs in or out. */
  readonly userId: number | undefined
  readonly layer: number
  /** The data centre that the client takes this server for, where it has said so and that is remembered. */
  readonly dataCentreId?: number | undefined
  readonly client: ClientInfo | undefined
  readonly remoteAddress: string
  readonly msgId: bigint
  /** True inside `invokeWithoutUpdates`. */
  readonly withoutUpdates: boolean
  /** The id given to `invokeWithTakeout`, inside it. */
  readonly takeoutId?: bigint | undefined
  /** When its frame came, on the observer's clock, where somebody measures. */
  readonly begunMs?: number | undefined
  /** Bytes that the session has not been able to send yet; not every caller can tell. */
  unsentBytes?(): number
  /** The trace that the call belongs to, where it is traced. */
  readonly trace?: CallTrace | undefined
}

/**
 * Runs one unwrapped API call and resolves to its result, a TL value of the newest layer (or a primitive or vector as the
 * method's type says). Rejects with `RpcError` for an error of the protocol; anything else is a bug and becomes a 500.
 */
export type Dispatch = (call: AnyCall, caller: Caller) => Promise<unknown>

/** A live session that asked for updates: what the push side needs to reach it. */
export interface SessionHandle {
  readonly permanentKeyId: AuthKeyId
  readonly sessionId: SessionId
  readonly userId: number
  readonly layer: number
  /** Queues an `Updates` value of the newest layer; returns false when the session's queue is full or it is gone. */
  push(updates: unknown): boolean
}

/** Told by the session engine as sessions come and go; implemented by the push side of the gateway. */
export interface SessionObserver {
  /** The session has a logged-in user, is connected and wants updates. Repeated calls for the same session are idempotent. */
  attached(session: SessionHandle): void
  detached(session: SessionHandle): void
}

/** Random bytes from a CSPRNG, injected so that tests are repeatable. */
export type RandomBytes = (sizeBytes: number) => Buffer
