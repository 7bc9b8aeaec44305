import {
  type CatalogCommand,
  type CatalogEvent,
  type EntryPublished,
  type EntryWithdrawn,
  MAX_ENTRY_DOCUMENTS,
  type PublishEntry,
  type RecordHeader,
  type ReviseEntry,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  CATALOG_PREFIX_LENGTH,
  catalog,
  catalogIds,
  catalogOwned,
  catalogPrefixes,
  type Mutation,
  type RowOf,
  type RowRef,
} from '@heliograph/storage'
import { answer } from '../answer.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { holdDocuments, releaseDocuments } from './holding.ts'

const occupied = { rejected: { code: 400, message: 'SHORT_NAME_OCCUPIED' } } as const
const invalid = { rejected: { code: 400, message: 'STICKERSET_INVALID' } } as const
const tooMuch = { rejected: { code: 400, message: 'STICKERS_TOO_MUCH' } } as const
/** For the gateway, which reads again and repeats; clients never see it. */
const stale = { rejected: { code: 500, message: 'ENTRY_CHANGED' } } as const

const keyOf = ({ name }: { readonly name: string }): string => name.toLowerCase()
const holderOf = ({ kind, entryId }: EntryPublished | EntryWithdrawn): string => `${kind}:${entryId}`

export function needsOfCatalog(command: CatalogCommand): RowRef[] {
  return [{ table: catalog, key: { kind: command.kind, key: keyOf(command) } }]
}

/**
 * The first to publish under a name has it, and alone revises or withdraws the entry. SHORT_NAME_OCCUPIED: somebody has the name.
 * STICKERSET_INVALID: there is no such entry of this owner. STICKERS_TOO_MUCH: more than `MAX_ENTRY_DOCUMENTS`. 500
 * ENTRY_CHANGED: it has been revised since it was read.
 */
export function decideCatalog(rows: Rows, command: CatalogCommand, at: At): Decision<CatalogEvent> {
  const row = rows.get(catalog, { kind: command.kind, key: keyOf(command) })
  if ('documentIds' in command && command.documentIds.length > MAX_ENTRY_DOCUMENTS) return tooMuch
  if (command.type === 'PublishEntry') return publish(row, command, at)
  if (row === undefined || row.ownerId !== command.ownerId) return invalid
  return command.type === 'ReviseEntry' ? revise(row, command) : withdraw(row, command.kind)
}

function publish(
  row: RowOf<typeof catalog> | undefined,
  command: PublishEntry,
  at: At,
): Decision<CatalogEvent> {
  // The same id is the same request again.
  if (row !== undefined) return row.entryId === command.entryId ? { events: [] } : occupied
  const { kind, name, entryId, ownerId, sealed, documentIds } = command
  const gained = [...new Set(documentIds)]
  const entry = { kind, name, entryId, ownerId, sealed, documentIds, createdAt: at.date }
  return { events: [{ type: 'EntryPublished', ...entry, version: 1, gained, lost: [] }] }
}

function revise(row: RowOf<typeof catalog>, command: ReviseEntry): Decision<CatalogEvent> {
  if (row.version !== command.version) return stale
  const { kind, ownerId, sealed, documentIds } = command
  const before = idsOf(row)
  const entry = { kind, ownerId, sealed, documentIds, name: row.name as string }
  return {
    events: [
      {
        type: 'EntryPublished',
        ...entry,
        entryId: row.entryId as bigint,
        version: command.version + 1,
        gained: [...new Set(documentIds)].filter((id) => !before.includes(id)),
        lost: before.filter((id) => !documentIds.includes(id)),
        createdAt: row.createdAt as number,
      },
    ],
  }
}

function withdraw(row: RowOf<typeof catalog>, kind: CatalogCommand['kind']): Decision<CatalogEvent> {
  const { name, entryId, ownerId } = row
  const entry = { kind, name: name as string, entryId: entryId as bigint, ownerId: ownerId as UserId }
  return { events: [{ type: 'EntryWithdrawn', ...entry, documentIds: idsOf(row) }] }
}

const idsOf = ({ documentIds }: RowOf<typeof catalog>): bigint[] =>
  [...new Set(documentIds ?? [])].map(BigInt)

export function projectCatalog(event: CatalogEvent): Mutation[] {
  const { kind, entryId, ownerId } = event
  const key = keyOf(event)
  const prefix = key.slice(0, CATALOG_PREFIX_LENGTH)
  if (event.type === 'EntryWithdrawn')
    return [
      { kind: 'delete', table: catalog, key: { kind, key } },
      { kind: 'delete', table: catalogIds, key: { kind, entryId, key } },
      { kind: 'delete', table: catalogOwned, key: { kind, ownerId, key } },
      { kind: 'delete', table: catalogPrefixes, key: { kind, prefix, key } },
    ]
  const { name, version, sealed, createdAt } = event
  const documentIds = event.documentIds.map(String)
  const row = { kind, key, name, entryId, ownerId, version, sealed, documentIds, createdAt }
  return [
    { kind: 'upsert', table: catalog, row },
    { kind: 'upsert', table: catalogIds, row: { kind, entryId, key } },
    { kind: 'upsert', table: catalogOwned, row: { kind, ownerId, key, entryId, createdAt } },
    { kind: 'upsert', table: catalogPrefixes, row: { kind, prefix, key } },
  ]
}

/** An entry holds its documents. */
export function reactToCatalog(event: CatalogEvent, { reply }: RecordHeader): Reaction[] {
  const answers = reply === null ? [] : [answer(reply)]
  const holder = holderOf(event)
  if (event.type === 'EntryWithdrawn') return [...answers, ...releaseDocuments(event.documentIds, holder)]
  return [...answers, ...holdDocuments(event.gained, holder), ...releaseDocuments(event.lost, holder)]
}
