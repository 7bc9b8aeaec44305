import { deepStrictEqual } from 'node:assert/strict'
import { replay } from '@heliograph/actors'
import { type Cast, WORLD_TIME_MS } from '@heliograph/actors/simulation'
import { allTables, checkpoints, MemoryTables, parkedActors, type Tables } from '@heliograph/storage'
import type { Log } from '@heliograph/topics'
import { linesOf } from './rows.ts'

/** Not made of events: where processes stand, and whom they set aside. */
const NOT_REPLAYED: ReadonlySet<unknown> = new Set([checkpoints, parkedActors])

/** The topics of record alone give the same rows, in every table. */
export async function auditReplay(log: Log, tables: Tables, cast: Cast): Promise<void> {
  const rebuilt = new MemoryTables(undefined, () => WORLD_TIME_MS)
  await rebuilt.create(allTables)
  const { codec, deciders, folds } = cast
  await replay({ log, codec, tables: rebuilt, deciders, folds })
  deepStrictEqual(await allLines(rebuilt), await allLines(tables), 'rows of a replay')
}

/** All rows of all tables that events make. */
export async function allLines(tables: Tables): Promise<string[]> {
  const lines: string[] = []
  for (const table of allTables) if (!NOT_REPLAYED.has(table)) lines.push(...(await linesOf(tables, table)))
  return lines
}
