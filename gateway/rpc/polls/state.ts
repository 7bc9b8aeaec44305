import type { UserId } from '@heliograph/schemas/avro'
import {
  pollResults,
  polls,
  pollVotes,
  type RowOf,
  type RowRef,
  type Tables,
  unreadReactions,
} from '@heliograph/storage'
import { type Guarded, guarded } from '../messages/mailbox/left-groups.ts'
import { type Place, rowsAt } from '../reactions/place.ts'

/** How a poll stands. */
export interface PollState {
  readonly poll: RowOf<typeof polls>
  /** Votes by option. */
  readonly counts: readonly number[]
  readonly voters: number
  readonly recent: readonly number[]
  /** Places of the options that the viewer has voted for; undefined where it is shown to all alike. */
  readonly own: readonly number[] | undefined
  /** The viewer wrote it, and has not seen the last votes. */
  readonly unread: boolean
  /** Nobody may vote any more. */
  readonly closed: boolean
}

/**
 * The polls of these messages as the viewer sees them, in order; undefined where there is none, and for who has left the basic group.
 * For all alike without a viewer. `now` is in Unix seconds.
 */
export async function pollsAt(
  tables: Tables,
  viewer: UserId | undefined,
  places: readonly Place[],
  now: number,
): Promise<(PollState | undefined)[]> {
  const reading = readPolls(tables, viewer, places, now)
  if (viewer === undefined) return (await reading)(new Set())
  const chatIds = places.map(({ chatId }) => chatId)
  return guarded(tables, viewer, chatIds, reading)
}

/** `pollsAt`, before it is known which groups the viewer has left. */
export async function readPolls(
  tables: Tables,
  viewer: UserId | undefined,
  places: readonly Place[],
  now: number,
): Promise<Guarded<(PollState | undefined)[]>> {
  const rows = (await rowsAt(tables, polls, places)) as (RowOf<typeof polls> | undefined)[]
  const refs: RowRef[] = []
  for (const { chatId, seq } of places) {
    refs.push({ table: pollResults, key: { chatId, seq } })
    if (viewer === undefined) continue
    refs.push({ table: pollVotes, key: { chatId, seq, userId: viewer } })
    refs.push({ table: unreadReactions, key: { userId: viewer, kind: 'votes', chatId, seq } })
  }
  const found = await tables.getMany(refs)
  const each = viewer === undefined ? 1 : 3
  const states = rows.map((poll, i) => {
    if (poll === undefined) return undefined
    const results = found[i * each] as RowOf<typeof pollResults> | undefined
    const vote = found[i * each + 1] as RowOf<typeof pollVotes> | undefined
    return {
      poll,
      counts: results?.counts ?? [],
      voters: results?.voters ?? 0,
      recent: results?.recent ?? [],
      own: viewer === undefined ? undefined : standing(poll, vote?.options ?? []),
      unread: viewer !== undefined && found[i * each + 2] !== undefined,
      closed: isOver(poll, now),
    }
  })
  return (left) => states.map((state, i) => (left.has(places[i]!.chatId) ? undefined : state))
}

function isOver({ closedAt, closeDate }: PollState['poll'], now: number): boolean {
  return (closedAt ?? 0) > 0 || ((closeDate ?? 0) > 0 && (closeDate ?? 0) <= now)
}

/** Of places that were voted for, those whose option has not been taken away since. */
export function standing({ options }: PollState['poll'], places: readonly number[]): number[] {
  return places.filter((place) => (options?.[place] ?? '') !== '')
}
