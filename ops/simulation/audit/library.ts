import { deepStrictEqual } from 'node:assert/strict'
import type { CatalogCommand, CreateDocument, RecordCodec, ShelfCommand } from '@heliograph/schemas/avro'
import {
  type AnyRow,
  catalog,
  documentHolders,
  documentHolds,
  shelves,
  type Tables,
} from '@heliograph/storage'
import type { Log } from '@heliograph/topics'
import { type Fact, readTopic } from './facts.ts'

type Command =
  | CatalogCommand
  | ShelfCommand
  | CreateDocument
  | { readonly type: 'HoldDocument' | 'ReleaseDocument' }

interface Entry {
  readonly entryId: bigint
  readonly ownerId: number
  readonly version: number
  readonly documentIds: readonly bigint[]
}

/**
 * Catalog and shelves are what the commands make of them, one after the other, and documents are held by what stands there at the
 * end: by nothing else, and each by all of it.
 */
export async function auditLibrary(log: Log, codec: RecordCodec, tables: Tables): Promise<void> {
  const model = new Library()
  for (const fact of await readTopic<Command>(log, codec, 'media.commands')) model.take(fact)
  deepStrictEqual(await entriesIn(tables), model.entryLines(), 'entries of the catalog')
  deepStrictEqual(await shelvesIn(tables), model.shelfLines(), 'order of the shelves')
  const held = await holdersIn(tables)
  deepStrictEqual(held, model.holderLines(), 'holders of documents')
  deepStrictEqual(await countsIn(tables), model.countLines(), 'numbers of holders')
}

class Library {
  readonly #documents = new Set<bigint>()
  readonly #entries = new Map<string, Entry>()
  /** What stands first comes first. */
  readonly #shelves = new Map<string, bigint[]>()

  take({ record: command }: Fact<Command>): void {
    switch (command.type) {
      case 'CreateDocument':
        this.#documents.add(command.documentId)
        return
      case 'PutOnShelf':
      case 'TakeFromShelf':
      case 'ArrangeShelf':
        return this.#takeShelf(command)
      case 'PublishEntry':
      case 'ReviseEntry':
      case 'WithdrawEntry':
        return this.#takeEntry(command)
    }
  }

  #takeShelf(command: ShelfCommand): void {
    const name = `shelf:${command.userId}:${command.shelf}`
    const before = this.#shelves.get(name) ?? []
    const meant = command.type === 'PutOnShelf' ? [command.itemId] : [...new Set(command.itemIds)]
    const others = before.filter((item) => !meant.includes(item))
    const moved = command.type === 'PutOnShelf' ? meant : meant.filter((item) => before.includes(item))
    this.#shelves.set(name, command.type === 'TakeFromShelf' ? others : [...moved, ...others])
  }

  #takeEntry(command: CatalogCommand): void {
    const key = command.name.toLowerCase()
    const before = this.#entries.get(key)
    if (command.type === 'PublishEntry') {
      if (before === undefined) this.#entries.set(key, { ...command, version: 1 })
      return
    }
    if (before?.ownerId !== command.ownerId) return
    if (command.type === 'WithdrawEntry') this.#entries.delete(key)
    else if (before.version === command.version)
      this.#entries.set(key, { ...before, version: before.version + 1, documentIds: command.documentIds })
  }

  entryLines(): string[] {
    return [...this.#entries].map(([key, entry]) => entryLine(key, entry)).sort()
  }

  shelfLines(): string[] {
    const full = [...this.#shelves].filter(([, items]) => items.length > 0)
    return full.map(([name, items]) => `${name} ${items}`).sort()
  }

  #holds(): [bigint, string][] {
    const holds = [
      ...[...this.#entries.values()].flatMap(({ entryId, documentIds }) =>
        [...new Set(documentIds)].map((id): [bigint, string] => [id, `stickers:${entryId}`]),
      ),
      ...[...this.#shelves].flatMap(([name, items]) => items.map((id): [bigint, string] => [id, name])),
    ]
    return holds.filter(([id]) => this.#documents.has(id))
  }

  holderLines(): string[] {
    return this.#holds()
      .map(([id, holder]) => `${id} ${holder}`)
      .sort()
  }

  countLines(): string[] {
    const holds = this.#holds()
    const count = (id: bigint) => holds.filter(([held]) => held === id).length
    return [...this.#documents].map((id) => `${id} ${count(id)} ${count(id) === 0}`).sort()
  }
}

const entryLine = (key: string, { entryId, ownerId, version, documentIds }: Entry): string =>
  `${key} ${entryId} ${ownerId} ${version} ${documentIds}`

async function rowsOf(tables: Tables, table: Parameters<Tables['scan']>[0]): Promise<AnyRow[]> {
  const rows: AnyRow[] = []
  for await (const row of tables.scan(table)) rows.push(row)
  return rows
}

async function entriesIn(tables: Tables): Promise<string[]> {
  const rows = await rowsOf(tables, catalog)
  return rows.map((row) => entryLine(String(row.key), row as unknown as Entry)).sort()
}

async function shelvesIn(tables: Tables): Promise<string[]> {
  const rows = await rowsOf(tables, shelves)
  rows.sort((a, b) => Number(b.place) - Number(a.place))
  const lists = new Map<string, unknown[]>()
  for (const { userId, shelf, itemId } of rows) {
    const name = `shelf:${userId}:${shelf}`
    lists.set(name, [...(lists.get(name) ?? []), itemId])
  }
  return [...lists].map(([name, items]) => `${name} ${items}`).sort()
}

async function holdersIn(tables: Tables): Promise<string[]> {
  return (await rowsOf(tables, documentHolders)).map((row) => `${row.documentId} ${row.holder}`).sort()
}

/** How many hold each document, and whether it counts as free. */
async function countsIn(tables: Tables): Promise<string[]> {
  const rows = await rowsOf(tables, documentHolds)
  return rows.map((row) => `${row.documentId} ${row.holders} ${Number(row.freeSince) > 0}`).sort()
}
