import type { Tables } from '@heliograph/storage'
import { type Comparison, compareAgain, compareTables, type Difference } from './compare.ts'
import { replayedTables } from './origin.ts'
import type { Rebuild } from './rebuild.ts'

/** Rows that a live system keeps changing are looked at again this often, after the replay has caught up. */
const MAX_ROUNDS = 8
/** Actors write what they have appended within this time. */
const SETTLE_MS = 500

export interface Verified {
  readonly rows: number
  readonly differences: readonly Difference[]
  readonly count: number
}

/**
 * Compares live and replayed tables while the system runs: rows that differ may have changed in between, so the replay
 * catches up and they are looked at again; those that differ to the end are reported. A row that a busy chat changes all
 * the time may be among them: stop the actors for a verdict on it.
 */
export async function verify(
  live: Tables,
  replayed: Tables,
  rebuild: Pick<Rebuild, 'catchUp'>,
  onRows?: (rows: number) => void,
): Promise<Verified> {
  const first: Comparison = await compareTables(live, replayed, replayedTables, onRows)
  let differences = first.differences
  const unlisted = first.count - differences.length
  for (let round = 0; round < MAX_ROUNDS && differences.length > 0; round++) {
    const caughtUp = await rebuild.catchUp()
    if (caughtUp === 0 && round > 1) break
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    differences = await compareAgain(live, replayed, differences)
  }
  return { rows: first.rows, differences, count: differences.length + unlisted }
}
