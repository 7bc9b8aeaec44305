import type { ChatId, UserId } from '@heliograph/schemas/avro'
import { albumPhotos, chatInfos, type TableDeclaration, userChats } from '@heliograph/storage'
import type { RefusingSystem } from './system.ts'

/** Numbers of chats and members that no test could bring together: written into the rows, as if it had happened. */

/** Later than what any log has written. */
const AFTER_ALL = Number.MAX_SAFE_INTEGER

async function put(
  system: RefusingSystem,
  table: TableDeclaration,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const mutations = rows.map((row) => ({ kind: 'upsert', table, row }) as const)
  await system.services.tables.apply(mutations, AFTER_ALL)
}

/** Lets somebody be in so many more chats. */
export function crowd(system: RefusingSystem, userId: UserId, chats: number): Promise<void> {
  const rows = Array.from({ length: chats }, (_, i) => ({ userId, chatId: `c${i + 1}`, date: 1 }))
  return put(system, userChats, rows)
}

/** Lets a chat have so many members. */
export async function fill(system: RefusingSystem, chatId: ChatId, participants: number): Promise<void> {
  const { tables, chats } = system.services
  const row = await tables.get(chatInfos, { chatId })
  await put(system, chatInfos, [{ ...row, participants }])
  chats.changed(chatId)
  await system.restart()
}

/** Lets somebody have so many photos on its profile. */
export function hang(system: RefusingSystem, userId: UserId, photos: number): Promise<void> {
  const owner = `user:${userId}`
  const rows = Array.from({ length: photos }, (_, i) => ({
    owner,
    place: i + 1,
    photoId: BigInt(i + 1),
    date: 1,
  }))
  return put(system, albumPhotos, rows)
}
