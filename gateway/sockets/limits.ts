import { MAX_FRAME_BYTES } from '../mtproto/transport/framing.ts'

/** Bounds of what a peer may take from one listener. All times in milliseconds. */
export interface SocketLimits {
  /** Connections at one time; more are refused. */
  readonly maxConnections: number
  /** Connections of one address at one time, on each listener. Behind a proxy that is all of them. */
  readonly maxConnectionsPerAddress: number
  /** Memory that the incomplete frames and bodies of one address may take, on each listener. */
  readonly maxHeldBytesPerAddress: number
  /** A TCP connection that has not shown its transport by then is closed. */
  readonly openingMs: number
  /** A TCP connection on which nothing moves for so long is closed. Clients ping at least every minute or so. */
  readonly idleMs: number
  /** A connection whose peer leaves more than this unread is closed; the session above reacts much earlier. */
  readonly maxBufferedBytes: number
  /** Body of an HTTP request and message of a WebSocket. */
  readonly maxBodyBytes: number
  /** An HTTP request that got no answer by then gets an empty one (`http_wait` asks for at most 25 s). */
  readonly httpWaitMs: number
  /** Time without progress that an ended connection has for its last bytes. */
  readonly closingMs: number
}

export const DEFAULT_SOCKET_LIMITS: SocketLimits = {
  maxConnections: 50_000,
  maxConnectionsPerAddress: 1_000,
  maxHeldBytesPerAddress: 128 * 1024 * 1024,
  openingMs: 60_000,
  idleMs: 15 * 60_000,
  maxBufferedBytes: 16 * 1024 * 1024,
  maxBodyBytes: MAX_FRAME_BYTES + 1024,
  httpWaitMs: 30_000,
  closingMs: 2_000,
}

export interface ListenAddress {
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
}
