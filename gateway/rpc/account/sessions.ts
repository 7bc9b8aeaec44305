import type { UserId } from '@heliograph/schemas/avro'
import { authorizations, type RowOf } from '@heliograph/storage'
import type { Services } from '../services.ts'

/** Most sessions of one account that are looked at. */
export const MAX_AUTHORIZATIONS = 1_000

/** The log-ins of an account, in order of their auth keys. */
export function sessionsOf(
  { tables }: Pick<Services, 'tables'>,
  userId: UserId,
): Promise<RowOf<typeof authorizations>[]> {
  return tables.range(authorizations, { userId }, { limit: MAX_AUTHORIZATIONS })
}
