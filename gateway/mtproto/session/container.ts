import { MSG_CONTAINER } from './constructors.ts'
import { messageKind } from './message-ids.ts'

const CONTAINER_HEADER_BYTES = 8
const MESSAGE_HEADER_BYTES = 16

export interface InnerMessage {
  readonly msgId: bigint
  readonly seqNo: number
  /** A view of the container's bytes. */
  readonly body: Buffer
}

/**
 * The messages of a container, or undefined when it is broken: it is accepted or refused as a whole. Broken are more than
 * `limit` messages, lengths that do not fit, a container inside, and ids that a client cannot have or that are not lower
 * than the container's.
 */
export function readContainer(body: Buffer, containerId: bigint, limit: number): InnerMessage[] | undefined {
  if (body.length < CONTAINER_HEADER_BYTES) return undefined
  const count = body.readUInt32LE(4)
  if (count > limit) return undefined
  const messages: InnerMessage[] = []
  let at = CONTAINER_HEADER_BYTES
  for (let i = 0; i < count; i++) {
    const message = readInner(body, at)
    if (!message || message.msgId >= containerId || messageKind(message.msgId) !== 0) return undefined
    if (message.body.readUInt32LE(0) === MSG_CONTAINER) return undefined
    messages.push(message)
    at += MESSAGE_HEADER_BYTES + message.body.length
  }
  return at === body.length ? messages : undefined
}

function readInner(body: Buffer, at: number): InnerMessage | undefined {
  if (at + MESSAGE_HEADER_BYTES > body.length) return undefined
  const size = body.readUInt32LE(at + 12)
  const start = at + MESSAGE_HEADER_BYTES
  if (size < 4 || (size & 3) !== 0 || start + size > body.length) return undefined
  return {
    msgId: body.readBigInt64LE(at),
    seqNo: body.readInt32LE(at + 8),
    body: body.subarray(start, start + size),
  }
}
