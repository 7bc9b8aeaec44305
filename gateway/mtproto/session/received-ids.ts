import { messageTimeMs } from './message-ids.ts'

/** Bits of what is known of a received message; the low byte is what `msgs_state_info` says. */
export const RECEIVED = 4
export const ACKNOWLEDGED = 8
export const NEEDS_NO_ACK = 16
export const PROCESSED = 32
export const ANSWERED = 64
export const ANSWER_KNOWN = 128
export const SUCCEEDED = 256
export const FAILED = 512
export const FORGOTTEN = 1024
const INFO_BITS = 0xff

const UNKNOWN_TOO_OLD = 1
const NOT_RECEIVED = 2
const NOT_RECEIVED_HIGHER = 3

/** Ids older than this can go early: a packet of that age is refused by its time. */
const KEEP_MS = 330_000
const TRIM_EVERY = 32
/** A full set forgets this part of itself at once: finding what is oldest means passing over all that was forgotten before. */
const FORGOTTEN_PART = 32

/**
 * The message ids that a session has received, each with what became of it. Bounded: when the oldest are forgotten, every id
 * up to them counts as too old to tell.
 */
export class ReceivedIds {
  readonly #limit: number
  #flags = new Map<bigint, number>()
  #floor = 0n
  #highest = 0n

  constructor(limit: number) {
    this.#limit = limit
  }

  /** What is known of an id; undefined when it was never received, or is forgotten. */
  get(msgId: bigint): number | undefined {
    return this.#flags.get(msgId)
  }

  /** True for an id that is not above everything that has been forgotten. */
  isTooOld(msgId: bigint): boolean {
    return msgId <= this.#floor
  }

  add(msgId: bigint, flags: number, nowMs: number): void {
    this.#flags.set(msgId, flags)
    if (msgId > this.#highest) this.#highest = msgId
    const size = this.#flags.size
    if (size > this.#limit || size % TRIM_EVERY === 0) this.#trim(nowMs)
  }

  mark(msgId: bigint, bits: number): void {
    const flags = this.#flags.get(msgId)
    if (flags !== undefined) this.#flags.set(msgId, flags | bits)
  }

  /** The byte of `msgs_state_info` (core.telegram.org/mtproto/service_messages_about_messages). */
  stateByte(msgId: bigint): number {
    const flags = this.#flags.get(msgId)
    if (flags !== undefined) return flags & INFO_BITS
    if (msgId <= this.#floor) return UNKNOWN_TOO_OLD
    return msgId > this.#highest ? NOT_RECEIVED_HIGHER : NOT_RECEIVED
  }

  #trim(nowMs: number): void {
    const isFull = this.#flags.size > this.#limit
    const kept = isFull ? this.#limit - Math.floor(this.#limit / FORGOTTEN_PART) : this.#limit
    for (const msgId of this.#flags.keys()) {
      const old = messageTimeMs(msgId) < nowMs - KEEP_MS
      if (!old && this.#flags.size <= kept) return
      this.#flags.delete(msgId)
      if (msgId > this.#floor) this.#floor = msgId
    }
  }
}
