import type { TlType } from '@heliograph/schemas/tl'
import type { UserFacts } from '../directory/facts.ts'
import { type Seen, userStatus } from '../presence.ts'
import { admits, admitsByDefault, type PrivacyKey } from './rules.ts'

const DAY_SECONDS = 24 * 3600
/** How long after somebody was there each vague form says so (core.telegram.org/api/privacy). */
const RECENTLY_SECONDS = 3 * DAY_SECONDS
const WEEK_SECONDS = 7 * DAY_SECONDS
const MONTH_SECONDS = 30 * DAY_SECONDS

/** How two users stand to each other, as far as the rules of either ask. */
export interface Mutual {
  /** The other is in the viewer's contacts. */
  readonly knows: boolean
  /** The viewer is in the other's contacts. */
  readonly knownBy: boolean
  /** The other has blocked the viewer. */
  readonly blockedBy: boolean
  /** Of the chats that the other's rules name, those that the viewer is in. */
  readonly sharedChats: ReadonlySet<number>
  /** Of the chats that the viewer's rules name, those that the other is in. */
  readonly ownSharedChats: ReadonlySet<number>
}

type Owner = Pick<UserFacts, 'id' | 'privacy'>

/** What is kept from those whom its owner has blocked, whatever the rules say. */
const KEPT_FROM_BLOCKED: ReadonlySet<PrivacyKey> = new Set(['StatusTimestamp', 'ProfilePhoto'])

/** Whether the owner's rules let the viewer. Everybody may see what is one's own. */
export function mayView(owner: Owner, viewer: number, mutual: Mutual, key: PrivacyKey): boolean {
  if (owner.id === viewer) return true
  if (mutual.blockedBy && KEPT_FROM_BLOCKED.has(key)) return false
  return allows(owner, viewer, mutual.knownBy, mutual.sharedChats, key)
}

/** The same the other way round: whether the viewer's own rules let the other. */
export function letsView(viewer: Owner, other: number, mutual: Mutual, key: PrivacyKey): boolean {
  return viewer.id === other || allows(viewer, other, mutual.knows, mutual.ownSharedChats, key)
}

function allows(
  { privacy }: Owner,
  id: number,
  isContact: boolean,
  sharedChats: ReadonlySet<number>,
  key: PrivacyKey,
): boolean {
  const audience = privacy?.audiences.get(key)
  if (privacy === undefined || audience === undefined) return admitsByDefault(key, isContact)
  return admits(audience, { id, isContact, isCloseFriend: privacy.closeFriends.has(id), sharedChats })
}

/** Whether the viewer may know exactly when the owner is there: who keeps that from the other does not see it either. */
export function seesStatus(owner: Owner, viewer: Owner | undefined, mutual: Mutual): boolean {
  if (viewer === undefined || owner.id === viewer.id) return true
  return (
    mayView(owner, viewer.id, mutual, 'StatusTimestamp') &&
    letsView(viewer, owner.id, mutual, 'StatusTimestamp')
  )
}

/**
 * When the owner was last there, as the viewer may know it: the vague forms where the owner keeps it from the viewer, and where
 * the viewer keeps it from the owner (then marked as the viewer's own doing).
 */
export function visibleStatus(
  owner: Owner,
  viewer: Owner | undefined,
  mutual: Mutual,
  seen: Seen | undefined,
  now: number,
): TlType<'UserStatus'> {
  if (viewer === undefined || seesStatus(owner, viewer, mutual)) return userStatus(seen, now)
  return vagueStatus(seen, now, mayView(owner, viewer.id, mutual, 'StatusTimestamp'))
}

/** Of whom nothing is known, it was not within the time that is remembered, or never: both are said alike. */
function vagueStatus(seen: Seen | undefined, now: number, byMe: boolean): TlType<'UserStatus'> {
  const mark = byMe ? { byMe } : {}
  const idleSeconds = seen === undefined ? 0 : seen.expires > now ? 0 : now - (seen.expires || seen.wasOnline)
  if (idleSeconds <= RECENTLY_SECONDS) return { _: 'userStatusRecently', ...mark }
  if (idleSeconds <= WEEK_SECONDS) return { _: 'userStatusLastWeek', ...mark }
  if (idleSeconds <= MONTH_SECONDS) return { _: 'userStatusLastMonth', ...mark }
  return { _: 'userStatusEmpty' }
}
