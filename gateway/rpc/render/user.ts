import type { UserId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { UserDirectory, UserView } from '../directory/directory.ts'
import type { UserFacts } from '../directory/facts.ts'
import { SERVICE_USER_ID, SERVICE_USER_PHONE } from '../directory/service-user.ts'
import { usernameFields } from '../directory/usernames.ts'
import { mayView, visibleStatus } from '../privacy/view.ts'

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

/** One user as the viewer sees it: under the name in its contacts, and as far as the user's privacy rules let it. */
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
  Object.assign(user, usernameFields(facts, id === viewer))
  if (id === SERVICE_USER_ID) return Object.assign(user, SERVICE_FIELDS)
  user.status = visibleStatus(facts, view.own, relation, view.seen, now)
  if (id === viewer) user.self = true
  if (card !== undefined) user.contact = true
  if (card !== undefined && relation.knownBy) user.mutualContact = true
  if (view.own?.privacy?.closeFriends.has(id)) user.closeFriend = true
  if (isPhoneShown(viewer, view, facts)) user.phone = facts.phone
  const photo = shownPhoto(view, viewer)
  if (relation.personalPhoto !== undefined)
    user.photo = { ...userPhoto(relation.personalPhoto), personal: true }
  else if (photo !== undefined) user.photo = userPhoto(photo)
  if (facts.color !== undefined) user.color = facts.color
  if (facts.profileColor !== undefined) user.profileColor = facts.profileColor
  if (facts.emojiStatus !== undefined) user.emojiStatus = facts.emojiStatus
  if (!relation.knownBy && facts.privacy?.global.newNoncontactPeersRequirePremium && id !== viewer)
    user.contactRequirePremium = true
  return user
}

/** The photo that the user lets the viewer see; undefined for none. */
export function shownPhoto(view: UserView, viewer: UserId): Tl<'photo'> | undefined {
  const { facts, relation } = view
  if (facts === undefined || (facts.photo === undefined && facts.fallbackPhoto === undefined))
    return undefined
  const may = facts.id === viewer || mayView(facts, viewer, relation, 'ProfilePhoto')
  const photo = may ? (facts.photo ?? facts.fallbackPhoto) : facts.fallbackPhoto
  return photo?._ === 'photo' ? photo : undefined
}

function userPhoto({ id, sizes, dcId, videoSizes }: Tl<'photo'>): Tl<'userProfilePhoto'> {
  const stripped = sizes.find((size) => size._ === 'photoStrippedSize')
  return {
    _: 'userProfilePhoto',
    ...(videoSizes !== undefined && { hasVideo: true }),
    photoId: id,
    dcId,
    ...(stripped?._ === 'photoStrippedSize' && { strippedThumb: stripped.bytes }),
  }
}

/** Who knew the number has nothing to be kept from. */
function isPhoneShown(viewer: UserId, { relation }: UserView, facts: UserFacts): boolean {
  if (relation.card !== undefined && relation.card.phone === facts.phone) return true
  return mayView(facts, viewer, relation, 'PhoneNumber')
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
const SERVICE_FIELDS = { verified: true, support: true, phone: SERVICE_USER_PHONE } as const
