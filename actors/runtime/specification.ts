import { deepStrictEqual } from 'node:assert/strict'
import type { RecordHeader, ReplyAddress } from '@heliograph/schemas/avro'
import type { AnyRow, Mutation, RowKey, RowOf, RowRef, TableDeclaration } from '@heliograph/storage'
import type { At, Decider, Decision, Fold, Reaction, Rejection, Rows, TypedRecord } from './decider.ts'

/** Rows in memory, for specifications: what a store would hold after the mutations applied so far. */
export class RowMap implements Rows {
  readonly #rows = new Map<string, AnyRow>()

  get<T extends TableDeclaration>(table: T, key: RowKey): RowOf<T> | undefined {
    return this.#rows.get(rowId(table, key)) as RowOf<T> | undefined
  }

  apply(mutations: readonly Mutation[]): this {
    for (const mutation of mutations) {
      if (mutation.kind === 'upsert') this.#rows.set(rowId(mutation.table, mutation.row), mutation.row)
      else this.#rows.delete(rowId(mutation.table, mutation.key))
    }
    return this
  }

  /** Every row by an id that names its table and key, in no particular order. */
  entries(): [string, AnyRow][] {
    return [...this.#rows]
  }

  /** These rows as far as `refs` name them: looking at any other throws, since a partition loop would not have loaded it. */
  only(refs: readonly RowRef[]): Rows {
    const needed = new Set(refs.map((ref) => rowId(ref.table, ref.key)))
    return {
      get: (table, key) => {
        if (!needed.has(rowId(table, key))) throw new Error(`not in needs: ${rowId(table, key)}`)
        return this.get(table, key)
      },
    }
  }
}

/** One text for a row's place; `key` may be a whole row. */
export function rowId(table: TableDeclaration, key: RowKey | AnyRow): string {
  const values = [...table.partitionKey, ...table.clusteringKey].map((column) => {
    const value = key[column]
    if (value === undefined) throw new Error(`${table.name}: key column ${column} is missing`)
    return String(value)
  })
  return `${table.name}(${values.join(',')})`
}

/** The rows that a loop makes readable for a fold of `record`. */
export function foldNeeds<R extends TypedRecord>(fold: Fold<R>, record: R): RowRef[] {
  return [{ table: fold.counterTable, key: fold.counterKey(record) }, ...fold.needs(record)]
}

export const someAt: At = { date: 1_700_000_000, partition: 3, partitions: 8, offset: 5 }
/** Where the calls of a specification come from. */
export const caller: ReplyAddress = { gateway: 'g1', request: 42, session: Buffer.alloc(16, 1) }
export const calledHeader: RecordHeader = { cause: null, epoch: 1, reply: caller }
export const uncalledHeader: RecordHeader = { cause: null, epoch: 1, reply: null }

export interface When<E> {
  /** Asserts the events that were decided; returns what follows from them for a caller that waits. */
  gives(...events: E[]): readonly Reaction[]
  rejected(code: number, message: string): void
}
export interface Given<C, E> {
  /** Decides at `at`, over none but the rows that the command needs. */
  when(command: C, at?: Partial<At>): When<E>
}
export interface Specification<C, E> {
  /** Events of the past, projected into rows. */
  given(...events: E[]): Given<C, E>
  /** Rows that other actors wrote, under what `given` adds. */
  with(...mutations: Mutation[]): Specification<C, E>
}

/** Given events, when a command, then events or a rejection. */
export function specification<C extends TypedRecord, E extends TypedRecord>(
  decider: Decider<C, E>,
  others: readonly Mutation[] = [],
): Specification<C, E> {
  return {
    with: (...mutations) => specification(decider, [...others, ...mutations]),
    given: (...events) => {
      const rows = new RowMap().apply(others).apply(events.flatMap((event) => decider.project(event)))
      return {
        when: (command, at) => {
          const where = { ...someAt, ...at }
          const decision = decider.decide(rows.only(decider.needs(command)), command, where)
          return when(decider, decision, where)
        },
      }
    },
  }
}

function when<C extends TypedRecord, E extends TypedRecord>(
  decider: Decider<C, E>,
  decision: Decision<E>,
  at: At,
): When<E> {
  return {
    gives: (...events) => {
      deepStrictEqual(decision, { events })
      return events.flatMap((event) => decider.react(event, calledHeader, at))
    },
    rejected: (code, message) => {
      const rejected: Rejection = { code, message }
      deepStrictEqual(decision, { rejected })
    },
  }
}
