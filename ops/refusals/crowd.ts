import { channelChatId } from '@heliograph/schemas/avro'
import { albumPhotos, chatInfos, type TableDeclaration, userChats } from '@heliograph/storage'
import type { World } from './world.ts'

/** Numbers of chats and members that no test could bring together: written into the rows, as if it had happened. */

const MAX_USER_CHATS = 1_000
/** Later than what any log has written. */
const AFTER_ALL = Number.MAX_SAFE_INTEGER

async function put(
  world: World,
  table: TableDeclaration,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const mutations = rows.map((row) => ({ kind: 'upsert', table, row }) as const)
  await world.services.tables.apply(mutations, AFTER_ALL)
}

interface Somebody {
  readonly id: number
}

/** Lets somebody be in as many chats as anybody may be in; there is nothing in them. */
export function crowd(world: World, { id: userId }: Somebody): Promise<void> {
  const rows = Array.from({ length: MAX_USER_CHATS }, (_, i) => ({
    userId,
    chatId: channelChatId(1 + i),
    date: 1,
  }))
  return put(world, userChats, rows)
}

/** Lets a channel have so many members. */
export async function fill(world: World, channelId: number, participants: number): Promise<void> {
  const { tables, chats } = world.services
  const chatId = channelChatId(channelId)
  const row = await tables.get(chatInfos, { chatId })
  await put(world, chatInfos, [{ ...row, participants }])
  chats.changed(chatId)
  await world.restartActors()
}

/** Lets somebody have so many photos on its profile. */
export function hang(world: World, { id }: Somebody, photos: number): Promise<void> {
  const rows = Array.from({ length: photos }, (_, i) => ({
    owner: `user:${id}`,
    place: i + 1,
    photoId: BigInt(i + 1),
    date: 1,
  }))
  return put(world, albumPhotos, rows)
}
