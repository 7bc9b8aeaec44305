import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js'

/** Longer latencies count as this one. */
const MAX_MICROS = 3_600_000_000
/** Two significant digits: an error below one per cent. */
const DIGITS = 2

/** Latencies of which percentiles are wanted, in microseconds. */
export function newHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    numberOfSignificantValueDigits: DIGITS,
    highestTrackableValue: MAX_MICROS,
  })
}

export function record(histogram: Histogram, micros: number): void {
  histogram.recordValue(Math.min(Math.max(0, Math.round(micros)), MAX_MICROS))
}

/** For the way between processes; undefined where nothing was recorded. */
export function packed(histogram: Histogram): string | undefined {
  return histogram.totalCount === 0 ? undefined : encodeIntoCompressedBase64(histogram)
}

export function addPacked(into: Histogram, text: string | undefined): void {
  if (text !== undefined) into.add(decodeFromCompressedBase64(text, 32, false))
}

/** Percentiles in milliseconds. */
export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

export function percentilesOf(histogram: Histogram): Percentiles {
  const at = (percent: number) =>
    histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percent) / 1000
  const max = histogram.totalCount === 0 ? 0 : histogram.maxValue / 1000
  return { count: histogram.totalCount, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max }
}
