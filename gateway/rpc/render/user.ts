import type { UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import type { Relation, UserDirectory } from '../directory/directory.ts'
import type { UserFacts } from '../directory/facts.ts'
import { SERVICE_USER_ID } from '../directory/service-user.ts'
import { userStatus } from '../presence.ts'

export type RenderedUser = TlType<'User'>

/**
 * The users as the viewer sees them, in order and without repetition; `userEmpty` for unknown ones.
 * @param now Unix seconds
 */
export function renderUsers(
  directory: UserDirectory,
  viewer: UserId,
  ids: readonly UserId[],
  now: number,
): RenderedUser[] | Promise<RenderedUser[]> {
  return renderCachedUsers(directory, viewer, ids, now) ?? renderLoaded(directory, viewer, ids, now)
}

/** As `renderUsers` when everything is at hand, otherwise undefined; the hot path of pushes. */
export function renderCachedUsers(
  directory: UserDirectory,
  viewer: UserId,
  ids: readonly UserId[],
  now: number,
): RenderedUser[] | undefined {
  const rendered: RenderedUser[] = []
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!
    if (ids.indexOf(id) < i) continue
    const facts = directory.facts(id)
    const relation = directory.relation(viewer, id)
    if (facts === undefined || relation === undefined) return undefined
    rendered.push(renderUser(directory, viewer, id, facts, relation, now))
  }
  return rendered
}

/** Loading is believed for long enough to render, unless changes pour in all the time. */
const ATTEMPTS = 3

async function renderLoaded(directory: UserDirectory, viewer: UserId, ids: readonly UserId[], now: number) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await directory.load(viewer, ids)
    const rendered = renderCachedUsers(directory, viewer, ids, now)
    if (rendered !== undefined) return rendered
  }
  return [...new Set(ids)].map((id): RenderedUser => ({ _: 'userEmpty', id }))
}

function renderUser(
  directory: UserDirectory,
  viewer: UserId,
  id: UserId,
  facts: UserFacts | null,
  relation: Relation,
  now: number,
): RenderedUser {
  if (facts === null) return { _: 'userEmpty', id }
  if (facts.deleted) return { _: 'user', id, accessHash: relation.accessHash, deleted: true }
  const { card } = relation
  const user: Mutable<Extract<RenderedUser, { _: 'user' }>> = {
    _: 'user',
    id,
    accessHash: relation.accessHash,
    firstName: card?.firstName ?? facts.firstName,
  }
  const lastName = card?.lastName ?? facts.lastName
  if (lastName !== '') user.lastName = lastName
  if (facts.username !== undefined) user.username = facts.username
  if (id === SERVICE_USER_ID) return Object.assign(user, serviceFields)
  user.status = userStatus(directory.seen(id), now)
  if (id === viewer) user.self = true
  if (card !== undefined) user.contact = true
  if (card !== undefined && relation.knownBy) user.mutualContact = true
  if (id === viewer || (card !== undefined && card.phone === facts.phone)) user.phone = facts.phone
  return user
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
const serviceFields = { verified: true, support: true, phone: '42777' } as const
