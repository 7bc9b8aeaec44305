import type { UserId } from '@heliograph/schemas/avro'
import { mailboxHistory, mailboxMessages, type RowOf, type Tables } from '@heliograph/storage'
import { type DialogRow, entryOf, type HistoryEntry } from './history.ts'

/**
 * The messages that a user has under these ids, in order; undefined for unknown and deleted ones.
 * @param ids the user's own message ids, at most a few hundred
 */
export async function locate(
  tables: Tables,
  userId: UserId,
  ids: readonly number[],
): Promise<(HistoryEntry | undefined)[]> {
  const places = await tables.getMany(
    ids.map((msgId) => ({ table: mailboxMessages, key: { userId, msgId } })),
  )
  const known = places.filter((place) => place !== undefined) as RowOf<typeof mailboxMessages>[]
  const rows = await tables.getMany(
    known.map(({ peerId, seq }) => ({ table: mailboxHistory, key: { userId, peerId: peerId!, seq: seq! } })),
  )
  let next = 0
  return places.map((place) => {
    if (place === undefined) return undefined
    const row = rows[next++] as RowOf<typeof mailboxHistory> | undefined
    return row === undefined || row.deleted === true ? undefined : entryOf(row)
  })
}

/** One message, as `locate`. */
export async function locateOne(
  tables: Tables,
  userId: UserId,
  msgId: number,
): Promise<HistoryEntry | undefined> {
  const place = await tables.get(mailboxMessages, { userId, msgId })
  if (place === undefined) return undefined
  const row = await tables.get(mailboxHistory, { userId, peerId: place.peerId!, seq: place.seq! })
  return row === undefined || row.deleted === true ? undefined : entryOf(row)
}

/** The last message ever of each dialog, deleted or not, in order. */
export async function locateTops(
  tables: Tables,
  userId: UserId,
  dialogRows: readonly DialogRow[],
): Promise<(HistoryEntry | undefined)[]> {
  const rows = await tables.getMany(
    dialogRows.map(({ peerId, topSeq }) => ({
      table: mailboxHistory,
      key: { userId, peerId: peerId!, seq: topSeq! },
    })),
  )
  return rows.map((row) => row && entryOf(row as RowOf<typeof mailboxHistory>))
}
