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
  for (let scanned = 0; scanned < MAX_SCANNED; ) {
    const bounds = after === undefined ? {} : { to: after.date }
    const page = await tables.range(table, partition, { ...bounds, descending: true, limit: PAGE_ROWS })
    const fresh = page.filter((row) => isAfter(row, after))
    for (const row of fresh) {
      if (!wants(row)) continue
      if (rows.length === take) return { rows, nextOffset: offsetOf(rows[take - 1] as AnyRow) }
      rows.push(row)
    }
    const last = fresh[fresh.length - 1] as AnyRow | undefined
    if (last === undefined || page.length < PAGE_ROWS) return { rows, nextOffset: undefined }
    after = datedOf(last)
    scanned += page.length
  }
  return { rows, nextOffset: after && offsetOf(after) }
}

/** Unknown offsets begin from the newest. */
function parsed(offset: string | undefined): Dated | undefined {
  const match = /^(\d+)_(\d+)$/.exec(offset ?? '')
  return match === null ? undefined : { date: Number(match[1]), userId: Number(match[2]) }
}

function isAfter(row: AnyRow, after: Dated | undefined): boolean {
  if (after === undefined) return true
  const { date, userId } = datedOf(row)
  return date < after.date || (date === after.date && userId < after.userId)
}

const datedOf = (row: AnyRow): Dated => ({ date: Number(row.date), userId: Number(row.userId) })
const offsetOf = (row: AnyRow | Dated): string => `${row.date}_${row.userId}`
