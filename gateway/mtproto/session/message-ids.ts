/** Message ids: unix time times 2^32 (core.telegram.org/mtproto/description#message-identifier-msg-id). */

const pair = new Uint32Array(2)
const long = new BigInt64Array(pair.buffer)
const FRACTION = 2 ** 32

/** `kind` of a server message: 1 answers a message of the client, 3 does not. */
export const ANSWER = 1
export const PUSH = 3

/** Strictly growing message ids. One generator serves all sessions of a process. */
export class MessageIds {
  #ms = 0
  #count = 0

  /** `kind` fills the two lowest bits: 1 or 3 from a server, 0 from a client. */
  next(nowMs: number, kind: 0 | typeof ANSWER | typeof PUSH): bigint {
    const ms = Math.floor(nowMs)
    if (ms > this.#ms) {
      this.#ms = ms
      this.#count = 0
    } else this.#count += 4
    const second = Math.floor(this.#ms / 1000)
    const fraction = Math.floor(((this.#ms - second * 1000) / 1000) * FRACTION)
    pair[0] = fraction - (fraction % 4) + this.#count + kind
    pair[1] = second
    return long[0]!
  }
}

/** Unix milliseconds that a message id stands for. */
export function messageTimeMs(msgId: bigint): number {
  long[0] = msgId
  return (pair[1]! + pair[0]! / FRACTION) * 1000
}

/** The two lowest bits: 0 from a client. */
export function messageKind(msgId: bigint): number {
  long[0] = msgId
  return pair[0]! & 3
}
