import type { PacketLink } from '../ports.ts'
import type { Context } from './context.ts'
import type { Session } from './session.ts'

/** What messages may ask of the connection that brought them. */
export interface Carrier {
  readonly link: PacketLink
  /** The link carries this session from now on. */
  carries(session: Session): void
  /** `ping_delay_disconnect`: closes the link unless another one comes in time. */
  disconnectAt(dueMs: number): void
  /** `http_wait`: how long an http request may stay without an answer. */
  answerBy(dueMs: number): void
}

/** One packet on its way through the engine. */
export interface Arrival {
  readonly ctx: Context
  readonly session: Session
  readonly carrier: Carrier
  readonly nowMs: number
  /** What the `gzip_packed` parts of the packet may still expand to. */
  unpackBytesLeft: number
}
