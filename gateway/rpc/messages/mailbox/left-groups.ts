import { type ChatId, chatKindOf, type UserId } from '@heliograph/schemas/avro'
import { chatMembers, editAudiences, type RowOf, type RowRef, type Tables } from '@heliograph/storage'
import type { MessageRow } from './history.ts'

/**
 * Basic groups that a user has left, or was removed from. It keeps its history of them; but all members share one body of each
 * message, and one row of what was said to it, so that the last change of those may be one that it is not to see.
 */
export type LeftGroups = ReadonlySet<ChatId>

const NONE: LeftGroups = new Set()
/** What is rendered for all members alike is for nobody who has left. */
const NOBODY = 0

/**
 * Those of the chats that are basic groups without the viewer. To be asked after what it guards has been read: who is in then was in
 * before the next change.
 */
export async function leftGroups(
  tables: Tables,
  viewer: UserId,
  chatIds: Iterable<ChatId>,
): Promise<LeftGroups> {
  const groups = [...new Set(chatIds)].filter((chatId) => chatKindOf(chatId) === 'group')
  if (groups.length === 0 || viewer === NOBODY) return NONE
  const rows = await tables.getMany(
    groups.map((chatId) => ({ table: chatMembers, key: { chatId, peerId: viewer } })),
  )
  return new Set(groups.filter((_, i) => (rows[i] as RowOf<typeof chatMembers> | undefined)?.isIn !== true))
}

/** What was read of chats, to be seen once it is known which of them the viewer has left. */
export type Guarded<T> = (left: LeftGroups) => T

/** What was read, as the viewer may see it. */
export async function guarded<T>(
  tables: Tables,
  viewer: UserId,
  chatIds: Iterable<ChatId>,
  reading: Promise<Guarded<T>>,
): Promise<T> {
  const read = await reading
  return read(await leftGroups(tables, viewer, chatIds))
}

/** Of each message of these chats, whether its body was changed without the viewer, who has left, being told. */
export async function changedUnseen(
  tables: Tables,
  viewer: UserId,
  left: LeftGroups,
  chatIds: readonly ChatId[],
  rows: readonly (MessageRow | undefined)[],
): Promise<boolean[]> {
  const unseen = rows.map(() => false)
  if (left.size === 0) return unseen
  const places = [...rows.keys()].filter((i) => rows[i] !== undefined && left.has(chatIds[i]!))
  const refs = places.map(
    (i): RowRef => ({ table: editAudiences, key: { chatId: chatIds[i]!, seq: rows[i]!.seq! } }),
  )
  const audiences = (await tables.getMany(refs)) as (RowOf<typeof editAudiences> | undefined)[]
  for (const [at, i] of places.entries()) unseen[i] = !isToldOf(viewer, rows[i]!, audiences[at])
  return unseen
}

/** Of an edit whose audience is not known, or not yet, nobody was told. */
function isToldOf(
  viewer: UserId,
  { editDate }: MessageRow,
  audience: RowOf<typeof editAudiences> | undefined,
): boolean {
  if (audience === undefined) return (editDate ?? 0) === 0
  return audience.editDate === (editDate ?? 0) && audience.toldTo?.includes(viewer) === true
}
