import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatInfo,
  type ChatMember,
  hasRight,
} from '@heliograph/schemas/avro'
import type { Rejection } from '../runtime/decider.ts'

/**
 * Who may do what in a group or channel: pure, by the chat, the member (undefined for who never was one) and the date in Unix
 * seconds. Restrictions that have run out count as lifted. Source: core.telegram.org/api/rights.
 */

export type Member = ChatMember | undefined

const rejection = (code: number, message: string): Rejection => ({ code, message })

const ADMIN_REQUIRED = rejection(400, 'CHAT_ADMIN_REQUIRED')
const WRITE_FORBIDDEN = rejection(403, 'CHAT_WRITE_FORBIDDEN')
const CHANNEL_PRIVATE = rejection(400, 'CHANNEL_PRIVATE')
const CHAT_ID_INVALID = rejection(400, 'CHAT_ID_INVALID')
const BANNED_IN_CHANNEL = rejection(400, 'USER_BANNED_IN_CHANNEL')
const GUEST_FORBIDDEN = rejection(403, 'CHAT_GUEST_SEND_FORBIDDEN')

export const isAdmin = (member: Member): boolean =>
  member?.isIn === true && (member.status === 'creator' || member.status === 'admin')

export const isCreator = (member: Member): boolean => member?.isIn === true && member.status === 'creator'

/** Whether an administrator has the right; `bit` of `ADMIN_RIGHTS`. */
export function mayAdminister(member: Member, bit: number): boolean {
  return member !== undefined && isAdmin(member) && hasRight(member.rights, bit)
}

/** What is forbidden to this member itself at `date`, bits of `BANNED_RIGHTS`. */
export function bannedAt(member: Member, date: number): number {
  if (member === undefined || member.banned === 0) return 0
  return member.untilDate !== 0 && member.untilDate <= date ? 0 : member.banned
}

/** Removed, and may not come back by itself. */
export function isKicked(member: Member, date: number): boolean {
  return member?.status === 'kicked' && bannedAt(member, date) !== 0
}

/** Whether what `bit` of `BANNED_RIGHTS` names is forbidden: to all members, or to this one. Never to administrators. */
export function isForbidden(info: ChatInfo, member: Member, bit: number, date: number): boolean {
  return !isAdmin(member) && hasRight(info.defaultBanned | bannedAt(member, date), bit)
}

/** Whether a plain member may: in the chat, and neither all are forbidden it nor this one. */
export function memberMay(info: ChatInfo, member: Member, bit: number, date: number): boolean {
  return member?.isIn === true && !isForbidden(info, member, bit, date)
}

export function mayChangeInfo(info: ChatInfo, member: Member, date: number): boolean {
  if (mayAdminister(member, ADMIN_RIGHTS.changeInfo)) return true
  return isOpenToMembers(info, member) && memberMay(info, member, BANNED_RIGHTS.changeInfo, date)
}

export function mayInvite(info: ChatInfo, member: Member, date: number): boolean {
  if (mayAdminister(member, ADMIN_RIGHTS.inviteUsers)) return true
  return isOpenToMembers(info, member) && memberMay(info, member, BANNED_RIGHTS.inviteUsers, date)
}

export function mayPin(info: ChatInfo, member: Member, date: number): boolean {
  if (info.kind === 'broadcast') return mayAdminister(member, ADMIN_RIGHTS.editMessages)
  if (mayAdminister(member, ADMIN_RIGHTS.pinMessages)) return true
  return isOpenToMembers(info, member) && memberMay(info, member, BANNED_RIGHTS.pinMessages, date)
}

/** Rights that all members have by default; administrators have what they were given instead. */
function isOpenToMembers(info: ChatInfo, member: Member): boolean {
  return info.kind !== 'broadcast' && !isAdmin(member)
}

export const isDeactivated = (info: ChatInfo): boolean => info.flags.includes('deactivated')

/** What everybody is told of a chat that does not exist, or no longer: gone channels are as closed ones (no client names others). */
export function unknownChat(chatId: string): Rejection {
  return chatId.startsWith('c') ? CHANNEL_PRIVATE : CHAT_ID_INVALID
}

/** What somebody is told who is not in the chat, or not any more. */
export function outsider(info: ChatInfo, member: Member, date: number): Rejection {
  if (info.kind === 'group') return member === undefined ? CHAT_ID_INVALID : WRITE_FORBIDDEN
  return info.username === null || isKicked(member, date) ? CHANNEL_PRIVATE : WRITE_FORBIDDEN
}

/** Undefined where the member has the right of administrators; `bit` of `ADMIN_RIGHTS`. */
export function refusedRight(
  info: ChatInfo,
  member: Member,
  bit: number,
  date: number,
): Rejection | undefined {
  if (mayAdminister(member, bit)) return undefined
  return member?.isIn === true ? ADMIN_REQUIRED : outsider(info, member, date)
}

interface KindRule {
  readonly bit: number
  readonly refused: Rejection
}
const kindRule = (bit: number, what: string, code = 403): KindRule => ({
  bit,
  refused: rejection(code, `CHAT_SEND_${what}_FORBIDDEN`),
})
const { sendMedia } = BANNED_RIGHTS
const plain = kindRule(BANNED_RIGHTS.sendPlain, 'PLAIN')
const stickers = kindRule(BANNED_RIGHTS.sendStickers, 'STICKERS')
const polls = kindRule(BANNED_RIGHTS.sendPolls, 'POLL')

/** The right that each kind of media needs, by the names of `MessageExtra.kinds`; all others need that of text. */
const MEDIA_RULES: Readonly<Record<string, KindRule>> = {
  photo: kindRule(BANNED_RIGHTS.sendPhotos | sendMedia, 'PHOTOS'),
  video: kindRule(BANNED_RIGHTS.sendVideos | sendMedia, 'VIDEOS'),
  roundVideo: kindRule(BANNED_RIGHTS.sendRoundvideos | sendMedia, 'ROUNDVIDEOS'),
  music: kindRule(BANNED_RIGHTS.sendAudios | sendMedia, 'AUDIOS'),
  voice: kindRule(BANNED_RIGHTS.sendVoices | sendMedia, 'VOICES'),
  document: kindRule(BANNED_RIGHTS.sendDocs | sendMedia, 'DOCS'),
  sticker: stickers,
  dice: stickers,
  gif: kindRule(BANNED_RIGHTS.sendGifs, 'GIFS'),
  game: kindRule(BANNED_RIGHTS.sendGames, 'GAME'),
  poll: polls,
  todo: polls,
}
/** What a message may be beside its text or media. */
const BESIDE_RULES: Readonly<Record<string, KindRule>> = {
  viaBot: kindRule(BANNED_RIGHTS.sendInline, 'INLINE', 400),
  webPage: kindRule(BANNED_RIGHTS.embedLinks, 'WEBPAGE'),
}

/**
 * Whether a message of these kinds may be sent; the gateway tells the kinds by `MessageExtra.kinds`. Raises CHANNEL_PRIVATE,
 * CHAT_ID_INVALID and CHAT_GUEST_SEND_FORBIDDEN to outsiders, CHAT_ADMIN_REQUIRED in broadcasts, USER_BANNED_IN_CHANNEL,
 * CHAT_WRITE_FORBIDDEN, CHAT_SEND_<KIND>_FORBIDDEN.
 */
export function maySend(
  info: ChatInfo,
  member: Member,
  kinds: readonly string[],
  date: number,
): Rejection | undefined {
  const refused = refusedAtAll(info, member, date)
  if (refused !== undefined || isAdmin(member)) return refused
  const forbidden = info.defaultBanned | bannedAt(member, date)
  return forbidden === 0 ? undefined : refusedKind(forbidden, kinds)
}

function refusedAtAll(info: ChatInfo, member: Member, date: number): Rejection | undefined {
  if (info.kind === 'broadcast') return refusedRight(info, member, ADMIN_RIGHTS.postMessages, date)
  if (member?.isIn !== true) return refusedGuest(info, member, date)
  if (isAdmin(member)) return undefined
  if (info.flags.includes('gigagroup')) return WRITE_FORBIDDEN
  if (hasRight(bannedAt(member, date), BANNED_RIGHTS.sendMessages)) return BANNED_IN_CHANNEL
  return hasRight(info.defaultBanned, BANNED_RIGHTS.sendMessages) ? WRITE_FORBIDDEN : undefined
}

/** Those who are not in a discussion group may comment there, unless its members alone may or they are banned. */
function refusedGuest(info: ChatInfo, member: Member, date: number): Rejection | undefined {
  const isOpen = info.kind === 'supergroup' && info.linkedChatId !== null
  if (!isOpen || isKicked(member, date) || info.flags.includes('gigagroup'))
    return outsider(info, member, date)
  if (info.flags.includes('joinToSend')) return GUEST_FORBIDDEN
  const forbidden = info.defaultBanned | bannedAt(member, date)
  return hasRight(forbidden, BANNED_RIGHTS.sendMessages) ? WRITE_FORBIDDEN : undefined
}

function refusedKind(forbidden: number, kinds: readonly string[]): Rejection | undefined {
  let isMedia = false
  for (const kind of kinds) {
    const rule = MEDIA_RULES[kind]
    isMedia ||= rule !== undefined
    const needed = rule ?? BESIDE_RULES[kind]
    if (needed !== undefined && hasRight(forbidden, needed.bit)) return needed.refused
  }
  return !isMedia && hasRight(forbidden, plain.bit) ? plain.refused : undefined
}

/** Whether slow mode counts for this sender. */
export function isSlowed(info: ChatInfo, member: Member): boolean {
  return info.slowModeSeconds > 0 && !isAdmin(member)
}

/** SLOWMODE_WAIT_X with the seconds to wait, where the sender's last message (`lastDate`; 0 none) is too young. */
export function refusedBySlowMode(
  info: ChatInfo,
  member: Member,
  lastDate: number,
  date: number,
): Rejection | undefined {
  if (!isSlowed(info, member)) return undefined
  const waitSeconds = lastDate + info.slowModeSeconds - date
  return waitSeconds > 0 ? rejection(420, `SLOWMODE_WAIT_${waitSeconds}`) : undefined
}
