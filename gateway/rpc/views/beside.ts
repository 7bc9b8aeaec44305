import { chatIdOf, type UserId } from '@heliograph/schemas/avro'
import { messageCounters, type RowOf, type Tables } from '@heliograph/storage'
import type { HistoryEntry, MessageRow } from '../messages/mailbox/history.ts'
import { type Guarded, guarded } from '../messages/mailbox/left-groups.ts'
import { type PollState, pollsAt, readPolls } from '../polls/state.ts'
import { type Place, pollPlace, rowsAt } from '../reactions/place.ts'
import { neutralReactions, type Reactions, readReactions } from '../reactions/shown.ts'

/** What others have done to a message: it stands beside the message, and is shown with it. */
export interface Beside {
  readonly reactions?: Reactions
  readonly poll?: PollState
  /** Of posts. */
  readonly views?: number
  readonly forwards?: number
}

interface Placed {
  readonly entry: Pick<HistoryEntry, 'peerId' | 'seq' | 'out'>
  readonly row: Pick<MessageRow, 'kinds' | 'copyOfChatId' | 'copyOfSeq' | 'sealedThere'> | undefined
  readonly isPost: boolean
}

const NOTHING: Beside = {}

/**
 * What stands beside the messages of a page, in order, as the viewer sees it. A page without any of it costs one look-up, and
 * another for posts of channels. `now` is in Unix seconds.
 */
export function besideOf(
  tables: Tables,
  viewer: UserId,
  placed: readonly Placed[],
  now: number,
): Promise<Beside[]> {
  const chatIds = placed.map(({ entry }) => chatIdOf(viewer, entry.peerId))
  return guarded(tables, viewer, chatIds, readBeside(tables, viewer, placed, now))
}

/** `besideOf`, before it is known which groups the viewer has left. */
export async function readBeside(
  tables: Tables,
  viewer: UserId,
  placed: readonly Placed[],
  now: number,
): Promise<Guarded<Beside[]>> {
  const places = placed.map((each) => placeOf(viewer, each))
  const isPoll = placed.map(({ row }) => row?.kinds?.includes('poll') === true)
  const [reactions, polls, counters] = await Promise.all([
    readReactions(tables, viewer, places),
    readPollsOf(
      tables,
      viewer,
      places.map((place, i) => pollPlace(place, placed[i]!.row)),
      isPoll,
      now,
    ),
    countersOf(tables, places),
  ])
  return (left) => {
    const said = reactions(left)
    const asked = polls(left)
    return placed.map((_, i) => together(said[i], asked[i], counters[i]))
  }
}

/** The same of one message, for all alike; `kinds` are those of the message. */
export async function neutralBeside(
  tables: Tables,
  place: Place,
  kinds: readonly string[],
  now: number,
): Promise<Beside> {
  const isPoll = kinds.includes('poll')
  const [reactions, [poll], [counters]] = await Promise.all([
    neutralReactions(tables, place),
    isPoll ? pollsAt(tables, undefined, [place], now) : [],
    countersOf(tables, [place]),
  ])
  return together(reactions.results.length > 0 ? reactions : undefined, poll, counters)
}

export const placeOf = (viewer: UserId, { entry, isPost }: Pick<Placed, 'entry' | 'isPost'>): Place => ({
  chatId: chatIdOf(viewer, entry.peerId),
  seq: entry.seq,
  out: entry.out,
  isPost,
})

type Counters = Required<Pick<Beside, 'views' | 'forwards'>>

function together(
  reactions: Reactions | undefined,
  poll: PollState | undefined,
  counters: Counters | undefined,
): Beside {
  if (reactions === undefined && poll === undefined) return counters ?? NOTHING
  return { ...counters, ...(reactions && { reactions }), ...(poll && { poll }) }
}

async function readPollsOf(
  tables: Tables,
  viewer: UserId,
  places: readonly Place[],
  isPoll: readonly boolean[],
  now: number,
): Promise<Guarded<(PollState | undefined)[]>> {
  const wanted = places.filter((_, i) => isPoll[i])
  if (wanted.length === 0) return () => []
  const read = await readPolls(tables, viewer, wanted, now)
  return (left) => {
    const found = read(left)
    let next = 0
    return places.map((_, i) => (isPoll[i] ? found[next++] : undefined))
  }
}

/** Views and forwards of those that are posts. */
export async function countersOf(
  tables: Tables,
  places: readonly Place[],
): Promise<(Counters | undefined)[]> {
  const posts = places.filter(({ isPost }) => isPost)
  if (posts.length === 0) return []
  const rows = (await rowsAt(tables, messageCounters, posts)) as (RowOf<typeof messageCounters> | undefined)[]
  let next = 0
  return places.map(({ isPost }) => {
    if (!isPost) return undefined
    const row = rows[next++]
    return { views: row?.views ?? 0, forwards: row?.forwards ?? 0 }
  })
}
