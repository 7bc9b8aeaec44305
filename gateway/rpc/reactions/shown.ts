import { privateChatMembers, type UserId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import {
  messageReactions,
  messageReactors,
  type RowOf,
  type RowRef,
  type Tables,
  unreadReactions,
} from '@heliograph/storage'
import { renderReaction } from '../chats/reactions.ts'
import { type Guarded, guarded } from '../messages/mailbox/left-groups.ts'
import type { Draft } from '../render/message.ts'
import { renderPeer } from '../render/peer.ts'
import { type Place, rowsAt } from './place.ts'

type Row = RowOf<typeof messageReactions>
export type Reactions = Tl<'messageReactions'>

/** What has been said to a message by nobody. */
export const NO_REACTIONS: Reactions = { _: 'messageReactions', results: [] }

/**
 * What has been said to these messages, as the viewer sees it, in order; undefined where nothing has, and in basic groups that the
 * viewer has left: the row has what was said since.
 */
export function reactionsAt(
  tables: Tables,
  viewer: UserId,
  places: readonly Place[],
): Promise<(Reactions | undefined)[]> {
  const chatIds = places.map(({ chatId }) => chatId)
  return guarded(tables, viewer, chatIds, readReactions(tables, viewer, places))
}

/** `reactionsAt`, before it is known which groups the viewer has left. */
export async function readReactions(
  tables: Tables,
  viewer: UserId,
  places: readonly Place[],
): Promise<Guarded<(Reactions | undefined)[]>> {
  const rows = (await rowsAt(tables, messageReactions, places)) as (Row | undefined)[]
  const found = places.filter((_, i) => rows[i] !== undefined)
  if (found.length === 0) return () => rows as undefined[]
  const own = await ownAt(tables, viewer, found)
  return (left) => {
    let next = 0
    return places.map((place, i) => {
      const row = rows[i]
      if (row === undefined) return undefined
      const said = own[next++]!
      return left.has(place.chatId) ? undefined : render(row, place, viewer, said)
    })
  }
}

/** The same for all: without what anybody has chosen itself. */
export async function neutralReactions(tables: Tables, place: Place): Promise<Reactions> {
  const row = await tables.get(messageReactions, { chatId: place.chatId, seq: place.seq })
  return row === undefined
    ? { ...NO_REACTIONS, min: true }
    : { ...render(row, place, 0 as UserId, NOTHING), min: true }
}

interface Own {
  readonly reactions: readonly string[]
  readonly unread: boolean
}
const NOTHING: Own = { reactions: [], unread: false }

/** What the viewer has said itself, and whether it has not seen what others said to messages of its own. */
async function ownAt(tables: Tables, viewer: UserId, places: readonly Place[]): Promise<Own[]> {
  const refs: RowRef[] = []
  for (const { chatId, seq, out } of places) {
    refs.push({ table: messageReactors, key: { chatId, seq, userId: viewer } })
    if (out) refs.push({ table: unreadReactions, key: { userId: viewer, kind: 'reactions', chatId, seq } })
  }
  const rows = await tables.getMany(refs)
  let at = 0
  return places.map(({ out }) => {
    const row = rows[at++] as RowOf<typeof messageReactors> | undefined
    const unread = out && rows[at++] !== undefined
    return { reactions: row?.reactions ?? [], unread }
  })
}

function render({ counts, recent }: Row, place: Place, viewer: UserId, own: Own): Reactions {
  const results = (counts ?? []).map((stored) => resultOf(stored, own.reactions))
  results.sort((a, b) => b.count - a.count)
  const shown: Draft<Reactions> = { _: 'messageReactions', results }
  if (areTags(place)) return { ...shown, reactionsAsTags: true }
  if (place.isPost) return shown
  shown.canSeeList = true
  if (recent !== null && recent.length > 0)
    shown.recentReactions = recent.map((stored) => recentOf(stored, viewer, own.unread))
  return shown
}

/** In Saved Messages. */
const areTags = ({ chatId }: Place): boolean => privateChatMembers(chatId)?.length === 1

function resultOf(stored: string, own: readonly string[]): TlType<'ReactionCount'> {
  const end = stored.indexOf(':')
  const reaction = stored.slice(end + 1)
  const count: Draft<Tl<'reactionCount'>> = {
    _: 'reactionCount',
    reaction: renderReaction(reaction),
    count: Number(stored.slice(0, end)),
  }
  const chosen = own.indexOf(reaction)
  if (chosen >= 0) count.chosenOrder = chosen + 1
  return count
}

function recentOf(stored: string, viewer: UserId, unread: boolean): TlType<'MessagePeerReaction'> {
  const [userId, date, big] = stored.split(':', 3)
  const reaction = stored.slice(`${userId}:${date}:${big}:`.length)
  return peerReaction(Number(userId) as UserId, reaction, Number(date), big === '1', viewer, unread)
}

export function peerReaction(
  userId: UserId,
  reaction: string,
  date: number,
  big: boolean,
  viewer: UserId,
  unread: boolean,
): TlType<'MessagePeerReaction'> {
  const shown: Draft<Tl<'messagePeerReaction'>> = {
    _: 'messagePeerReaction',
    peerId: renderPeer(userId),
    date,
    reaction: renderReaction(reaction),
  }
  if (big) shown.big = true
  if (userId === viewer) shown.my = true
  else if (unread) shown.unread = true
  return shown
}
