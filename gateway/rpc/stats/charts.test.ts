import { describe, expect, it } from 'vitest'
import { byDay, byHour, membersAt, reactionsChart, sourcesChart } from './charts.ts'
import { graphOf } from './graph.ts'
import { growthOf, type Move, type Total } from './measured.ts'
import { DAY_SECONDS, lastDays, msOfDay } from './period.ts'
import { zoomOf, zoomToken } from './zoom.ts'

const day = 20_000
const move = (of: 'in' | 'out', on: number, more: Partial<Move> = {}): Move =>
  ({ move: of, day: on, date: on * DAY_SECONDS, userId: 1, source: 'name', ...more }) as Move
const total = (hour: number, value: number, more: Partial<Total> = {}): Total => ({
  kind: 'views',
  seq: 1,
  hour,
  value,
  ...more,
})

describe('members over time', () => {
  const at = byDay({ first: day, last: day + 4 })

  it('are as they were told last, and before the first telling as moves say', () => {
    const totals = [total((day + 2) * 24 + 3, 12), total((day + 2) * 24 + 5, 13)]
    const moves = [move('in', day + 1), move('in', day + 2), move('in', day + 2, { userId: 2 })]
    expect(membersAt(at, { totals, moves, atEnd: 13, createdAt: 0 })).toEqual([10, 11, 13, 13, 13])
  })

  it('are what they are now where nobody came or went', () => {
    expect(membersAt(at, { totals: [], moves: [], atEnd: 5, createdAt: 0 })).toEqual([5, 5, 5, 5, 5])
  })

  it('are none before the chat came to be', () => {
    const createdAt = (day + 2) * DAY_SECONDS
    expect(membersAt(at, { totals: [], moves: [], atEnd: 5, createdAt })).toEqual([0, 0, 5, 5, 5])
  })

  it('are told by the hour of a day', () => {
    const values = membersAt(byHour(day), {
      totals: [total(day * 24 + 7, 4)],
      moves: [move('in', day, { date: day * DAY_SECONDS + 7 * 3600 })],
      atEnd: 4,
      createdAt: 0,
    })
    expect(values.slice(5, 9)).toEqual([3, 3, 4, 4])
  })
})

describe('what totals grew by', () => {
  it('counts from nothing for messages of the period, and from the first total for older ones', () => {
    const totals = [total(1, 5), total(2, 8), total(1, 100, { seq: 0 }), total(3, 101, { seq: 0 })]
    expect(growthOf(totals, 1).map(({ seq, hour, by }) => [seq, hour, by])).toEqual([
      [1, 1, 5],
      [1, 2, 3],
      [0, 3, 1],
    ])
  })
})

describe('charts', () => {
  const at = byDay({ first: day, last: day + 1 })

  it('are JSON of columns as clients read it', () => {
    const graph = graphOf(
      { x: at.x, type: 'line', lines: [{ name: 'Members', values: [1, 2] }] },
      false,
      'zoom',
    )
    expect(graph.zoomToken).toBe('zoom')
    expect(JSON.parse(graph.json.data)).toMatchObject({
      columns: [
        ['x', msOfDay(day), msOfDay(day + 1)],
        ['y0', 1, 2],
      ],
      types: { x: 'x', y0: 'line' },
      names: { y0: 'Members' },
      colors: { y0: expect.stringMatching(/^[A-Z]+#[0-9A-F]{6}$/) },
    })
  })

  it('tell by which way members came', () => {
    const chart = sourcesChart(at, [
      move('in', day),
      move('in', day + 1, { source: 'link' }),
      move('out', day),
    ])
    expect(chart.lines.slice(0, 2)).toEqual([
      { name: 'Search', values: [1, 0] },
      { name: 'Links', values: [0, 1] },
    ])
  })

  it('put the most frequent reaction first', () => {
    const grown = [
      { ...total(day * 24, 1, { kind: 'reaction:👎' }), by: 1 },
      { ...total(day * 24, 3, { kind: 'reaction:👍' }), by: 3 },
    ]
    expect(reactionsChart(at, grown).lines.map(({ name }) => name)).toEqual(['👍', '👎'])
  })

  it('end with today', () => {
    expect(lastDays(day * DAY_SECONDS + 5, 7)).toEqual({ first: day - 6, last: day })
  })
})

describe('tokens', () => {
  const zoom = { chatId: 'c77' as never, graph: 'growth', dark: true } as const

  it('say what they stand for, for a day', () => {
    const token = zoomToken(zoom, 1_000)
    expect(zoomOf(token, 2_000)).toEqual(zoom)
    expect(() => zoomOf(token, 1_001 + DAY_SECONDS)).toThrow('GRAPH_EXPIRED_RELOAD')
  })

  it.each(['', 'x', 'c77.none.dark.5', 'g77.growth.dark.5', 'c77.growth.dark.5.6', 'c77.growth.dark.x'])(
    'are refused where they are none: %s',
    (token) => expect(() => zoomOf(token, 10)).toThrow('GRAPH_INVALID_RELOAD'),
  )
})
