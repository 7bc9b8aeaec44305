/** Reads what a server sends, message by message, without decoding the values inside. */
import { MSG_CONTAINER } from './constructors.ts'

/** Called for each message with its id, sequence number and body (a view). */
export type OnMessage = (msgId: bigint, seqNo: number, body: Buffer) => void

const CONTAINER_HEADER_BYTES = 8
const MESSAGE_HEADER_BYTES = 16

export function eachMessage(msgId: bigint, seqNo: number, body: Buffer, onMessage: OnMessage): void {
  if (body.readUInt32LE(0) !== MSG_CONTAINER) return onMessage(msgId, seqNo, body)
  const count = body.readUInt32LE(4)
  let at = CONTAINER_HEADER_BYTES
  for (let i = 0; i < count; i++) {
    const start = at + MESSAGE_HEADER_BYTES
    const end = start + body.readUInt32LE(at + 12)
    onMessage(body.readBigInt64LE(at), body.readUInt32LE(at + 8), body.subarray(start, end))
    at = end
  }
}

/** A message on its way to the server. */
export interface ClientMessage {
  readonly msgId: bigint
  readonly seqNo: number
  readonly body: Uint8Array
}

/** A `msg_container` of the given messages. */
export function writeContainer(messages: readonly ClientMessage[]): Buffer {
  let size = CONTAINER_HEADER_BYTES
  for (const message of messages) size += MESSAGE_HEADER_BYTES + message.body.length
  const out = Buffer.allocUnsafe(size)
  out.writeUInt32LE(MSG_CONTAINER, 0)
  out.writeUInt32LE(messages.length, 4)
  let at = CONTAINER_HEADER_BYTES
  for (const { msgId, seqNo, body } of messages) {
    out.writeBigInt64LE(msgId, at)
    out.writeInt32LE(seqNo, at + 8)
    out.writeUInt32LE(body.length, at + 12)
    out.set(body, at + MESSAGE_HEADER_BYTES)
    at += MESSAGE_HEADER_BYTES + body.length
  }
  return out
}
