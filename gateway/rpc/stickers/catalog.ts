import type { CatalogKind, UserId } from '@heliograph/schemas/avro'
import { type AnyObject, type ConstructorName, encodeObject, RpcError, type Tl } from '@heliograph/schemas/tl'
import {
  catalog,
  catalogIds,
  type DataKey,
  type Keyring,
  type KeyScope,
  type RowOf,
} from '@heliograph/storage'
import { open, seal } from '@heliograph/topics'
import type { CallContext } from '../handler.ts'
import type { Services } from '../services.ts'
import { tlValue } from '../settings.ts'

const CATALOG_SCOPE = 'catalog' as KeyScope
const ID_BYTES = 8
/** How often a change is made anew where somebody else was faster. */
const MAX_TRIES = 5

/** What each kind of entry holds, as a TL object. */
const HELD = {
  stickers: 'messages.stickerSet',
  theme: 'theme',
  wallpaper: 'wallPaper',
  chatlist: 'chatlists.exportedChatlistInvite',
} as const satisfies Record<CatalogKind, ConstructorName>
export type Held<K extends CatalogKind> = Tl<(typeof HELD)[K]>

export interface Entry<K extends CatalogKind> {
  readonly kind: K
  /** As it is written. */
  readonly name: string
  readonly entryId: bigint
  readonly ownerId: UserId
  readonly version: number
  readonly createdAt: number
  /** Documents stand in it by their ids alone. */
  readonly value: Held<K>
}
type ReadServices = Pick<Services, 'tables' | 'keyring'>

const keyOf = (name: string): string => name.toLowerCase()
const actorKey = (kind: CatalogKind, name: string): string => `catalog:${kind}:${keyOf(name)}`
const sealedFor = (kind: CatalogKind, name: string) => ({
  topic: 'media.events',
  key: actorKey(kind, name),
  type: 'CatalogEntry',
})

/** Shows that whoever names an entry by its id has been given it. It is the same for all: entries can be passed on. */
export const entryAccessHash = (keyring: Keyring, kind: CatalogKind, entryId: bigint): bigint =>
  keyring.mac('access-hash', `catalog|${kind}|${entryId}`).readBigInt64LE()

export const newEntryId = ({ services }: CallContext): bigint =>
  (services.random(ID_BYTES) as Buffer).readBigUInt64LE() & 0x7fff_ffff_ffff_ffffn || 1n

/** The entry of this name, whatever its case. */
export async function entryByName<K extends CatalogKind>(
  services: ReadServices,
  kind: K,
  name: string,
): Promise<Entry<K> | undefined> {
  return (await entriesByName(services, kind, [name]))[0]
}

/** Entries of these names, in their order; those that are not there are left out. */
export async function entriesByName<K extends CatalogKind>(
  services: ReadServices,
  kind: K,
  names: readonly string[],
): Promise<Entry<K>[]> {
  if (names.length === 0) return []
  const refs = names.map((name) => ({ table: catalog, key: { kind, key: keyOf(name) } }))
  const rows = (await services.tables.getMany(refs)) as (RowOf<typeof catalog> | undefined)[]
  const key = services.keyring.cached(CATALOG_SCOPE) ?? (await services.keyring.find(CATALOG_SCOPE))
  if (key === undefined) return []
  return rows.map((row) => row && opened(kind, key, row)).filter((entry) => entry !== undefined)
}

/** The entry of this id; undefined where there is none or the access hash is not that of the entry. */
export async function entryById<K extends CatalogKind>(
  services: ReadServices,
  kind: K,
  { id, accessHash }: { readonly id: bigint; readonly accessHash: bigint },
): Promise<Entry<K> | undefined> {
  if (BigInt.asIntN(64, accessHash) !== entryAccessHash(services.keyring, kind, id)) return
  return entryOfId(services, kind, id)
}

/** The same for an id that the server itself has kept. */
export async function entryOfId<K extends CatalogKind>(
  services: ReadServices,
  kind: K,
  id: bigint,
): Promise<Entry<K> | undefined> {
  const [row] = await services.tables.range(catalogIds, { kind, entryId: id }, { limit: 1 })
  return row?.key ? entryByName(services, kind, row.key) : undefined
}

function opened<K extends CatalogKind>(
  kind: K,
  { key }: DataKey,
  row: RowOf<typeof catalog>,
): Entry<K> | undefined {
  const plain = row.sealed && open(key, sealedFor(kind, row.name as string), row.sealed)
  const value = plain && tlValue(plain, HELD[kind])
  if (!value) return
  return {
    kind,
    name: row.name as string,
    entryId: row.entryId as bigint,
    ownerId: row.ownerId as UserId,
    version: row.version as number,
    createdAt: row.createdAt as number,
    value: value as Held<K>,
  }
}

export interface NewEntry<K extends CatalogKind> {
  readonly kind: K
  readonly name: string
  readonly entryId: bigint
  readonly ownerId: UserId
  readonly value: Held<K>
  /** What it is made of, which it keeps. */
  readonly documentIds: readonly bigint[]
}

/** Publishes an entry; `error` (400) where the name is taken. */
export async function publishEntry<K extends CatalogKind>(
  context: CallContext,
  { kind, name, entryId, ownerId, value, documentIds }: NewEntry<K>,
  error: string,
): Promise<void> {
  const { services, caller } = context
  const sealed = await sealedEntry(services, kind, name, value)
  const command = { type: 'PublishEntry', kind, name, entryId, ownerId, sealed } as const
  await services.commands
    .ask('media.commands', actorKey(kind, name), { ...command, documentIds: [...documentIds] }, caller)
    .catch((failure: unknown) => {
      const isTaken = failure instanceof RpcError && failure.errorMessage === 'SHORT_NAME_OCCUPIED'
      throw isTaken ? new RpcError(400, error) : failure
    })
}

/** What an entry is to be from now on, and what it is made of then. */
export interface Revision<K extends CatalogKind> {
  readonly value: Held<K>
  readonly documentIds: readonly bigint[]
}

/**
 * Changes an entry of the caller. `change` is asked again with what another has made of the entry meanwhile. Resolves to the entry
 * as it is then.
 */
export async function reviseEntry<K extends CatalogKind>(
  context: CallContext,
  entry: Entry<K>,
  change: (entry: Entry<K>) => Revision<K>,
): Promise<Entry<K>> {
  let before = entry
  for (let tries = 1; ; tries += 1) {
    const { value, documentIds } = change(before)
    const revised = await tryRevision(context, before, value, documentIds)
    if (revised !== undefined) return revised
    const now = await entryByName(context.services, entry.kind, entry.name)
    if (now === undefined || tries === MAX_TRIES) throw new RpcError(400, 'STICKERSET_INVALID')
    before = now
  }
}

async function tryRevision<K extends CatalogKind>(
  { services, caller, user }: CallContext,
  before: Entry<K>,
  value: Held<K>,
  documentIds: readonly bigint[],
): Promise<Entry<K> | undefined> {
  const { kind, name, version } = before
  const sealed = await sealedEntry(services, kind, name, value)
  const command = { type: 'ReviseEntry', kind, name, ownerId: user, version, sealed } as const
  try {
    const record = { ...command, documentIds: [...documentIds] }
    await services.commands.ask('media.commands', actorKey(kind, name), record, caller)
    return { ...before, version: version + 1, value }
  } catch (failure) {
    if (failure instanceof RpcError && failure.errorMessage === 'ENTRY_CHANGED') return
    throw failure
  }
}

export async function withdrawEntry<K extends CatalogKind>(
  { services, caller, user }: CallContext,
  { kind, name }: Entry<K>,
): Promise<void> {
  const command = { type: 'WithdrawEntry', kind, name, ownerId: user } as const
  await services.commands.ask('media.commands', actorKey(kind, name), command, caller)
}

async function sealedEntry(
  { keyring }: Services,
  kind: CatalogKind,
  name: string,
  value: Held<CatalogKind>,
): Promise<Buffer> {
  const { key } = await keyring.obtain(CATALOG_SCOPE)
  return seal(key, sealedFor(kind, name), Buffer.from(encodeObject(value as AnyObject)))
}
