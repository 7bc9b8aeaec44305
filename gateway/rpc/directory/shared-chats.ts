import { CHANNEL_PEER_BASE, type PeerId } from '@heliograph/schemas/avro'
import { type RowRef, type Tables, userChats } from '@heliograph/storage'

/** Chats that one user's rules name, and somebody who may be in them. */
export interface AskedChats {
  /** Bare ids: of a basic group or a channel. */
  readonly chats: readonly number[]
  readonly memberId: number
}

export const NO_CHATS: ReadonlySet<number> = new Set()

/** Of each one's chats those that the member is in; one read for all, none where no chats are named. */
export async function sharedChats(
  tables: Tables,
  asked: readonly AskedChats[],
): Promise<ReadonlySet<number>[]> {
  if (asked.every(({ chats }) => chats.length === 0)) return asked.map(() => NO_CHATS)
  const refs = asked.flatMap(({ chats, memberId }) => chats.flatMap((chat) => membership(memberId, chat)))
  const rows = await tables.getMany(refs)
  let next = 0
  return asked.map(({ chats }) => {
    const found = chats.filter(() => {
      next += 2
      return rows[next - 2] !== undefined || rows[next - 1] !== undefined
    })
    return found.length === 0 ? NO_CHATS : new Set(found)
  })
}

/** The peers behind bare ids of chats that the user is in; the others are left out. */
export async function ownChats(tables: Tables, userId: number, chats: readonly number[]): Promise<PeerId[]> {
  if (chats.length === 0) return []
  const rows = await tables.getMany(chats.flatMap((chat) => membership(userId, chat)))
  return rows.flatMap((row, i) => {
    const chat = chats[i >> 1]!
    return row === undefined ? [] : [(i % 2 === 0 ? -chat : CHANNEL_PEER_BASE - chat) as PeerId]
  })
}

/** Clients name a basic group and a channel alike. */
function membership(userId: number, chat: number): RowRef[] {
  return ['g', 'c'].map((kind) => ({ table: userChats, key: { userId, chatId: `${kind}${chat}` } }))
}
