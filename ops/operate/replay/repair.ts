import type { RecordCodec } from '@heliograph/schemas/avro'
import {
  type AnyRow,
  dialogs,
  type Mutation,
  type RowKey,
  type TableDeclaration,
  type Tables,
} from '@heliograph/storage'
import type { Log } from '@heliograph/topics'
import { compareAgain, type Difference, keyOf } from './compare.ts'
import { historyPartition, type Scope } from './scope.ts'

interface RepairPorts {
  readonly log: Log
  readonly codec: RecordCodec
  readonly live: Tables
  /** Empty tables to rebuild the rows in. */
  readonly scratch: Tables
}
export interface Repair {
  readonly rows: number
  readonly differences: readonly Difference[]
  /** Offset behind the last record that a rebuilt row is made of: the write time of what is repaired. */
  readonly endOf: EndOf
}
export type EndOf = (table: TableDeclaration, key: RowKey) => number

/** Rows of one partition that are held at once. */
const PAGE_ROWS = 1000

/** Rebuilds the rows of one actor and tells which of its live rows differ. Nothing is written to the live tables. */
export async function inspectScope(scope: Scope, ports: RepairPorts): Promise<Repair> {
  const part = await scope.part({ log: ports.log, codec: ports.codec, tables: ports.scratch })
  const end = await ports.log.end(part.topic, part.partition)
  await part.advance(end)
  const differences: Difference[] = []
  let rows = 0
  for await (const refs of candidates(scope, ports)) {
    rows += refs.length
    differences.push(...(await compareAgain(ports.live, ports.scratch, refs)))
  }
  return { rows, differences, endOf: () => end }
}

/**
 * Makes the live rows what the log says. Written as of the end of the log that was replayed: newer than any row of then,
 * older than what the actor writes from now on.
 */
export async function repairRows(
  { live, scratch }: Pick<RepairPorts, 'live' | 'scratch'>,
  { differences, endOf }: Omit<Repair, 'rows'>,
): Promise<void> {
  for (let at = 0; at < differences.length; at += PAGE_ROWS) {
    const chunk = differences.slice(at, at + PAGE_ROWS)
    const rows = await scratch.getMany(chunk)
    const byEnd = new Map<number, Mutation[]>()
    chunk.forEach(({ table, key }, i) => {
      const [row, end] = [rows[i], endOf(table, key)]
      const mutations = byEnd.get(end) ?? []
      mutations.push(row === undefined ? { kind: 'delete', table, key } : { kind: 'upsert', table, row })
      byEnd.set(end, mutations)
    })
    for (const [end, mutations] of byEnd) await live.apply(mutations, end)
  }
}

/** Keys of all rows that the actor has in the live tables or in the rebuilt ones. */
async function* candidates(scope: Scope, { live, scratch }: RepairPorts): AsyncGenerator<Difference[]> {
  for (const { table, key } of scope.owned) {
    for (const tables of [live, scratch]) {
      yield* pages(tables, table, key)
      if (table !== dialogs) continue
      for await (const page of pages(tables, dialogs, key)) {
        for (const dialog of page) yield* pagesOfHistory(tables, dialog.key)
      }
    }
  }
}

function pagesOfHistory(tables: Tables, { userId, peerId }: RowKey) {
  const { table, key } = historyPartition(userId as number, peerId as number)
  return pages(tables, table, key)
}

/** Rows of one partition, a page at a time. */
async function* pages(
  tables: Tables,
  table: TableDeclaration,
  partition: RowKey,
): AsyncGenerator<Difference[]> {
  const [first] = table.clusteringKey
  let from: string | number | undefined
  for (;;) {
    const range = from === undefined ? {} : { from }
    const rows: AnyRow[] = await tables.range(table, partition, { ...range, limit: PAGE_ROWS })
    const fresh = from === undefined ? rows : rows.slice(1)
    if (fresh.length > 0) yield fresh.map((row) => ({ table, key: keyOf(table, row), kind: 'different' }))
    if (rows.length < PAGE_ROWS || first === undefined) return
    from = rows.at(-1)?.[first] as string | number
  }
}
