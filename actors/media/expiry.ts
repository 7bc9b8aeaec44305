import { type Mutation, mediaExpiries } from '@heliograph/storage'

const DAY_SECONDS = 24 * 3600

/** The day (since 1970) on which something that is free since then may be given up. */
export const expiryDay = (freeSince: number, graceSeconds: number): number =>
  Math.floor((freeSince + graceSeconds) / DAY_SECONDS)

/**
 * Moves the row by which `key` is found when its grace period ends. `before` and `after` are since when it is free, 0 for
 * not at all.
 */
export function moveExpiry(key: string, before: number, after: number, graceSeconds: number): Mutation[] {
  const from = before === 0 ? 0 : expiryDay(before, graceSeconds)
  const to = after === 0 ? 0 : expiryDay(after, graceSeconds)
  if (from === to) return []
  return [
    ...(from === 0 ? [] : [{ kind: 'delete', table: mediaExpiries, key: { day: from, key } } as const]),
    ...(to === 0 ? [] : [{ kind: 'upsert', table: mediaExpiries, row: { day: to, key } } as const]),
  ]
}
