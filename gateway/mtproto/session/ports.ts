import type { GatewayObserver } from '../../observer.ts'
import type { RsaKey } from '../handshake/rsa-key.ts'
import type { AuthKeyStore, Dispatch, RandomBytes, SessionObserver } from '../ports.ts'

/** Everything that the session engine needs from outside; it does no I/O and reads no clock of its own. */
export interface SessionPorts {
  readonly authKeys: AuthKeyStore
  readonly dispatch: Dispatch
  readonly observer: SessionObserver
  /** The server's key, for key exchanges. */
  readonly rsaKey: RsaKey
  /** Unix time in milliseconds. */
  readonly now: () => number
  readonly random: RandomBytes
  /** Secret of the salts, shared by all gateways. */
  readonly saltSecret: Buffer
  /** Runs `flush` soon, after what the present turn of the event loop still brings (setImmediate). */
  readonly defer: (flush: () => void) => void
  /** Calls `tick` every `intervalMs`; the returned function stops it. */
  readonly every: (intervalMs: number, tick: () => void) => () => void
  /**
   * Told of every exception that is not a protocol error. `where` names the call or the step, `request` is the message id of
   * the call, if it was one.
   */
  readonly onBug: (error: unknown, where: string, request?: bigint) => void
  /** Told what happens, where somebody measures it. */
  readonly telemetry?: GatewayObserver | undefined
}
