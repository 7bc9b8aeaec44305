import {
  type AnyCall,
  decodeResult,
  encodeCall,
  gunzip,
  type MethodName,
  NEWEST_LAYER,
  RpcError,
} from '@heliograph/schemas/tl'
import { openServerPacket, type SealingKey, sealClientPacket, sealingKey } from '../crypto/packet.ts'
import { randomBytes } from '../crypto/random.ts'
import type { RandomBytes, SessionId } from '../ports.ts'
import { type ClientMessage, eachMessage, writeContainer } from './client-messages.ts'
import * as id from './constructors.ts'
import { MessageIds } from './message-ids.ts'
import { msgsAck } from './service-bodies.ts'
import { takeTlBytes } from './tl-bytes.ts'

/** What a compressed answer may expand to. */
const UNPACKED_BYTES = 64 * 1024 * 1024
/** Acknowledgements leave with the next call once there are so many, or with `flush`. */
const ACK_BATCH = 24
/** Ids of received pushes that are remembered, so that a repetition is told apart. */
const REMEMBERED_PUSHES = 256
const MOST_IN_CONTAINER = 500

/** Gets the serialised result (a view, compression removed), or the error. */
export type OnResult = (result: Buffer | undefined, error: RpcError | undefined) => void

export interface ClientSessionOptions {
  /** 256 bytes. */
  readonly authKey: Buffer
  readonly salt: bigint
  /** Unix time in milliseconds, as the server sees it. */
  readonly now: () => number
  readonly send: (packet: Buffer) => void
  /** A serialised `Updates`, as a view. */
  readonly onUpdates?: (body: Buffer) => void
  /** Every other message that is not an answer, before the session acts on it: pongs, notifications, …. */
  readonly onService?: (body: Buffer, msgId: bigint, seqNo: number) => void
  /** When given, the calls of one turn leave together: `setImmediate`, `queueMicrotask`, …. */
  readonly defer?: (flush: () => void) => void
  readonly random?: RandomBytes
}

interface Pending extends ClientMessage {
  readonly done: OnResult
  /** The container that carried the call last, or the call's own id. */
  carrierId: bigint
}

/**
 * The client's side of a session, as cheap as it can be: for the load program and for tests. It handles containers, compression,
 * acknowledgements, salts and repetition; values are decoded only where `request` is used.
 */
export class ClientSession {
  readonly sessionId: SessionId
  salt: bigint
  readonly #options: ClientSessionOptions
  readonly #key: SealingKey
  readonly #random: RandomBytes
  readonly #ids = new MessageIds()
  readonly #pending = new Map<bigint, Pending>()
  readonly #pushes = new Set<bigint>()
  #queue: ClientMessage[] = []
  #deferred = false
  #acks: bigint[] = []
  #contentCount = 0

  constructor(options: ClientSessionOptions) {
    this.#options = options
    this.#key = sealingKey(options.authKey)
    this.#random = options.random ?? randomBytes
    this.salt = options.salt
    this.sessionId = this.#random(8).toString('hex') as SessionId
  }

  /** Calls without an answer yet. */
  get pendingCount(): number {
    return this.#pending.size
  }

  /** Sends a serialised call; returns its message id. */
  call(body: Uint8Array, done: OnResult): bigint {
    return this.callWithId(() => body, done)
  }

  /** Sends a call whose body names its own message id (`auth.bindTempAuthKey`); returns that id. */
  callWithId(bodyFor: (msgId: bigint) => Uint8Array, done: OnResult): bigint {
    const msgId = this.nextMsgId()
    const body = bodyFor(msgId)
    const message: Pending = { msgId, seqNo: this.nextSeqNo(true), body, done, carrierId: 0n }
    this.#pending.set(message.msgId, message)
    this.#enqueue(message)
    return message.msgId
  }

  /** Sends a call and decodes its result, as the given layer reads it; rejects with `RpcError`. */
  request(call: AnyCall, layer: number = NEWEST_LAYER): Promise<unknown> {
    const method = innermost(call)
    return new Promise((resolve, reject) => {
      this.call(encodeCall(call, layer), (result, error) => {
        if (result) resolve(decodeResult(method, result, layer))
        else reject(error)
      })
    })
  }

  /** Sends a serialised service message; returns its message id. */
  sendService(body: Uint8Array, contentRelated = false): bigint {
    const message = { msgId: this.nextMsgId(), seqNo: this.nextSeqNo(contentRelated), body }
    this.#enqueue(message)
    return message.msgId
  }

  /** Takes a packet of the server. False for one that is not authentic. */
  receive(packet: Uint8Array): boolean {
    const opened = openServerPacket(this.#options.authKey, packet)
    if (!opened || opened.sessionId !== this.sessionId) return false
    eachMessage(opened.msgId, opened.seqNo, opened.body, this.#onMessage)
    return true
  }

  /** Sends what waits: calls of this turn and acknowledgements. */
  flush(): void {
    if (this.#acks.length > 0) this.#queueAcks()
    this.#flushQueue()
  }

  /** Sends all calls without an answer again, with the ids that they had, as after a reconnection. */
  sendPendingAgain(): void {
    if (this.#pending.size > 0) this.#sendContainer([...this.#pending.values()])
  }

  /** Sends messages in one packet: alone as it is, several in a container. */
  sendTogether(messages: readonly ClientMessage[]): void {
    const [first] = messages
    if (messages.length > 1) return this.#sendContainer(messages)
    if (!first) return
    this.#carriedBy(first, first.msgId)
    this.sendMessage(first)
  }

  /** Seals and sends one message as it is (for tests of what a server refuses, too). */
  sendMessage(message: ClientMessage): void {
    const { msgId, seqNo, body } = message
    this.#options.send(
      sealClientPacket(this.#key, this.salt, this.sessionId, msgId, seqNo, body, this.#random),
    )
  }

  nextMsgId(): bigint {
    return this.#ids.next(this.#options.now(), 0)
  }

  nextSeqNo(contentRelated: boolean): number {
    return contentRelated ? 2 * this.#contentCount++ + 1 : 2 * this.#contentCount
  }

  #enqueue(message: ClientMessage): void {
    const { defer } = this.#options
    if (this.#acks.length >= ACK_BATCH) this.#queueAcks()
    this.#queue.push(message)
    if (!defer) return this.#flushQueue()
    if (this.#deferred) return
    this.#deferred = true
    defer(this.#flushDeferred)
  }

  readonly #flushDeferred = (): void => {
    this.#deferred = false
    this.#flushQueue()
  }

  #flushQueue(): void {
    const queue = this.#queue
    this.#queue = []
    if (queue.length <= MOST_IN_CONTAINER) return this.sendTogether(queue)
    for (let i = 0; i < queue.length; i += MOST_IN_CONTAINER)
      this.sendTogether(queue.slice(i, i + MOST_IN_CONTAINER))
  }

  #queueAcks(): void {
    this.#queue.push({ msgId: this.nextMsgId(), seqNo: this.nextSeqNo(false), body: msgsAck(this.#acks) })
    this.#acks = []
  }

  #sendContainer(messages: readonly ClientMessage[]): void {
    const msgId = this.nextMsgId()
    for (const message of messages) this.#carriedBy(message, msgId)
    this.sendMessage({ msgId, seqNo: this.nextSeqNo(false), body: writeContainer(messages) })
  }

  #carriedBy(message: ClientMessage, carrierId: bigint): void {
    if ('carrierId' in message) (message as Pending).carrierId = carrierId
  }

  readonly #onMessage = (msgId: bigint, seqNo: number, body: Buffer): void => {
    if ((seqNo & 1) === 1) this.#acks.push(msgId)
    const constructorId = body.readUInt32LE(0)
    if (constructorId === id.RPC_RESULT) return this.#onResult(body)
    if (constructorId === id.GZIP_PACKED) return this.#onMessage(msgId, seqNo & ~1, unpacked(body))
    if (!isService(constructorId)) return this.#onUpdates(msgId, body)
    this.#options.onService?.(body, msgId, seqNo)
    this.#onService(constructorId, body)
  }

  #onResult(body: Buffer): void {
    const reqMsgId = body.readBigInt64LE(4)
    const pending = this.#pending.get(reqMsgId)
    if (!pending) return
    this.#pending.delete(reqMsgId)
    const result = body.subarray(12)
    const constructorId = result.readUInt32LE(0)
    if (constructorId === id.RPC_ERROR) pending.done(undefined, readError(result))
    else pending.done(constructorId === id.GZIP_PACKED ? unpacked(result) : result, undefined)
  }

  #onUpdates(msgId: bigint, body: Buffer): void {
    if (this.#pushes.has(msgId)) return
    if (this.#pushes.size >= REMEMBERED_PUSHES) this.#pushes.clear()
    this.#pushes.add(msgId)
    this.#options.onUpdates?.(body)
  }

  #onService(constructorId: number, body: Buffer): void {
    if (constructorId === id.NEW_SESSION_CREATED) this.salt = body.readBigInt64LE(20)
    else if (constructorId === id.BAD_SERVER_SALT) {
      this.salt = body.readBigInt64LE(20)
      this.#sendAgain(body.readBigInt64LE(4))
    } else if (constructorId === id.BAD_MSG_NOTIFICATION) this.#onBadMessage(body)
  }

  /** The server had a packet but not its salt: its calls are sent again as new messages. */
  #sendAgain(carrierId: bigint): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.carrierId !== carrierId) continue
      this.#pending.delete(pending.msgId)
      this.call(pending.body, pending.done)
    }
  }

  #onBadMessage(body: Buffer): void {
    const badId = body.readBigInt64LE(4)
    const error = new RpcError(body.readInt32LE(16), 'BAD_MSG_NOTIFICATION')
    for (const pending of [...this.#pending.values()]) {
      if (pending.carrierId !== badId && pending.msgId !== badId) continue
      this.#pending.delete(pending.msgId)
      pending.done(undefined, error)
    }
  }
}

const SERVICE = new Set([
  id.MSGS_ACK,
  id.MSGS_STATE_REQ,
  id.MSGS_STATE_INFO,
  id.MSGS_ALL_INFO,
  id.MSG_DETAILED_INFO,
  id.MSG_NEW_DETAILED_INFO,
  id.MSG_RESEND_REQ,
  id.BAD_MSG_NOTIFICATION,
  id.BAD_SERVER_SALT,
  id.NEW_SESSION_CREATED,
  id.PONG,
  id.FUTURE_SALTS,
  id.DESTROY_SESSION_OK,
  id.DESTROY_SESSION_NONE,
  id.DESTROY_AUTH_KEY_OK,
  id.DESTROY_AUTH_KEY_FAIL,
])

function isService(constructorId: number): boolean {
  return SERVICE.has(constructorId)
}

function unpacked(body: Buffer): Buffer {
  const packed = takeTlBytes(body, 4)
  return packed ? gunzip(packed.data, UNPACKED_BYTES) : Buffer.alloc(4)
}

function readError(result: Buffer): RpcError {
  return new RpcError(result.readInt32LE(4), takeTlBytes(result, 8)?.data.toString() ?? '')
}

function innermost(call: AnyCall): MethodName {
  let query = call
  while ('query' in query && query.query) query = query.query as AnyCall
  return query._
}
