import type { UserId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { UserDirectory, UserView } from '../directory/directory.ts'
import { SERVICE_USER_ID, SERVICE_USER_PHONE } from '../directory/service-user.ts'
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
    const view = directory.cachedView(viewer, id)
    if (view === undefined) return undefined
    rendered.push(renderUser(viewer, id, view, now))
  }
  return rendered
}

async function renderLoaded(directory: UserDirectory, viewer: UserId, ids: readonly UserId[], now: number) {
  const different = [...new Set(ids)]
  const views = await directory.views(viewer, different)
  return different.map((id, i) => renderUser(viewer, id, views[i]!, now))
}

/** One user as the viewer sees it: under the name in its contacts, with the phone number only where it knew that. */
export function renderUser(viewer: UserId, id: UserId, view: UserView, now: number): RenderedUser {
  const { facts, relation } = view
  if (facts === undefined) return { _: 'userEmpty', id }
  if (facts.deleted) return { _: 'user', id, accessHash: relation.accessHash, deleted: true }
  const { card } = relation
  const user: Mutable<Tl<'user'>> = {
    _: 'user',
    id,
    accessHash: relation.accessHash,
    firstName: card?.firstName ?? facts.firstName,
  }
  const lastName = card?.lastName ?? facts.lastName
  if (lastName !== '') user.lastName = lastName
  if (facts.username !== undefined) user.username = facts.username
  if (id === SERVICE_USER_ID) return Object.assign(user, SERVICE_FIELDS)
  user.status = userStatus(view.seen, now)
  if (id === viewer) user.self = true
  if (card !== undefined) user.contact = true
  if (card !== undefined && relation.knownBy) user.mutualContact = true
  if (id === viewer || (card !== undefined && card.phone === facts.phone)) user.phone = facts.phone
  return user
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
const SERVICE_FIELDS = { verified: true, support: true, phone: SERVICE_USER_PHONE } as const
