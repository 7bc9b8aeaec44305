import { isDeepStrictEqual } from 'node:util'
import type { AnyRow, RowKey, TableDeclaration, Tables } from '@heliograph/storage'

/** `missing`: only the replay has the row; `extra`: only the live table has it. */
export interface Difference {
  readonly table: TableDeclaration
  readonly key: RowKey
  readonly kind: 'missing' | 'extra' | 'different'
}
export interface Comparison {
  /** Rows of the live tables that were compared. */
  readonly rows: number
  /** The first of them, at most `MAX_DIFFERENCES`. */
  readonly differences: readonly Difference[]
  /** How many there are in all. */
  readonly count: number
}

/** More differences than this are a fault to be looked at, not rows to be listed. */
export const MAX_DIFFERENCES = 10_000
/** Rows that are looked up together; what one comparison holds in memory. */
const CHUNK_ROWS = 256

/** Values of a row's key columns. */
export function keyOf(table: TableDeclaration, row: AnyRow): RowKey {
  const names = [...table.partitionKey, ...table.clusteringKey]
  return Object.fromEntries(names.map((name) => [name, row[name] as string | number | bigint]))
}

/**
 * Compares tables row by row, both ways, in memory of a fixed size: each row of the live table is looked up in the replayed
 * one; where the replayed one turns out to have more rows than were found, those are looked up in turn. Rows that time
 * removes are not missed where only the replay has them.
 */
export async function compareTables(
  live: Tables,
  replayed: Tables,
  tables: readonly TableDeclaration[],
  onRows: (rows: number) => void = () => {},
): Promise<Comparison> {
  const found = new Differences()
  for (const table of tables) {
    let common = 0
    for await (const chunk of chunks(live.scan(table))) {
      common += await found.take(table, chunk, replayed, 'extra')
      onRows(chunk.length)
    }
    if (table.ttlSeconds === undefined && (await size(replayed, table)) > common) {
      for await (const chunk of chunks(replayed.scan(table))) await found.takeMissing(table, chunk, live)
    }
  }
  return found
}

/** Looks again at rows that differed; gives those that still do. */
export async function compareAgain(
  live: Tables,
  replayed: Tables,
  differences: readonly Difference[],
): Promise<Difference[]> {
  const still: Difference[] = []
  for (let at = 0; at < differences.length; at += CHUNK_ROWS) {
    const chunk = differences.slice(at, at + CHUNK_ROWS)
    const [mine, theirs] = await Promise.all([live.getMany(chunk), replayed.getMany(chunk)])
    chunk.forEach(({ table, key }, i) => {
      const kind = kindOf(table, mine[i], theirs[i])
      if (kind !== undefined) still.push({ table, key, kind })
    })
  }
  return still
}

function kindOf(
  table: TableDeclaration,
  live: AnyRow | undefined,
  replayed: AnyRow | undefined,
): Difference['kind'] | undefined {
  if (live === undefined) return replayed === undefined ? undefined : 'missing'
  if (replayed === undefined) return 'extra'
  return equalRows(table, live, replayed) ? undefined : 'different'
}

export function equalRows(table: TableDeclaration, a: AnyRow, b: AnyRow): boolean {
  return Object.keys(table.columns).every((column) => isDeepStrictEqual(plain(a[column]), plain(b[column])))
}

/** Absent and null are one; a buffer is its bytes, whatever pool they lie in. */
function plain(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString('latin1') : (value ?? null)
}

class Differences implements Comparison {
  rows = 0
  count = 0
  readonly differences: Difference[] = []

  /** Gives how many rows of the chunk the other side has too. */
  async take(
    table: TableDeclaration,
    chunk: readonly AnyRow[],
    other: Tables,
    absent: Difference['kind'],
  ): Promise<number> {
    const refs = chunk.map((row) => ({ table, key: keyOf(table, row) }))
    const others = await other.getMany(refs)
    let common = 0
    refs.forEach(({ key }, i) => {
      const theirs = others[i]
      if (theirs === undefined) this.#add({ table, key, kind: absent })
      else common++
      if (theirs !== undefined && !equalRows(table, chunk[i] as AnyRow, theirs))
        this.#add({ table, key, kind: 'different' })
    })
    this.rows += chunk.length
    return common
  }

  async takeMissing(table: TableDeclaration, chunk: readonly AnyRow[], live: Tables): Promise<void> {
    const refs = chunk.map((row) => ({ table, key: keyOf(table, row) }))
    const rows = await live.getMany(refs)
    refs.forEach(({ key }, i) => {
      if (rows[i] === undefined) this.#add({ table, key, kind: 'missing' })
    })
  }

  #add(difference: Difference): void {
    this.count++
    if (this.differences.length < MAX_DIFFERENCES) this.differences.push(difference)
  }
}

async function size(tables: Tables, table: TableDeclaration): Promise<number> {
  let rows = 0
  for await (const _ of tables.scan(table)) rows++
  return rows
}

async function* chunks(rows: AsyncIterable<AnyRow>): AsyncGenerator<AnyRow[]> {
  let chunk: AnyRow[] = []
  for await (const row of rows) {
    chunk.push(row)
    if (chunk.length < CHUNK_ROWS) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
