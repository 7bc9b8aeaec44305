import { chatIdOf, type UserId } from '@heliograph/schemas/avro'
import { pinnedMessages, type RowOf, type RowRef, type Tables, unreadMentions } from '@heliograph/storage'
import type { HistoryEntry } from './history.ts'
import type { Guarded } from './left-groups.ts'

/** What is said of a message where it is shown in its chat. */
export interface Marks {
  readonly pinned: boolean
  /** It mentions the viewer, who has not seen that. */
  readonly mediaUnread: boolean
}

/**
 * Whether each of the messages is pinned, and whether those that mention the viewer are unseen. Who has left a basic group is not told
 * what is pinned there now.
 */
export async function readMarks(
  tables: Tables,
  viewer: UserId,
  entries: readonly { readonly entry: HistoryEntry; readonly mentioned: boolean }[],
): Promise<Guarded<Marks[]>> {
  const refs: RowRef[] = []
  for (const { entry, mentioned } of entries) {
    const place = { chatId: chatIdOf(viewer, entry.peerId), seq: entry.seq }
    refs.push({ table: pinnedMessages, key: place })
    if (mentioned) refs.push({ table: unreadMentions, key: { userId: viewer, ...place } })
  }
  const rows = await tables.getMany(refs)
  return (left) => {
    let at = 0
    return entries.map(({ entry, mentioned }) => {
      const pin = rows[at++] as RowOf<typeof pinnedMessages> | undefined
      const mediaUnread = mentioned && rows[at++] !== undefined
      const pinned = pin !== undefined && (entry.peerId < 0 || pin.pinnedFor?.includes(viewer) === true)
      return { pinned: pinned && !left.has(chatIdOf(viewer, entry.peerId)), mediaUnread }
    })
  }
}
