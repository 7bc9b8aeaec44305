/** The checks on ids and sequence numbers (core.telegram.org/mtproto/service_messages_about_messages, error codes). */
import { messageKind, messageTimeMs } from './message-ids.ts'
import type { Session } from './session.ts'

export const MSG_ID_TOO_LOW = 16
export const MSG_ID_TOO_HIGH = 17
export const MSG_ID_LOW_BITS = 18
export const CONTAINER_REPEATED = 19
export const MSG_TOO_OLD = 20
export const SEQ_NO_TOO_LOW = 32
export const SEQ_NO_TOO_HIGH = 33
export const SEQ_NO_MUST_BE_EVEN = 34
export const SEQ_NO_MUST_BE_ODD = 35
export const INVALID_CONTAINER = 64

export const OLDEST_MS = 300_000
export const EARLIEST_MS = 30_000

/** The code to refuse a packet's own message id with; 0 when it is good. */
export function checkPacketId(msgId: bigint, nowMs: number): number {
  if (messageKind(msgId) !== 0) return MSG_ID_LOW_BITS
  const timeMs = messageTimeMs(msgId)
  if (timeMs < nowMs - OLDEST_MS) return MSG_ID_TOO_LOW
  return timeMs > nowMs + EARLIEST_MS ? MSG_ID_TOO_HIGH : 0
}

/** The code to refuse a sequence number with, given those of the highest message so far; 0 when it is good. */
export function checkSeqNo(session: Session, msgId: bigint, seqNo: number): number {
  const { lastMsgId, lastSeqNo } = session
  if (lastMsgId === 0n) return 0
  const clash = seqNo === lastSeqNo && (seqNo & 1) === 1
  if (msgId > lastMsgId) return seqNo < lastSeqNo || clash ? SEQ_NO_TOO_LOW : 0
  return seqNo > lastSeqNo || clash ? SEQ_NO_TOO_HIGH : 0
}
