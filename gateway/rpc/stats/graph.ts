import type { Tl, TlType } from '@heliograph/schemas/tl'

/** Charts as clients draw them: JSON of columns by name, the first of which is time. */

/** One series of a chart; as many values as the chart has places. */
export interface Line {
  readonly name: string
  readonly values: readonly number[]
}
export interface Chart {
  /** Milliseconds since 1970; or 0, 1, 2, … for hours of a day. */
  readonly x: readonly number[]
  readonly lines: readonly Line[]
  readonly type: 'line' | 'bar' | 'area'
  /** Series stand upon each other. */
  readonly stacked?: boolean
  /** Places are days of a week. */
  readonly isWeek?: boolean
}

/** Names and values of the colours that clients have for charts, by day and by night. */
const COLOURS = [
  ['BLUE', '#327FE5', '#529FFF'],
  ['GREEN', '#61C752', '#4FB646'],
  ['RED', '#E05356', '#DB6D6F'],
  ['GOLDEN', '#DEBA08', '#D9BC3B'],
  ['LIGHTBLUE', '#58A8ED', '#58A8ED'],
  ['LIGHTGREEN', '#8FCF39', '#96C84B'],
  ['ORANGE', '#E3B727', '#D39B3C'],
  ['INDIGO', '#7F79F3', '#8E87F5'],
  ['PURPLE', '#9F79E8', '#A684ED'],
  ['CYAN', '#40D0CA', '#40C1BC'],
] as const
/** Series that one chart shows. */
export const MAX_LINES = COLOURS.length

/** A chart; with `zoomToken` clients may ask for its days by themselves. */
export function graphOf(chart: Chart, dark: boolean, zoomToken?: string): Tl<'statsGraph'> {
  const json: Tl<'dataJSON'> = { _: 'dataJSON', data: JSON.stringify(chartJson(chart, dark)) }
  return { _: 'statsGraph', json, ...(zoomToken !== undefined && { zoomToken }) }
}

/** For what nobody keeps any record of. */
export const NOT_KNOWN: TlType<'StatsGraph'> = { _: 'statsGraphError', error: 'Not enough data to display.' }

function chartJson({ x, lines, type, stacked, isWeek }: Chart, dark: boolean): object {
  const shown = lines.slice(0, MAX_LINES)
  const byName = <T>(give: (line: Line, i: number) => T) =>
    Object.fromEntries(shown.map((line, i) => [`y${i}`, give(line, i)]))
  return {
    columns: [['x', ...x], ...shown.map(({ values }, i) => [`y${i}`, ...values])],
    types: { x: 'x', ...byName(() => type) },
    names: byName(({ name }) => name),
    colors: byName((_, i) => `${COLOURS[i]![0]}${COLOURS[i]![dark ? 2 : 1]}`),
    hidden: [],
    subchart: { show: x.length > 2, defaultZoom: [x[0] ?? 0, x[x.length - 1] ?? 0] },
    strokeWidth: 2,
    ...(stacked === true && { stacked: true }),
    ...(isWeek === true && { xTickFormatter: "statsFormat('week')" }),
  }
}
