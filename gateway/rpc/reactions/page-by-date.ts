import type { AnyRow, RowKey, RowOf, TableDeclaration, Tables } from '@heliograph/storage'

/** Rows that one page looks at, most of which it may step over. */
const MAX_SCANNED = 2_000
export const MAX_LISTED = 100
const PAGE_ROWS = 200

interface PageCall {
  readonly offset?: string | undefined
  readonly limit: number
}

interface Dated {
  readonly date: number
  readonly userId: number
}

/**
 * One page of what users did, newest first, from a table whose rows are ordered by `date` and `userId`: those that `wants`
 * takes. The offset names the last row of the page before.
 */
export async function pageByDate<T extends TableDeclaration>(
  tables: Tables,
  table: T,
  partition: RowKey,
  { offset, limit }: PageCall,
  wants: (row: RowOf<T>) => boolean,
): Promise<{ readonly rows: RowOf<T>[]; readonly nextOffset: string | undefined }> {
  const take = Math.max(1, Math.min(MAX_LISTED, limit))
  let after = parsed(offset)
  const rows: RowOf<T>[] = []
  for (let scanned = 0; scanned < MAX_SCANNED; scanned += PAGE_ROWS) {
    const page = await rowsAfter(tables, table, partition, after)
    for (const row of page) {
      if (!wants(row)) continue
      if (rows.length === take) return { rows, nextOffset: offsetOf(datedOf(rows[take - 1]!)) }
      rows.push(row)
    }
    if (page.length < PAGE_ROWS) return { rows, nextOffset: undefined }
    after = datedOf(page[page.length - 1]!)
  }
  return { rows, nextOffset: after && offsetOf(after) }
}

/** The rest of what happened in the same second, and what was before. */
async function rowsAfter<T extends TableDeclaration>(
  tables: Tables,
  table: T,
  partition: RowKey,
  after: Dated | undefined,
): Promise<RowOf<T>[]> {
  const options = { descending: true, limit: PAGE_ROWS }
  if (after === undefined) return tables.range(table, partition, options)
  const { date, userId } = after
  const same = await tables.range(table, { ...partition, date }, { ...options, to: userId - 1 })
  if (same.length === PAGE_ROWS) return same
  const limit = PAGE_ROWS - same.length
  return [...same, ...(await tables.range(table, partition, { ...options, limit, to: date - 1 }))]
}

/** Unknown offsets begin from the newest. */
function parsed(offset: string | undefined): Dated | undefined {
  const match = /^(\d+)_(\d+)$/.exec(offset ?? '')
  return match === null ? undefined : { date: Number(match[1]), userId: Number(match[2]) }
}

const datedOf = (row: AnyRow): Dated => ({ date: Number(row.date), userId: Number(row.userId) })
const offsetOf = ({ date, userId }: Dated): string => `${date}_${userId}`
