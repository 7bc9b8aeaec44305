import { type CallTrace, UNREAD_METHOD } from '../../observer.ts'
import type { AuthKeyId, Caller, ClientInfo, SessionId } from '../ports.ts'
import { servedLayerOf } from './layer.ts'
import type { CallRecord, OutMessage } from './out-message.ts'
import type { Session } from './session.ts'

/** One API call from its arrival to the acknowledgement of its answer; what the RPC layer sees of it is `Caller`. */
export class RunningCall implements Caller, CallRecord {
  readonly session: Session
  readonly msgId: bigint
  readonly remoteAddress: string
  withoutUpdates = false
  takeoutId: bigint | undefined
  acknowledged = false
  dropped = false
  answer: OutMessage | undefined
  method = UNREAD_METHOD
  begunMs: number | undefined
  trace: CallTrace | undefined

  constructor(session: Session, msgId: bigint, remoteAddress: string) {
    this.session = session
    this.msgId = msgId
    this.remoteAddress = remoteAddress
  }

  unsentBytes(): number {
    return this.session.outboxBytes + (this.session.link()?.bufferedBytes() ?? 0)
  }

  get authKeyId(): AuthKeyId {
    return this.session.key.id
  }

  get permanentKeyId(): AuthKeyId {
    return this.session.key.owner.id
  }

  get sessionId(): SessionId {
    return this.session.sessionId
  }

  get userId(): number | undefined {
    return this.session.key.owner.userId
  }

  get layer(): number {
    return servedLayerOf(this.session.key.owner.layer)
  }

  get dataCentreId(): number | undefined {
    return this.session.key.owner.dataCentreId
  }

  get client(): ClientInfo | undefined {
    return this.session.key.owner.client
  }
}
