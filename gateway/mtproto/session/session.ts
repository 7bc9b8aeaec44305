import type { AuthKeyId, PacketLink, SessionHandle, SessionId } from '../ports.ts'
import type { Timed } from './deadline-wheel.ts'
import type { Waits } from './dependencies.ts'
import type { KeyState } from './key-state.ts'
import { servedLayerOf } from './layer.ts'
import type { CallRecord, OutMessage } from './out-message.ts'
import { ReceivedIds } from './received-ids.ts'

/** What a session needs of the engine around it. */
export interface SessionHost {
  readonly receivedIdsLimit: number
  push(session: Session, updates: unknown): boolean
  sessionDeadline(session: Session, nowMs: number): void
}

/**
 * The state of one session: (auth key, session id). It outlives its connections for a while, and several of them may carry
 * it. Behaviour stands in the modules that are named after it (outbox, kept, attachment, …).
 */
export class Session implements SessionHandle, Timed {
  readonly host: SessionHost
  readonly key: KeyState
  readonly sessionId: SessionId
  /** Links that carry the session, the newest last. */
  links: PacketLink[] = []
  readonly received: ReceivedIds
  /** Message id and sequence number of the highest message received. */
  lastMsgId = 0n
  lastSeqNo = 0
  /** Content-related messages sent so far. */
  contentCount = 0
  /** `new_session_created` has been sent. */
  announced = false
  closed = false

  /** Calls that run or whose answer is kept. */
  calls: Map<bigint, CallRecord> | undefined
  running = 0
  /** Calls that wait for others (`invokeAfterMsg`). */
  waits: Waits | undefined
  /** Sent or queued answers and pushes by their message id, until acknowledged. */
  answers: Map<bigint, OutMessage> | undefined
  answerBytes = 0
  pushes: Map<bigint, OutMessage> | undefined
  pushBytes = 0
  /** Some pushes had to be given up before they were acknowledged: a new link must not rely on what is kept. */
  forgotPushes = false

  outbox: OutMessage[] = []
  outboxBytes = 0
  acks: bigint[] = []
  /** Listed for the next flush. */
  dirty = false
  /** The link takes no more for now. */
  stalled = false

  /** Asked for something that only a client which wants updates asks. */
  wantsUpdates = false
  /** Used `invokeWithoutUpdates`: a login on it does not mean that it wants updates. */
  declinedUpdates = false
  attached = false
  /** Updates passed the session by while it was away or slow. */
  missedUpdates = false
  /** The user that the session was attached for. */
  userId = 0

  /** Deadlines in milliseconds, 0 for none; `armedMs` is the earliest that the wheel knows. */
  armedMs = 0
  ackDueMs = 0
  holdDueMs = 0
  gapDueMs = 0
  lingerDueMs = 0

  constructor(host: SessionHost, key: KeyState, sessionId: SessionId) {
    this.host = host
    this.key = key
    this.sessionId = sessionId
    this.received = new ReceivedIds(host.receivedIdsLimit)
  }

  get permanentKeyId(): AuthKeyId {
    return this.key.owner.id
  }

  get layer(): number {
    return servedLayerOf(this.key.owner.layer)
  }

  push(updates: unknown): boolean {
    return this.host.push(this, updates)
  }

  onDeadline(nowMs: number): void {
    this.host.sessionDeadline(this, nowMs)
  }

  link(): PacketLink | undefined {
    return this.links[this.links.length - 1]
  }

  /** The sequence number of the next message to the client. */
  nextSeqNo(contentRelated: boolean): number {
    return contentRelated ? 2 * this.contentCount++ + 1 : 2 * this.contentCount
  }
}
