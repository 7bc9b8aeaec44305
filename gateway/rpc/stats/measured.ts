import type { ChatId } from '@heliograph/schemas/avro'
import {
  adminDeeds,
  chatMeasures,
  memberMoves,
  type RangeOptions,
  type RowOf,
  type TableDeclaration,
  type Tables,
} from '@heliograph/storage'
import { DAY_HOURS, type Days, listDays } from './period.ts'

/** Rows of one day that are read: beyond that a busy day is counted too low. */
export const MAX_DAY_ROWS = 10_000

export type Move = RowOf<typeof memberMoves>
export type Deed = RowOf<typeof adminDeeds>
type Measure = RowOf<typeof chatMeasures>

async function byDays<T extends TableDeclaration>(
  tables: Tables,
  table: T,
  chatId: ChatId,
  days: Days,
  range: Omit<RangeOptions, 'limit'> = {},
): Promise<RowOf<T>[]> {
  const options = { ...range, limit: MAX_DAY_ROWS }
  const found = await Promise.all(listDays(days).map((day) => tables.range(table, { chatId, day }, options)))
  return found.flat()
}

export const movesIn = (tables: Tables, chatId: ChatId, days: Days): Promise<Move[]> =>
  byDays(tables, memberMoves, chatId, days)
export const deedsIn = (tables: Tables, chatId: ChatId, days: Days): Promise<Deed[]> =>
  byDays(tables, adminDeeds, chatId, days)

/** A total at the end of an hour (of UTC, counted from 1970). */
export interface Total {
  readonly kind: string
  readonly seq: number
  readonly hour: number
  readonly value: number
}

const totalOf = ({ kind, seq, day, hour, value }: Measure): Total => ({
  kind: kind ?? '',
  seq: seq ?? 0,
  hour: (day ?? 0) * DAY_HOURS + (hour ?? 0),
  value: value ?? 0,
})

const REACTIONS = 'reaction:'
/** Above every kind that begins so. */
const AFTER_REACTIONS = 'reaction;'
export const reactionOf = ({ kind }: Total): string => kind.slice(REACTIONS.length)

/** In order of time for each message. `reactions` are of all kinds. */
export async function totalsOf(
  tables: Tables,
  chatId: ChatId,
  days: Days,
  kind: 'members' | 'views' | 'forwards' | 'reactions',
): Promise<Total[]> {
  const range = kind === 'reactions' ? { from: REACTIONS, to: AFTER_REACTIONS } : { from: kind, to: kind }
  return (await byDays(tables, chatMeasures, chatId, days, range)).map(totalOf)
}

/** By how much totals grew in an hour. */
export interface Growth extends Total {
  readonly by: number
}

/**
 * What was added in each hour. Messages from `firstSeq` on began at nothing; what older ones had before their first total of
 * these is not known, and not counted.
 */
export function growthOf(totals: readonly Total[], firstSeq: number): Growth[] {
  const last = new Map<string, number>()
  return totals.flatMap((total) => {
    const key = `${total.seq}/${total.kind}`
    const before = last.get(key) ?? (total.seq >= firstSeq ? 0 : total.value)
    last.set(key, total.value)
    const by = total.value - before
    return by === 0 ? [] : [{ ...total, by }]
  })
}

/** Sums of amounts by place. */
export function summed<T>(
  items: readonly T[],
  placeOf: (item: T) => number,
  amountOf: (item: T) => number = () => 1,
): Map<number, number> {
  const sums = new Map<number, number>()
  for (const item of items) {
    const place = placeOf(item)
    sums.set(place, (sums.get(place) ?? 0) + amountOf(item))
  }
  return sums
}
