import { MSG_CONTAINER, RPC_RESULT } from './constructors.ts'
import { bodyBytes, messageBytes, type OutMessage } from './out-message.ts'

/** A large part of a file, and what stands in front of it. */
const SCRATCH_BYTES = 1024 * 1024 + 64 * 1024
const CONTAINER_HEADER_BYTES = 8

/** Bodies are put together here and copied once more by sealing; one buffer serves the process. */
const shared = Buffer.allocUnsafeSlow(SCRATCH_BYTES)

/** The body of one message. A view that is good until the next call. */
export function packSingle(message: OutMessage): Uint8Array {
  if (message.reqMsgId === 0n) return message.body
  const size = bodyBytes(message)
  const target = space(size)
  writeBody(target, 0, message)
  return target.subarray(0, size)
}

/** A `msg_container` of the messages in `[from, to)`. A view that is good until the next call. */
export function packContainer(messages: readonly OutMessage[], from: number, to: number): Uint8Array {
  let size = CONTAINER_HEADER_BYTES
  for (let i = from; i < to; i++) size += messageBytes(messages[i]!)
  const target = space(size)
  target.writeUInt32LE(MSG_CONTAINER, 0)
  target.writeUInt32LE(to - from, 4)
  let at = CONTAINER_HEADER_BYTES
  for (let i = from; i < to; i++) at = writeMessage(target, at, messages[i]!)
  return target.subarray(0, size)
}

function space(size: number): Buffer {
  return size <= SCRATCH_BYTES ? shared : Buffer.allocUnsafe(size)
}

function writeMessage(target: Buffer, at: number, message: OutMessage): number {
  target.writeBigInt64LE(message.msgId, at)
  target.writeUInt32LE(message.seqNo, at + 8)
  target.writeUInt32LE(bodyBytes(message), at + 12)
  return writeBody(target, at + 16, message)
}

function writeBody(target: Buffer, at: number, message: OutMessage): number {
  let start = at
  if (message.reqMsgId !== 0n) {
    target.writeUInt32LE(RPC_RESULT, at)
    target.writeBigInt64LE(message.reqMsgId, at + 4)
    start += 12
  }
  target.set(message.body, start)
  return start + message.body.length
}
