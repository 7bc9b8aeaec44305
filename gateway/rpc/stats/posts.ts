import { chatIdOf, type MessageSeq, type PeerId } from '@heliograph/schemas/avro'
import { messageReactions } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { rowsAt } from '../reactions/place.ts'
import { countersOf } from '../views/beside.ts'
import type { Written } from './written.ts'

/** Posts whose counters are read. */
export const MAX_COUNTED_POSTS = 500

/** What others have done to a post until now. */
export interface Interaction {
  readonly seq: number
  readonly date: number
  readonly views: number
  readonly forwards: number
  readonly reactions: number
}

/** Of the newest `MAX_COUNTED_POSTS`, in order. */
export async function interactionsOf(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  peerId: PeerId,
  written: readonly Written[],
): Promise<Interaction[]> {
  const posts = written.slice(0, MAX_COUNTED_POSTS)
  const chatId = chatIdOf(user, peerId)
  const places = posts.map(({ seq }) => ({ chatId, seq: seq as MessageSeq, out: false, isPost: true }))
  const [counters, reactions] = await Promise.all([
    countersOf(services.tables, places),
    rowsAt(services.tables, messageReactions, places),
  ])
  return posts.map(({ seq, date }, i) => ({
    seq,
    date,
    views: counters[i]?.views ?? 0,
    forwards: counters[i]?.forwards ?? 0,
    reactions: reactionCount(reactions[i]?.counts as readonly string[] | null | undefined),
  }))
}

/** Of `<count>:<reaction>`. */
const reactionCount = (counts: readonly string[] | null | undefined): number =>
  (counts ?? []).reduce((sum, stored) => sum + Number(stored.slice(0, stored.indexOf(':'))), 0)
