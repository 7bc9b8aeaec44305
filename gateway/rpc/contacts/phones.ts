import type { UserId } from '@heliograph/schemas/avro'
import { phones, type RowOf, users } from '@heliograph/storage'
import type { Services } from '../services.ts'

/** The accounts of these numbers, in order; undefined where a number has none. */
export async function accountsOfPhones(
  { tables }: Pick<Services, 'tables'>,
  hmacs: readonly string[],
): Promise<(UserId | undefined)[]> {
  const rows = await tables.getMany(hmacs.map((phoneHmac) => ({ table: phones, key: { phoneHmac } })))
  const ids = rows.map((row) => (row as RowOf<typeof phones> | undefined)?.userId ?? 0)
  // A number may be reserved without an account having been made, or be just about to be freed.
  const accounts = await tables.getMany(ids.map((userId) => ({ table: users, key: { userId } })))
  return accounts.map((account, i) => {
    const isThere = account !== undefined && (account as RowOf<typeof users>).deletedAt === null
    return isThere ? (ids[i] as UserId) : undefined
  })
}
