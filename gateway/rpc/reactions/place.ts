import type { ChatId } from '@heliograph/schemas/avro'
import type { AnyRow, RowRef, TableDeclaration, Tables } from '@heliograph/storage'

/** A message by its place in its chat, for what stands beside its row. */
export interface Place {
  readonly chatId: ChatId
  readonly seq: number
  /** The viewer wrote it. */
  readonly out: boolean
  /** A post of a broadcast channel. */
  readonly isPost: boolean
}

interface Copied {
  readonly copyOfChatId: string | null
  readonly copyOfSeq: number | null
  readonly sealedThere: boolean | null
}

/** Where the poll of a message stands: that of a post which was copied into a discussion group is the post's. */
export function pollPlace(place: Place, row: Copied | undefined): Place {
  if (row?.sealedThere !== true || !row.copyOfChatId || !row.copyOfSeq) return place
  return { ...place, chatId: row.copyOfChatId as ChatId, seq: row.copyOfSeq }
}

/** A page is read as one range while that reads at most so many times as many places as are wanted. */
const MAX_SPREAD = 4

/**
 * The rows of a table by (chatId, seq) at these places, in order. Most messages have none: a page of one chat is one look-up of
 * a range.
 */
export async function rowsAt(
  tables: Tables,
  table: TableDeclaration,
  places: readonly Pick<Place, 'chatId' | 'seq'>[],
): Promise<(AnyRow | undefined)[]> {
  const span = places.length > 1 ? spanOf(places) : undefined
  if (span === undefined)
    return tables.getMany(places.map(({ chatId, seq }): RowRef => ({ table, key: { chatId, seq } })))
  const { chatId, from, to } = span
  const rows: AnyRow[] = await tables.range(table, { chatId }, { from, to, limit: to - from + 1 })
  if (rows.length === 0) return places.map(() => undefined)
  const bySeq = new Map(rows.map((row) => [row.seq as number, row]))
  return places.map(({ seq }) => bySeq.get(seq))
}

function spanOf(places: readonly Pick<Place, 'chatId' | 'seq'>[]) {
  const { chatId } = places[0]!
  let from = Number.POSITIVE_INFINITY
  let to = 0
  for (const place of places) {
    if (place.chatId !== chatId) return undefined
    from = Math.min(from, place.seq)
    to = Math.max(to, place.seq)
  }
  return to - from < MAX_SPREAD * places.length ? { chatId, from, to } : undefined
}
