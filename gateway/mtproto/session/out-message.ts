/** What a message from the server is to the engine: which of them are kept, and where. */
export const ANSWER_MESSAGE = 0
export const PUSH_MESSAGE = 1
/** Acknowledgements, notifications, pongs: sent once and forgotten. */
export const SERVICE_MESSAGE = 2

export interface OutMessage {
  readonly kind: typeof ANSWER_MESSAGE | typeof PUSH_MESSAGE | typeof SERVICE_MESSAGE
  readonly msgId: bigint
  readonly seqNo: number
  /** For an answer the request's id: the body is then the result alone, and `rpc_result` is written around it. */
  readonly reqMsgId: bigint
  readonly body: Uint8Array
  /** In the outbox of its session, so not to be queued again. */
  queued: boolean
  /** Has been written to a link at least once. */
  sent: boolean
}

/** A call as long as its session remembers it: while it runs, and then until its answer is acknowledged. */
export interface CallRecord {
  readonly msgId: bigint
  /** The client has been told that the request arrived. */
  acknowledged: boolean
  /** `rpc_drop_answer` came while it ran. */
  dropped: boolean
  answer: OutMessage | undefined
}

const RESULT_HEADER_BYTES = 12
const MESSAGE_HEADER_BYTES = 16

/** Bytes of the message's body on the wire. */
export function bodyBytes(message: OutMessage): number {
  return message.reqMsgId === 0n ? message.body.length : RESULT_HEADER_BYTES + message.body.length
}

/** Bytes that the message takes inside a container. */
export function messageBytes(message: OutMessage): number {
  return MESSAGE_HEADER_BYTES + bodyBytes(message)
}
