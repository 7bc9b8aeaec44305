/** Messages on their way to the client: queued by whoever has something to say, written by the flush at the end of the turn. */

import { sealPacket } from '../crypto/packet.ts'
import type { PacketLink } from '../ports.ts'
import type { Context } from './context.ts'
import { isKept, keep } from './kept.ts'
import { ANSWER, PUSH } from './message-ids.ts'
import {
  ANSWER_MESSAGE,
  messageBytes,
  type OutMessage,
  PUSH_MESSAGE,
  SERVICE_MESSAGE,
} from './out-message.ts'
import { packContainer, packSingle } from './packing.ts'
import { msgsAck } from './service-bodies.ts'
import type { Session } from './session.ts'

/** A container is closed when it is as large as this, unless http allows only one packet per request. */
const CONTAINER_BYTES = 64 * 1024
const HTTP_PACKET_BYTES = 1024 * 1024
/** Ids in one `msgs_ack` (the protocol's limit is 8192). */
const ACKS_PER_MESSAGE = 4096

/** Queues the result of a call: a serialised TL value, without `rpc_result`. */
export function queueAnswer(
  ctx: Context,
  session: Session,
  reqMsgId: bigint,
  result: Uint8Array,
): OutMessage {
  return queue(ctx, session, ANSWER_MESSAGE, reqMsgId, result)
}

/** Queues a content-related message that answers nothing; it is kept until acknowledged. */
export function queuePush(ctx: Context, session: Session, body: Uint8Array): OutMessage {
  return queue(ctx, session, PUSH_MESSAGE, 0n, body)
}

/** Queues a message that needs no acknowledgement. */
export function queueService(ctx: Context, session: Session, body: Uint8Array): OutMessage {
  return queue(ctx, session, SERVICE_MESSAGE, 0n, body)
}

/** Queues a kept message again, with the id that it had. */
export function queueAgain(ctx: Context, session: Session, message: OutMessage): void {
  if (!message.queued) put(ctx, session, message)
}

/** Sends a message that needs no acknowledgement at once, on a link that need not carry the session. */
export function sendDirectly(ctx: Context, session: Session, link: PacketLink, body: Uint8Array): void {
  const message = create(ctx, session, SERVICE_MESSAGE, 0n, body)
  sealTo(ctx, session, link, message.msgId, message.seqNo, body)
}

/** Acknowledges a message of the client with the next flush. */
export function acknowledgeSoon(ctx: Context, session: Session, msgId: bigint): void {
  session.acks.push(msgId)
  ctx.flusher.mark(session)
}

function queue(
  ctx: Context,
  session: Session,
  kind: OutMessage['kind'],
  reqMsgId: bigint,
  body: Uint8Array,
): OutMessage {
  const message = create(ctx, session, kind, reqMsgId, body)
  if (isKept(kind)) keep(session, message, ctx.limits)
  put(ctx, session, message)
  return message
}

function create(
  ctx: Context,
  session: Session,
  kind: OutMessage['kind'],
  reqMsgId: bigint,
  body: Uint8Array,
): OutMessage {
  return {
    kind,
    msgId: ctx.ids.next(ctx.ports.now(), kind === PUSH_MESSAGE ? PUSH : ANSWER),
    seqNo: session.nextSeqNo(kind !== SERVICE_MESSAGE),
    reqMsgId,
    body,
    queued: false,
    sent: false,
  }
}

function put(ctx: Context, session: Session, message: OutMessage): void {
  append(session, message)
  ctx.flusher.mark(session)
}

function append(session: Session, message: OutMessage): void {
  message.queued = true
  session.outbox.push(message)
  session.outboxBytes += messageBytes(message)
}

/** Writes what the session has to say, as far as its link takes it. */
export function flushSession(ctx: Context, session: Session): void {
  const link = session.link()
  if (!link || session.closed || session.holdDueMs !== 0) return
  if (session.acks.length > 0) queueAcks(ctx, session)
  let from = 0
  while (from < session.outbox.length && takesMore(ctx, session, link)) {
    const to = packetEnd(ctx, session, from, link.kind === 'http')
    sendMessages(ctx, session, link, from, to)
    from = to
    if (link.kind === 'http') {
      release(session, link)
      break
    }
  }
  dropSent(session, from)
  if (session.outboxBytes > ctx.limits.outboxHardBytes) link.close()
}

function takesMore(ctx: Context, session: Session, link: PacketLink): boolean {
  const wasStalled = session.stalled
  session.stalled = link.bufferedBytes() > ctx.limits.linkBufferedBytes
  // The link may only be waiting for the end of the turn: it is asked once more before it has to tell that it has drained.
  if (session.stalled && !wasStalled) {
    ctx.flusher.mark(session)
    ctx.ports.telemetry?.stalled()
  }
  return !session.stalled
}

function queueAcks(ctx: Context, session: Session): void {
  const ids = session.acks
  session.acks = []
  for (let i = 0; i < ids.length; i += ACKS_PER_MESSAGE) {
    append(session, create(ctx, session, SERVICE_MESSAGE, 0n, msgsAck(ids.slice(i, i + ACKS_PER_MESSAGE))))
  }
}

/** End of the messages that fit one packet; at least one does. */
function packetEnd(ctx: Context, session: Session, from: number, http: boolean): number {
  const limit = http ? HTTP_PACKET_BYTES : CONTAINER_BYTES
  const last = Math.min(session.outbox.length, from + ctx.limits.containerMessages)
  let bytes = 0
  let to = from
  while (to < last) {
    bytes += messageBytes(session.outbox[to]!)
    if (bytes > limit && to > from) break
    to++
  }
  return to
}

function sendMessages(ctx: Context, session: Session, link: PacketLink, from: number, to: number): void {
  if (to - from === 1) {
    const message = session.outbox[from]!
    return sealTo(ctx, session, link, message.msgId, message.seqNo, packSingle(message))
  }
  const body = packContainer(session.outbox, from, to)
  sealTo(ctx, session, link, ctx.ids.next(ctx.ports.now(), PUSH), session.nextSeqNo(false), body)
}

function sealTo(
  ctx: Context,
  session: Session,
  link: PacketLink,
  msgId: bigint,
  seqNo: number,
  body: Uint8Array,
): void {
  const { key, sessionId } = session
  const salt = key.salts.current(ctx.salts, key.id, ctx.ports.now())
  link.send(sealPacket(key.sealing, salt, sessionId, msgId, seqNo, body, ctx.ports.random))
}

function dropSent(session: Session, count: number): void {
  if (count === 0) return
  for (let i = 0; i < count; i++) {
    const message = session.outbox[i]!
    message.queued = false
    message.sent = true
    session.outboxBytes -= messageBytes(message)
  }
  session.outbox = count === session.outbox.length ? [] : session.outbox.slice(count)
}

/** An http request has had its answer: the link carries nothing more. */
function release(session: Session, link: PacketLink): void {
  session.links = session.links.filter((other) => other !== link)
}

/** Takes unsent pushes out of the outbox, for a session that will take the difference instead. */
export function dropQueuedPushes(session: Session): OutMessage[] {
  const dropped = session.outbox.filter((message) => message.kind === PUSH_MESSAGE)
  session.outbox = session.outbox.filter((message) => message.kind !== PUSH_MESSAGE)
  session.outboxBytes = session.outbox.reduce((sum, message) => sum + messageBytes(message), 0)
  for (const message of dropped) message.queued = false
  return dropped
}
