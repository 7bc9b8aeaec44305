import type { Span, Tracer } from '@heliograph/topics'
import type { LinkKind } from './mtproto/ports.ts'

/** What a gateway can be asked at any time. */
export type GatewayGauge = 'sessions' | 'stalledSessions' | 'waitingCalls' | 'connectedUsers' | 'derivations'

/** What happens to bytes of files. */
export type FileTraffic = 'uploaded' | 'downloaded' | 'stored' | 'known'

/** Code of a call that was answered with its result. */
export const ANSWERED = 0
/** Name of a call that could not be read. */
export const UNREAD_METHOD = 'unread'

/**
 * Told what the gateway does, by whoever measures it; a gateway without one measures nothing. Nothing that it is told
 * names a person, an address or a key. It is called on the hot path: it must neither throw nor wait.
 */
export interface GatewayObserver {
  /** Milliseconds on a clock that never goes back; the durations below are differences of it. */
  readonly clock: () => number
  /** Present where calls are traced. */
  readonly tracer?: Tracer | undefined
  /** `read` tells the value at this moment, for as long as the process runs. */
  watch(gauge: GatewayGauge, read: () => number): void
  linkOpened(kind: LinkKind): void
  linkClosed(kind: LinkKind): void
  keyExchange(outcome: 'completed' | 'failed' | 'refused'): void
  /** A call has its answer: `code` is the error's, or `ANSWERED`. */
  called(method: string, tookMs: number, code: number): void
  /** A command is in the log, `tookMs` after the client's frame came (or, without a client, after it was given). */
  commanded(topic: string, tookMs: number): void
  /** Commands of one turn, appended together, took so long; they may have failed. */
  appended(topic: string, commands: number, failed: boolean): void
  /**
   * An update of a mailbox was given to its user's sessions, `tookMs` after the bus brought it. `causedMs` is when its
   * command was given (Unix time, perhaps of another machine's clock), 0 where that is not known.
   */
  pushed(tookMs: number, causedMs: number): void
  /**
   * Bytes of files: received in parts, given, kept as a new content, or found to be kept already; and blobs erased.
   */
  file?(what: FileTraffic, bytes: number): void
  /** A session's link takes no more bytes for now. */
  stalled(): void
  /** A session that reads too slowly lost its queued updates; it will take the difference. */
  overflowed(): void
}

/** The two steps of a call in its trace: from the frame to the answer, and the call within. */
export class CallTrace {
  readonly #tracer: Tracer
  readonly #frame: Span
  #call: Span | undefined

  private constructor(tracer: Tracer, frame: Span) {
    this.#tracer = tracer
    this.#frame = frame
  }

  /** Undefined where the call is not to be traced. */
  static begin(tracer: Tracer): CallTrace | undefined {
    const frame = tracer.begin('frame')
    return frame && new CallTrace(tracer, frame)
  }

  /** What follows from the call names this as its cause. */
  get context(): string {
    return (this.#call ?? this.#frame).context
  }

  dispatched(method: string): void {
    this.#call = this.#tracer.follow(this.#frame.context, method)
  }

  end(code: number): void {
    this.#call?.end(code)
    this.#frame.end(code)
  }
}
