import { chatIdOf, type PeerId, peerIdOfChat, type UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { USERNAME_PREFIX_LENGTH, usernamePrefixes } from '@heliograph/storage'
import { type FoundChat, publicChats, searchOwnChats } from '../chats/search-chats.ts'
import type { UserView } from '../directory/directory.ts'
import { isHidden, shownNames } from '../directory/usernames.ts'
import type { CallContext, Handler } from '../handler.ts'
import { hasTitle, listPublicChats } from '../public-chats/public-chats.ts'
import { renderPeer } from '../render/peer.ts'
import { renderUser } from '../render/user.ts'
import { tokensOf } from '../search-index/tokens.ts'
import { contactIds } from './book.ts'

/** Contacts that one search looks through. */
export const MAX_SEARCHED_CONTACTS = 2_000
export const MAX_FOUND = 100
const MAX_QUERY_LENGTH = 64
/** Shorter queries find public chats by their usernames only. */
const MIN_TITLE_QUERY = 2
const BEGINS_USERNAME = /^[a-z][a-z0-9_]*$/

/** Above every letter of a username. */
const AFTER_USERNAMES = '~'

/**
 * Finds contacts and the caller's chats by the beginnings of their names, anybody by the beginning of the username, and public
 * chats by the beginnings of the words of their titles.
 */
export const search: Handler<'contacts.search'> = async (call, context) => {
  const query = call.q.trim().replace(/^@/, '').toLowerCase().slice(0, MAX_QUERY_LENGTH)
  if (query === '') throw new RpcError(400, 'SEARCH_QUERY_EMPTY')
  const limit = Math.min(Math.max(call.limit, 1), MAX_FOUND)
  const [mine, ownChats, named, titled] = await Promise.all([
    searchContacts(query, limit, context),
    searchOwnChats(query, limit, context),
    searchUsernames(query, limit, context),
    searchTitles(query, limit, context),
  ])
  const known = new Set<number>([...mine.map(({ id }) => id), ...ownChats.map(({ peerId }) => peerId)])
  const theirs = named.users.filter(({ id }) => !known.has(id))
  const namedPeers = new Set(named.chats.map(({ peerId }) => peerId))
  const alsoTitled = titled.filter(({ peerId }) => !namedPeers.has(peerId))
  const theirChats = [...named.chats, ...alsoTitled]
    .filter(({ peerId }) => !known.has(peerId))
    .slice(0, limit)
  return {
    _: 'contacts.found',
    myResults: peersOf(mine, ownChats),
    results: peersOf(theirs, theirChats),
    chats: [...ownChats, ...theirChats].map(({ chat }) => chat),
    users: [...mine, ...theirs].map(({ id, view }) => renderUser(context.user, id, view, context.now)),
  }
}

interface Match {
  readonly id: UserId
  readonly view: UserView
}

const peersOf = (users: readonly Match[], chats: readonly FoundChat[]) => [
  ...users.map(({ id }) => renderPeer(id)),
  ...chats.map(({ peerId }) => renderPeer(peerId)),
]

async function searchContacts(query: string, limit: number, context: CallContext): Promise<Match[]> {
  const ids = (await contactIds(context)).slice(0, MAX_SEARCHED_CONTACTS)
  const views = await context.services.directory.views(context.user, ids)
  const words = query.split(/\s+/)
  return ids
    .map((id, i) => ({ id, view: views[i]! }))
    .filter(({ view }) => matches(view, words))
    .slice(0, limit)
}

/** Everybody whose username begins with the query; shorter ones than the index has find nobody but contacts. */
async function searchUsernames(
  query: string,
  limit: number,
  context: CallContext,
): Promise<{ readonly users: Match[]; readonly chats: FoundChat[] }> {
  if (query.length < USERNAME_PREFIX_LENGTH || !BEGINS_USERNAME.test(query)) return { users: [], chats: [] }
  const { directory, tables } = context.services
  const prefix = query.slice(0, USERNAME_PREFIX_LENGTH)
  const range = { from: query, to: query + AFTER_USERNAMES, limit }
  const rows = await tables.range(usernamePrefixes, { prefix }, range)
  const found = new Map<PeerId, string>()
  for (const row of rows) {
    const owner = row.userId as PeerId
    // One who has several names that begin so is found by the first that is not hidden.
    if (!found.has(owner) && !(await isHiddenName(context, owner, row.username!)))
      found.set(owner, row.username!)
  }
  const owners = [...found.keys()]
  const ids = owners.filter((owner) => owner > 0) as number[] as UserId[]
  const [views, chats] = await Promise.all([
    directory.views(context.user, ids),
    publicChats(
      owners.filter((owner) => owner < 0),
      context,
    ),
  ])
  const users = ids.map((id, i) => ({ id, view: views[i]! })).filter(({ view }) => view.facts !== undefined)
  return { users, chats }
}

/** Public chats whose titles have words that begin so, those with most members first. */
async function searchTitles(query: string, limit: number, context: CallContext): Promise<FoundChat[]> {
  const words = tokensOf(query)
  if (words.length === 0 || query.length < MIN_TITLE_QUERY) return []
  const all = await listPublicChats(context.services)
  const found = all.filter((chat) => hasTitle(chat, words)).slice(0, limit)
  return publicChats(
    found.map(({ chatId }) => peerIdOfChat(chatId)),
    context,
  )
}

async function isHiddenName({ services, user }: CallContext, owner: PeerId, name: string): Promise<boolean> {
  const { directory, chats } = services
  const facts = await (owner > 0
    ? directory.find(owner as number as UserId)
    : chats.find(chatIdOf(user, owner)))
  return facts !== undefined && isHidden(facts, name)
}

/** Every word of the query begins some word of the name, or the username. */
export function matches({ facts, relation }: UserView, words: readonly string[]): boolean {
  if (facts === undefined) return false
  const name = relation.card ?? facts
  const parts = `${name.firstName} ${name.lastName} ${shownNames(facts).join(' ')}`.toLowerCase().split(/\s+/)
  return words.every((word) => parts.some((part) => part.startsWith(word)))
}
