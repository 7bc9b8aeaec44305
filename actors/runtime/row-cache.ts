import type { AnyRow, TableDeclaration } from '@heliograph/storage'

/** A row that is known to be as it is, or (`undefined`) known not to be. */
interface Known {
  readonly row: AnyRow | undefined
}

/**
 * Rows that this owner has written, most recently used ones kept. A row is written from one partition only, so what its
 * owner wrote last is what stands; rows that it has only read may change under it and are never kept.
 *
 * Two generations stand in for exact recency: what is used moves to the young one, and when that is full the old one goes.
 */
export class RowCache {
  readonly #half: number
  readonly #read = new Set<TableDeclaration>()
  #young = new Map<string, Known>()
  #old = new Map<string, Known>()

  /** Keeps between half of `maxRows` and `maxRows`. */
  constructor(maxRows: number) {
    this.#half = Math.max(1, maxRows >> 1)
  }

  find(key: string): Known | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.#keep(key, old)
    return old
  }

  /** Rows of this table are worth keeping from now on. */
  willRead(table: TableDeclaration): void {
    // A row that time removes is not known by having been written.
    if (table.ttlSeconds === undefined) this.#read.add(table)
  }

  /** Keeps a written row, where rows of its table are read at all. */
  put(table: TableDeclaration, key: string, row: AnyRow | undefined): void {
    if (this.#read.has(table)) this.#keep(key, { row })
  }

  #keep(key: string, known: Known): void {
    if (this.#young.size >= this.#half && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, known)
  }
}
