import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { dialogs } from '@heliograph/storage'
import type { UserView } from '../directory/directory.ts'
import type { UserFacts } from '../directory/facts.ts'
import type { Services } from '../services.ts'
import type { PrivacyKey } from './rules.ts'
import { letsView, mayView } from './view.ts'

type Asked = Pick<Services, 'directory'>

/** Whether the user's rules for `key` let the asker; at once where both are at hand. */
export function lets(
  { directory }: Asked,
  asker: UserId,
  user: UserId,
  key: PrivacyKey,
): boolean | Promise<boolean> {
  const view = directory.cachedView(asker, user)
  if (view !== undefined) return letsBy(view, asker, key)
  return directory.views(asker, [user]).then(([loaded]) => letsBy(loaded!, asker, key))
}

/** As `lets`, with the asker's view of the user at hand. An unknown or deleted user lets nobody. */
export function letsBy({ facts, relation }: UserView, asker: UserId, key: PrivacyKey): boolean {
  return facts !== undefined && !facts.deleted && mayView(facts, asker, relation, key)
}

/** Whether the user may be added to groups and channels by the inviter; otherwise 403 USER_PRIVACY_RESTRICTED is due. */
export const mayInvite = (services: Asked, inviter: UserId, user: UserId): boolean | Promise<boolean> =>
  lets(services, inviter, user, 'ChatInvite')

/** Whether the user may be called by the caller. */
export const mayCall = (services: Asked, caller: UserId, user: UserId): boolean | Promise<boolean> =>
  lets(services, caller, user, 'PhoneCall')

/** Refuses voice and round video messages that the user does not want: VOICE_MESSAGES_FORBIDDEN. */
export async function requireMaySpeak(services: Asked, sender: UserId, user: UserId): Promise<void> {
  if (await lets(services, sender, user, 'VoiceMessages')) return
  throw new RpcError(400, 'VOICE_MESSAGES_FORBIDDEN')
}

/** How the author of a forwarded message is named. */
export type ForwardAuthor = { readonly userId: UserId } | { readonly name: string }

/** By a link to the account where the author lets the forwarder, otherwise by name only. */
export async function forwardAuthor(
  services: Asked,
  forwarder: UserId,
  author: UserId,
): Promise<ForwardAuthor> {
  const view =
    services.directory.cachedView(forwarder, author) ??
    (await services.directory.views(forwarder, [author]))[0]!
  if (view.facts === undefined || view.facts.deleted || letsBy(view, forwarder, 'Forwards')) {
    return { userId: author }
  }
  return { name: fullName(view.facts) }
}

export const fullName = ({ firstName, lastName }: Pick<UserFacts, 'firstName' | 'lastName'>): string =>
  `${firstName} ${lastName}`.trim()

/** Whether a user wants to be written to by its contacts only, and the asker is none. */
export function isClosedTo({ facts, relation }: UserView, asker: UserId): boolean {
  if (facts?.privacy?.global.newNoncontactPeersRequirePremium !== true) return false
  return facts.id !== asker && !relation.knownBy
}

/**
 * Refuses to write to a user who wants to hear from contacts only, 403 PRIVACY_PREMIUM_REQUIRED, unless there has been a chat
 * between the two; and to a deleted one, 400 INPUT_USER_DEACTIVATED.
 * Other peers than users are none of its business. Undefined where nothing has to be waited for; the hot path of sending.
 */
export function requireMayWrite(
  services: Pick<Services, 'directory' | 'tables'>,
  sender: UserId,
  peerId: number,
): Promise<void> | undefined {
  if (peerId <= 0 || peerId === sender) return undefined
  const view = services.directory.cachedView(sender, peerId as UserId)
  if (view !== undefined && !isReserved(view, sender)) return undefined
  return requireOpen(services, sender, peerId as UserId)
}

const isReserved = (view: UserView, sender: UserId): boolean =>
  view.facts?.deleted === true || isClosedTo(view, sender)

async function requireOpen(
  services: Pick<Services, 'directory' | 'tables'>,
  sender: UserId,
  user: UserId,
): Promise<void> {
  const [view] = await services.directory.views(sender, [user])
  if (!isReserved(view!, sender)) return
  if (view!.facts?.deleted) throw new RpcError(400, 'INPUT_USER_DEACTIVATED')
  const dialog = await services.tables.get(dialogs, { userId: user, peerId: sender })
  if (dialog === undefined) throw new RpcError(403, 'PRIVACY_PREMIUM_REQUIRED')
}

/**
 * Refuses to say when a user has read something where either keeps such dates, or the time that it was last there, from the
 * other: 403 YOUR_PRIVACY_RESTRICTED, USER_PRIVACY_RESTRICTED (core.telegram.org/api/privacy).
 */
export async function requireReadDates(services: Asked, asker: UserId, user: UserId): Promise<void> {
  const [view] = await services.directory.views(asker, [user])
  const { facts, own, relation } = view!
  if (facts === undefined || own === undefined) return
  const hides = ({ privacy }: UserFacts) => privacy?.global.hideReadMarks === true
  if (hides(own) || !letsView(own, user, relation, 'StatusTimestamp'))
    throw new RpcError(403, 'YOUR_PRIVACY_RESTRICTED')
  if (hides(facts) || !mayView(facts, asker, relation, 'StatusTimestamp'))
    throw new RpcError(403, 'USER_PRIVACY_RESTRICTED')
}
