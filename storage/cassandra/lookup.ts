import type { AnyRow, RowRef } from '../table.ts'
import type { CassandraSession } from './session.ts'
import type { StoredTable } from './stored-table.ts'
import { encodeList } from './values.ts'

/** Rows of one partition that one request asks for. */
export const MAX_ROWS_PER_LOOKUP = 50
/** Partitions that one request asks for: measured, 5 to 10 answer soonest, and cost two thirds less than one by one. */
export const MAX_PARTITIONS_PER_LOOKUP = 8

/** References of one table that differ in the last key column only. */
interface Group {
  readonly table: StoredTable
  /** By row key: where its row goes among the answers. */
  readonly places: Map<string, number[]>
  readonly refs: RowRef[]
}

/** Looks up many rows: each once, those that one request can answer in one. */
export class Lookup {
  readonly #session: CassandraSession
  readonly #refs: readonly RowRef[]
  readonly #groups = new Map<string, Group>()
  readonly #answers: (AnyRow | undefined)[]

  /** @param mayMix whether one request may be for rows of several partitions */
  constructor(
    session: CassandraSession,
    refs: readonly RowRef[],
    tableOf: (ref: RowRef) => StoredTable,
    mayMix: boolean,
  ) {
    this.#session = session
    this.#refs = refs
    this.#answers = new Array<AnyRow | undefined>(refs.length).fill(undefined)
    for (let i = 0; i < refs.length; i++) this.#add(i, tableOf(refs[i]!), mayMix)
  }

  async run(): Promise<(AnyRow | undefined)[]> {
    const requests: Promise<void>[] = []
    for (const group of this.#groups.values()) {
      const { clusteringKey } = group.table.declaration
      const size = clusteringKey.length > 0 ? MAX_ROWS_PER_LOOKUP : MAX_PARTITIONS_PER_LOOKUP
      for (let from = 0; from < group.refs.length; from += size) {
        requests.push(this.#fetch(group, group.refs.slice(from, from + size)))
      }
    }
    await Promise.all(requests)
    return this.#answers
  }

  #add(place: number, table: StoredTable, mayMix: boolean): void {
    const ref = this.#refs[place]!
    if (table.hasEmptyPartition(ref.key)) return
    const rowKey = table.layout.rowKey(ref.key)
    const mayGroup = mayMix || table.declaration.clusteringKey.length > 0
    const id = mayGroup
      ? `${table.declaration.name} ${leadOf(table, ref)}`
      : `${table.declaration.name} ${rowKey}`
    let group = this.#groups.get(id)
    if (group === undefined) {
      group = { table, places: new Map(), refs: [] }
      this.#groups.set(id, group)
    }
    const places = group.places.get(rowKey)
    if (places !== undefined) places.push(place)
    else {
      group.places.set(rowKey, [place])
      group.refs.push(ref)
    }
  }

  async #fetch({ table, places }: Group, refs: readonly RowRef[]): Promise<void> {
    const { rows } = await this.#select(table, refs)
    for (const found of rows) {
      const row = table.decode(found)
      const [first, ...others] = places.get(table.layout.rowKey(row)) as number[]
      this.#answers[first!] = row
      for (const place of others) this.#answers[place] = { ...row }
    }
  }

  #select(table: StoredTable, refs: readonly RowRef[]) {
    const { consistency } = table
    const [first] = refs
    if (refs.length === 1) {
      return this.#session.read(table.selectRow, table.keyParameters(first!.key), { consistency })
    }
    const lead = table.keyParameters(first!.key, table.keys.length - 1)
    const { name, encode } = table.keys[table.keys.length - 1]!
    const last = encodeList(refs.map(({ key }) => encode(key[name])))
    return this.#session.read(table.selectRows, [...lead, last], { consistency })
  }
}

/** Equal for references that differ in the last key column only. */
function leadOf(table: StoredTable, { key }: RowRef): string {
  let lead = ''
  for (let i = 0; i < table.keys.length - 1; i++) {
    const value = String(key[table.keys[i]!.name])
    lead += `${value.length}:${value}`
  }
  return lead
}
