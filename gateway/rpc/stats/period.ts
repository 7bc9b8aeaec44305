import { STATISTICS_DAYS } from '@heliograph/storage'

/** Days of UTC, counted from 1970, and hours, counted likewise. */

const HOUR_SECONDS = 3600
export const DAY_HOURS = 24
export const DAY_SECONDS = DAY_HOURS * HOUR_SECONDS
const MS = 1000

/** Days that charts show, today among them. */
export const SHOWN_DAYS = 30
/** Days over which sums are made, and compared with as many before. */
export const PERIOD_DAYS = 7

export const dayOf = (date: number): number => Math.floor(date / DAY_SECONDS)
export const hourOf = (date: number): number => Math.floor(date / HOUR_SECONDS)

/** Days, both ends inclusive. */
export interface Days {
  readonly first: number
  readonly last: number
}

/** The days that end with the one of `now` (Unix seconds), or so many days earlier. */
export function lastDays(now: number, count: number, earlier = 0): Days {
  const last = dayOf(now) - earlier
  return { first: last - count + 1, last }
}

export const listDays = ({ first, last }: Days): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** Places of a chart. */
export const msOfDay = (day: number): number => day * DAY_SECONDS * MS
export const msOfHour = (hour: number): number => hour * HOUR_SECONDS * MS

/** Whether what happened on the day may still be known. */
export const isKept = (day: number, now: number): boolean =>
  day <= dayOf(now) && day > dayOf(now) - STATISTICS_DAYS
