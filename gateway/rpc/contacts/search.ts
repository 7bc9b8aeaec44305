import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { isUsername } from '../account/names.ts'
import { ownerOf } from '../account/profile.ts'
import type { UserView } from '../directory/directory.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderUser } from '../render/user.ts'
import { contactIds } from './book.ts'

/** Contacts that one search looks through. */
export const MAX_SEARCHED_CONTACTS = 2_000
export const MAX_FOUND = 100
const MAX_QUERY_LENGTH = 64

/** Finds contacts by the beginnings of their names or username, and anybody by the whole username. */
export const search: Handler<'contacts.search'> = async (call, context) => {
  const query = call.q.trim().replace(/^@/, '').toLowerCase().slice(0, MAX_QUERY_LENGTH)
  if (query === '') throw new RpcError(400, 'SEARCH_QUERY_EMPTY')
  const limit = Math.min(Math.max(call.limit, 1), MAX_FOUND)
  const [mine, other] = await Promise.all([searchContacts(query, limit, context), byUsername(query, context)])
  const theirs = other !== undefined && !mine.some(({ id }) => id === other.id) ? [other] : []
  const peer = ({ id }: Match) => ({ _: 'peerUser', userId: id }) as const
  return {
    _: 'contacts.found',
    myResults: mine.map(peer),
    results: theirs.map(peer),
    chats: [],
    users: [...mine, ...theirs].map(({ id, view }) => renderUser(context.user, id, view, context.now)),
  }
}

interface Match {
  readonly id: UserId
  readonly view: UserView
}

async function searchContacts(query: string, limit: number, context: CallContext): Promise<Match[]> {
  const ids = (await contactIds(context)).slice(0, MAX_SEARCHED_CONTACTS)
  const views = await context.services.directory.views(context.user, ids)
  const words = query.split(/\s+/)
  return ids
    .map((id, i) => ({ id, view: views[i]! }))
    .filter(({ view }) => matches(view, words))
    .slice(0, limit)
}

async function byUsername(query: string, context: CallContext): Promise<Match | undefined> {
  const id = isUsername(query) ? await ownerOf(context.services, query) : undefined
  if (id === undefined) return undefined
  const [view] = await context.services.directory.views(context.user, [id])
  return view?.facts === undefined ? undefined : { id, view }
}

/** Every word of the query begins some word of the name, or the username. */
export function matches({ facts, relation }: UserView, words: readonly string[]): boolean {
  if (facts === undefined) return false
  const name = relation.card ?? facts
  const parts = `${name.firstName} ${name.lastName} ${facts.username ?? ''}`.toLowerCase().split(/\s+/)
  return words.every((word) => parts.some((part) => part.startsWith(word)))
}
