import { ADMIN_RIGHTS, type AdminRight, BANNED_RIGHTS, type BannedRight } from '@heliograph/schemas/avro'
import type { InviteLink, Membership, PublicChat } from './state.ts'

/** Who may do what at a date, as core.telegram.org/api/rights has it. */

type Somebody = Membership | undefined

export const isInside = (who: Somebody): who is Membership => who?.isIn === true
export const runsChat = (who: Somebody): who is Membership =>
  isInside(who) && ['creator', 'admin'].includes(who.status)
export const madeChat = (who: Somebody): boolean => isInside(who) && who.status === 'creator'

export function hasPower(who: Somebody, right: AdminRight): boolean {
  return runsChat(who) && (who.rights & ADMIN_RIGHTS[right]) > 0
}

/** Restrictions end by themselves. */
export const restrictions = (who: Somebody, date: number): number =>
  who === undefined || (who.untilDate > 0 && who.untilDate <= date) ? 0 : who.banned

export const isOut = (who: Somebody, date: number): boolean =>
  who?.status === 'kicked' && restrictions(who, date) > 0

/** Something that members may, as long as neither all of them nor this one is forbidden it. */
export function isFree({ defaultBanned }: PublicChat, who: Somebody, right: BannedRight, date: number) {
  if (!isInside(who)) return false
  return ((defaultBanned | restrictions(who, date)) & BANNED_RIGHTS[right]) === 0
}

/** Administrators by a power, members by not being forbidden it; the readers of a broadcast never. */
function byPowerOrFreedom(
  chat: PublicChat,
  who: Somebody,
  power: AdminRight,
  freedom: BannedRight,
  date: number,
): boolean {
  if (runsChat(who)) return hasPower(who, power)
  return chat.kind !== 'broadcast' && isFree(chat, who, freedom, date)
}

export const mayInvite = (chat: PublicChat, who: Somebody, date: number): boolean =>
  byPowerOrFreedom(chat, who, 'inviteUsers', 'inviteUsers', date)
export const mayRename = (chat: PublicChat, who: Somebody, date: number): boolean =>
  byPowerOrFreedom(chat, who, 'changeInfo', 'changeInfo', date)

export function mayPin(chat: PublicChat, who: Somebody, date: number): boolean {
  if (chat.kind === 'broadcast') return hasPower(who, 'editMessages')
  return byPowerOrFreedom(chat, who, 'pinMessages', 'pinMessages', date)
}

/** Plain text, which is all that people write here. */
export function mayWrite(chat: PublicChat, who: Somebody, date: number): boolean {
  if (chat.kind === 'broadcast') return hasPower(who, 'postMessages')
  if (runsChat(who)) return true
  return isFree(chat, who, 'sendMessages', date) && isFree(chat, who, 'sendPlain', date)
}

/** A poll. */
export function mayAsk(chat: PublicChat, who: Somebody, date: number): boolean {
  if (chat.kind === 'broadcast') return hasPower(who, 'postMessages')
  if (runsChat(who)) return true
  return isFree(chat, who, 'sendMessages', date) && isFree(chat, who, 'sendPolls', date)
}

export function opensDoor(chat: PublicChat, link: InviteLink, date: number): boolean {
  if (link.revoked || !chat.withStatus('creator', 'admin').includes(link.adminId)) return false
  const isLate = link.expireDate > 0 && link.expireDate <= date
  return !isLate && (link.usageLimit === 0 || link.usage < link.usageLimit)
}
