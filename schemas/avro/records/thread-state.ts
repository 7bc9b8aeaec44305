import { as, type Field, int, list, long, nested } from '../dsl.ts'
import type { MessageSeq, PeerId } from '../ids.ts'

const seq = as<MessageSeq>(int)

/** Repliers that a thread names. */
export const MAX_RECENT_REPLIERS = 3

/** A thread of a channel: what stands in it below its first message. */
export const threadState = nested('ThreadState', {
  topSeq: seq,
  /** Messages in it that are not deleted. */
  replies: int,
  /** The last message ever in it; 0 none. */
  lastSeq: seq,
  /** The last who wrote, each once, the latest first: at most `MAX_RECENT_REPLIERS`. */
  repliers: list(as<PeerId>(long)),
})

type FieldOf<F> = F extends Field<infer T> ? T : never
export type ThreadState = FieldOf<typeof threadState>
