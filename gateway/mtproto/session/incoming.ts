/** From an authentic packet to single messages: the checks of ids, salt and sequence numbers, and containers. */
import type { Opened } from '../crypto/packet.ts'
import type { Arrival } from './arrival.ts'
import {
  CONTAINER_REPEATED,
  checkPacketId,
  checkSeqNo,
  INVALID_CONTAINER,
  MSG_TOO_OLD,
  SEQ_NO_MUST_BE_EVEN,
} from './checks.ts'
import { MSG_CONTAINER } from './constructors.ts'
import { type InnerMessage, readContainer } from './container.ts'
import { flushSession, queuePush, queueService, sendDirectly } from './outbox.ts'
import { NEEDS_NO_ACK, RECEIVED } from './received-ids.ts'
import { receiveAgain } from './repeated.ts'
import { route } from './route.ts'
import { isFirstSalt } from './salts.ts'
import { badMsgNotification, badServerSalt, newSessionCreated } from './service-bodies.ts'
import { isPacked, unpack } from './unpack.ts'

/** Takes a packet of a session; true when it was accepted, in part at least (and may be quickly acknowledged). */
export function receiveOpened(arrival: Arrival, opened: Opened): boolean {
  const refused = checkPacketId(opened.msgId, arrival.nowMs)
  if (refused !== 0) return refuse(arrival, opened.msgId, opened.seqNo, refused)
  if (!saltIsGood(arrival, opened.salt)) return refuseSalt(arrival, opened)
  // Compressed containers are unusual but allowed: `gzip_packed` stands for any object.
  const body = isPacked(opened.body) ? (unpack(arrival, opened.body) ?? opened.body) : opened.body
  if (body.length < 4) return refuse(arrival, opened.msgId, opened.seqNo, INVALID_CONTAINER)
  if (body.readUInt32LE(0) === MSG_CONTAINER) return receiveContainer(arrival, opened, body)
  if (adopt(arrival, opened.msgId)) announce(arrival, opened.msgId)
  receiveMessage(arrival, opened.msgId, opened.seqNo, body)
  return true
}

/**
 * Makes the packet's link carry the session. A message that has been seen does not move a session that is connected: the
 * packet may be a recording that somebody plays back on a connection of his own. False for such a message.
 */
function adopt({ session, carrier }: Arrival, msgId: bigint): boolean {
  const isNew = session.received.get(msgId) === undefined && !session.received.isTooOld(msgId)
  if (isNew || session.links.length === 0) carrier.carries(session)
  return isNew
}

function receiveContainer(arrival: Arrival, opened: Opened, body: Buffer): boolean {
  const { session, ctx } = arrival
  const { msgId, seqNo } = opened
  if (session.received.get(msgId) !== undefined) return refuse(arrival, msgId, seqNo, CONTAINER_REPEATED)
  if (session.received.isTooOld(msgId)) return refuse(arrival, msgId, seqNo, MSG_TOO_OLD)
  const messages = readContainer(body, msgId, ctx.limits.containerMessages)
  if (!messages) return refuse(arrival, msgId, seqNo, INVALID_CONTAINER)
  const badSeqNo = (seqNo & 1) === 1 ? SEQ_NO_MUST_BE_EVEN : checkSeqNo(session, msgId, seqNo)
  if (badSeqNo !== 0) return refuse(arrival, msgId, seqNo, badSeqNo)
  adopt(arrival, msgId)
  announce(arrival, lowestId(messages, msgId))
  for (const message of messages) {
    if (session.closed || session.key.destroyed) return true
    receiveMessage(arrival, message.msgId, message.seqNo, message.body)
  }
  accept(arrival, msgId, seqNo)
  return true
}

function receiveMessage(arrival: Arrival, msgId: bigint, seqNo: number, body: Buffer): void {
  const { session } = arrival
  const known = session.received.get(msgId)
  if (known !== undefined) return receiveAgain(arrival, msgId, seqNo, known)
  const refused = session.received.isTooOld(msgId) ? MSG_TOO_OLD : checkSeqNo(session, msgId, seqNo)
  if (refused !== 0) {
    queueService(arrival.ctx, session, badMsgNotification(msgId, seqNo, refused))
    return
  }
  accept(arrival, msgId, seqNo)
  route(arrival, msgId, seqNo, body)
}

/** Remembers a message that has passed the checks. */
function accept(arrival: Arrival, msgId: bigint, seqNo: number): void {
  const { session } = arrival
  session.received.add(msgId, (seqNo & 1) === 1 ? RECEIVED : RECEIVED | NEEDS_NO_ACK, arrival.nowMs)
  if (msgId <= session.lastMsgId) return
  session.lastMsgId = msgId
  session.lastSeqNo = seqNo
}

/** Refuses a whole packet, on the link that brought it. */
function refuse(arrival: Arrival, msgId: bigint, seqNo: number, code: number): false {
  const { ctx, session, carrier } = arrival
  sendDirectly(ctx, session, carrier.link, badMsgNotification(msgId, seqNo, code))
  return false
}

function saltIsGood({ ctx, session, nowMs }: Arrival, salt: bigint): boolean {
  const { key } = session
  // Binding a temporary key is where some clients do not survive a bad_server_salt.
  if (key.isUnbound || key.salts.accepts(ctx.salts, key.id, nowMs, salt)) return true
  return isFirstSalt(key.key, nowMs, salt)
}

function refuseSalt({ ctx, session, carrier, nowMs }: Arrival, opened: Opened): false {
  const salt = session.key.salts.current(ctx.salts, session.key.id, nowMs)
  sendDirectly(ctx, session, carrier.link, badServerSalt(opened.msgId, opened.seqNo, salt))
  return false
}

/**
 * Says once, before anything else, that the session is new here; on a stream in a packet of its own, for some clients hold
 * up the rest of the packet until an answer is there that may stand behind it.
 */
function announce({ ctx, session, nowMs }: Arrival, firstMsgId: bigint): void {
  if (session.announced) return
  session.announced = true
  const salt = session.key.salts.current(ctx.salts, session.key.id, nowMs)
  queuePush(ctx, session, newSessionCreated(firstMsgId, uniqueId(ctx.ports.random), salt))
  if (session.link()?.kind !== 'http') flushSession(ctx, session)
}

function uniqueId(random: (sizeBytes: number) => Buffer): bigint {
  return random(8).readBigInt64LE(0)
}

function lowestId(messages: readonly InnerMessage[], containerId: bigint): bigint {
  let lowest = containerId
  for (const message of messages) if (message.msgId < lowest) lowest = message.msgId
  return lowest
}
