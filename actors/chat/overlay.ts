import type { AnyRow, Mutation, RowOf } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'
import { rowKeyOf } from '../runtime/row-key.ts'

/** `rows` as they are once the mutations are made, for a decision of several events of which one counts on from another. */
export function overlaid(rows: Rows, mutations: readonly Mutation[]): Rows {
  const written = new Map<string, AnyRow | undefined>()
  for (const mutation of mutations) {
    if (mutation.kind === 'upsert') written.set(rowKeyOf(mutation.table, mutation.row), mutation.row)
    else written.set(rowKeyOf(mutation.table, mutation.key), undefined)
  }
  return {
    get: (table, key) => {
      const id = rowKeyOf(table, key)
      return written.has(id) ? (written.get(id) as RowOf<typeof table> | undefined) : rows.get(table, key)
    },
  }
}
