import type { UserId } from '@heliograph/schemas/avro'
import { matches } from '../contacts/search.ts'
import type { CallContext } from '../handler.ts'

/** Those of the users whose name or username has words that begin like those of the query, as the caller sees them. */
export async function matchingUsers(
  { services, user }: CallContext,
  ids: readonly UserId[],
  query: string,
): Promise<Set<UserId>> {
  const words = query.trim().replace(/^@/, '').toLowerCase().split(/\s+/)
  const views = await services.directory.views(user, ids)
  return new Set(ids.filter((_, i) => matches(views[i]!, words)))
}
