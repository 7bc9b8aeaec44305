import type { UserId } from '@heliograph/schemas/avro'
import { type RowOf, usernames } from '@heliograph/storage'
import type { Services } from '../../services.ts'
import type { Content } from '../content.ts'

/** Users that one message tells of their mention; more are named, and not told. */
export const MAX_MENTIONS = 50

const NOBODY: readonly UserId[] = []

/** Users whom a text names by link or by username, the sender not among them; at once where it names none by username. */
export function mentionsOf(
  { tables }: Pick<Services, 'tables'>,
  sender: UserId,
  { text, entities }: Pick<Content, 'text' | 'entities'>,
): readonly UserId[] | Promise<readonly UserId[]> {
  if (entities.length === 0) return NOBODY
  const ids = new Set<UserId>()
  const names = new Set<string>()
  for (const { kind, offset, length, userId } of entities) {
    if (kind === 'MentionName' && userId !== null && userId !== sender) ids.add(userId)
    // The sign before the name is no part of it.
    else if (kind === 'Mention') names.add(text.slice(offset + 1, offset + length).toLowerCase())
  }
  if (names.size === 0) return ids.size === 0 ? NOBODY : [...ids].slice(0, MAX_MENTIONS)
  return addNamed(tables, sender, ids, [...names].slice(0, MAX_MENTIONS))
}

async function addNamed(
  tables: Services['tables'],
  sender: UserId,
  ids: Set<UserId>,
  names: readonly string[],
): Promise<readonly UserId[]> {
  const rows = await tables.getMany(names.map((username) => ({ table: usernames, key: { username } })))
  for (const row of rows as (RowOf<typeof usernames> | undefined)[]) {
    const id = row?.userId ?? 0
    // Names of channels are no mentions of anybody.
    if (id > 0 && id !== sender) ids.add(id as UserId)
  }
  return [...ids].slice(0, MAX_MENTIONS)
}
