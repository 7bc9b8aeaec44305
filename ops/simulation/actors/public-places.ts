import type { Random } from '@heliograph/actors/simulation'
import type { ChatId, GroupKind, MessageSeq, UserId } from '@heliograph/schemas/avro'

/** A group or channel in which people do things. */
export interface Place {
  chatId: ChatId
  kind: GroupKind
  readonly creatorId: UserId
  /** How many messages there may be, at most. */
  posts: number
  /** Who wrote last may go on. */
  lastSender?: UserId
}

export const PEOPLE = [1_000_000_001, 1_000_000_002, 1_000_000_003, 1_000_000_004] as UserId[]

export const bytes = (of: string, i: number): Buffer => Buffer.from(`${of} ${i}`)

/** Who made it, more often than others. */
export function somebodyOf({ creatorId }: Place, random: Random): UserId {
  return random.below(3) === 0 ? creatorId : random.pick(PEOPLE)
}

export function someSeq({ posts }: Place, random: Random): MessageSeq {
  return (1 + random.below(posts)) as MessageSeq
}
