import type { Chart, Line } from './graph.ts'
import { type Growth, type Move, reactionOf, summed, type Total } from './measured.ts'
import { DAY_HOURS, type Days, dayOf, hourOf, listDays, msOfDay, msOfHour } from './period.ts'

/** From facts to charts: by the days of a period, or by the hours of one day. */
export interface Places {
  /** Place numbers: days or hours, counted from 1970. */
  readonly places: readonly number[]
  readonly x: readonly number[]
  /** The place of a date in Unix seconds, and of an hour. */
  readonly placeOf: (date: number) => number
  readonly placeOfHour: (hour: number) => number
}

export function byDay(days: Days): Places {
  const places = listDays(days)
  const placeOfHour = (hour: number) => Math.floor(hour / DAY_HOURS)
  return { places, x: places.map(msOfDay), placeOf: dayOf, placeOfHour }
}

export function byHour(day: number): Places {
  const places = Array.from({ length: DAY_HOURS }, (_, i) => day * DAY_HOURS + i)
  return { places, x: places.map(msOfHour), placeOf: hourOf, placeOfHour: (hour) => hour }
}

const lineOf = (name: string, { places }: Places, sums: ReadonlyMap<number, number>): Line => ({
  name,
  values: places.map((place) => sums.get(place) ?? 0),
})

/** Who came and who went. */
export function followersChart(at: Places, moves: readonly Move[]): Chart {
  const of = (move: string) =>
    summed(
      moves.filter((each) => each.move === move),
      ({ date }) => at.placeOf(date ?? 0),
    )
  return { x: at.x, type: 'line', lines: [lineOf('Joined', at, of('in')), lineOf('Left', at, of('out'))] }
}

/** How those came who came. */
const SOURCES = { name: 'Search', link: 'Links', request: 'Requests', added: 'Invited by others' } as const

export function sourcesChart(at: Places, moves: readonly Move[]): Chart {
  const lines = Object.entries(SOURCES).map(([source, name]) => {
    const came = moves.filter((each) => each.move === 'in' && each.source === source)
    return lineOf(
      name,
      at,
      summed(came, ({ date }) => at.placeOf(date ?? 0)),
    )
  })
  return { x: at.x, type: 'bar', stacked: true, lines }
}

/** What is known of a chat's members as a whole. */
export interface Membership {
  readonly totals: readonly Total[]
  readonly moves: readonly Move[]
  /** How many there are at the end of the last place. */
  readonly atEnd: number
  /** When the chat came to be, Unix seconds. */
  readonly createdAt: number
}

export function membersChart(at: Places, membership: Membership): Chart {
  return { x: at.x, type: 'line', lines: [{ name: 'Members', values: membersAt(at, membership) }] }
}

/** How many there were at the end of each place: as it was told last, and before the first telling as moves say. */
export function membersAt(at: Places, { totals, moves, atEnd, createdAt }: Membership): number[] {
  const told = new Map(totals.map(({ hour, value }) => [at.placeOfHour(hour), value]))
  const change = summed(
    moves,
    ({ date }) => at.placeOf(date ?? 0),
    ({ move }) => (move === 'in' ? 1 : -1),
  )
  const beginning = at.placeOf(createdAt)
  const values: number[] = []
  let after = atEnd
  for (const place of [...at.places].reverse()) {
    after = place < beginning ? 0 : (told.get(place) ?? after)
    values.unshift(after)
    after = Math.max(0, after - (change.get(place) ?? 0))
  }
  return values
}

/** Views and forwards of posts as they came. */
export function interactionsChart(at: Places, views: readonly Growth[], forwards: readonly Growth[]): Chart {
  const line = (name: string, growth: readonly Growth[]) =>
    lineOf(
      name,
      at,
      summed(
        growth,
        ({ hour }) => at.placeOfHour(hour),
        ({ by }) => by,
      ),
    )
  return { x: at.x, type: 'line', lines: [line('Views', views), line('Shares', forwards)] }
}

/** Reactions as they came, one series for each, the most frequent first. */
export function reactionsChart(at: Places, growth: readonly Growth[]): Chart {
  const byReaction = new Map<string, Growth[]>()
  for (const each of growth) {
    const reaction = reactionOf(each)
    byReaction.set(reaction, [...(byReaction.get(reaction) ?? []), each])
  }
  const total = (of: readonly Growth[]) => of.reduce((sum, { by }) => sum + by, 0)
  const lines = [...byReaction]
    .sort(([, a], [, b]) => total(b) - total(a))
    .map(([name, of]) =>
      lineOf(
        name,
        at,
        summed(
          of,
          ({ hour }) => at.placeOfHour(hour),
          ({ by }) => by,
        ),
      ),
    )
  return { x: at.x, type: 'bar', stacked: true, lines }
}

/** Amounts by the hours of a day, over a period and the one before. */
export function hoursChart(
  name: string,
  current: ReadonlyMap<number, number>,
  previous: ReadonlyMap<number, number>,
): Chart {
  const x = Array.from({ length: DAY_HOURS }, (_, hour) => hour)
  const line = (title: string, sums: ReadonlyMap<number, number>) => ({
    name: title,
    values: x.map((hour) => sums.get(hour) ?? 0),
  })
  return { x, type: 'line', lines: [line(name, current), line('Previous period', previous)] }
}

/** Any amounts by place. */
export function amountsChart(
  at: Places,
  amounts: Readonly<Record<string, ReadonlyMap<number, number>>>,
  type: Chart['type'] = 'line',
): Chart {
  return { x: at.x, type, lines: Object.entries(amounts).map(([name, sums]) => lineOf(name, at, sums)) }
}
