/** Window over which rates are taken: Grafana picks one that fits the screen. */
const WINDOW = '$__rate_interval'

/** Changes of a counter per second, summed but for `by`. */
export function rate(counter: string, by = ''): string {
  return `sum${over(by)} (rate(${counter}[${WINDOW}]))`
}

/** A quantile of a histogram, over what `by` keeps apart. */
export function quantile(q: number, histogram: string, by = ''): string {
  const kept = by === '' ? 'le' : `le, ${by}`
  return `histogram_quantile(${q}, sum by (${kept}) (rate(${histogram}_bucket[${WINDOW}])))`
}

/** Mean of what a histogram saw. */
export function mean(histogram: string, by = ''): string {
  return `${rate(`${histogram}_sum`, by)} / ${rate(`${histogram}_count`, by)}`
}

export function total(gauge: string, by = ''): string {
  return `sum${over(by)} (${gauge})`
}

const over = (by: string): string => (by === '' ? '' : ` by (${by})`)
