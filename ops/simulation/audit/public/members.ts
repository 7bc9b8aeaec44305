import {
  ADMIN_RIGHTS,
  type AddMembers,
  type AdoptMembers,
  BANNED_RIGHTS,
  CREATOR_RIGHTS,
  type CreateChat,
  type JoinChat,
  type LeaveChat,
  MAX_GROUP_MEMBERS,
  type SetAdmin,
  type SetBanned,
  type TransferChat,
  type UserId,
} from '@heliograph/schemas/avro'
import { hasPower, isInside, isOut, madeChat, mayInvite, opensDoor, restrictions } from './rules.ts'
import type { InviteLink, Membership, PublicChat } from './state.ts'
import { textOf } from './told.ts'

/** What commands come to that change who is in a chat, or what somebody may: the changed members, or undefined for a refusal. */

export type Changed = readonly Membership[] | undefined

export function create(chat: PublicChat, command: CreateChat): Changed {
  if (chat.kind !== undefined) return undefined
  const { creatorId, memberIds, kind, profile, flags, ttlSeconds } = command
  const others = [...new Set(memberIds)].filter((id) => id !== creatorId)
  if (others.length >= MAX_GROUP_MEMBERS) return undefined
  const { migratedFrom } = command
  Object.assign(chat, { kind, profile: textOf(profile), ttlSeconds, migratedFrom })
  for (const flag of flags) chat.flags.add(flag)
  const founder = Object.assign(chat.known(creatorId), {
    status: 'creator',
    isIn: true,
    rights: CREATOR_RIGHTS,
  } as const)
  const guests = others.map((id) =>
    Object.assign(chat.known(id), { status: 'member', isIn: true, inviterId: creatorId } as const),
  )
  return [founder, ...guests]
}

/** Somebody is in from now on. */
export function enter(chat: PublicChat, userId: UserId, inviterId: number, date: number): Membership {
  const who = chat.known(userId)
  const isHeld = restrictions(who, date) > 0 && who.status !== 'kicked'
  if (!isHeld) Object.assign(who, { banned: 0, untilDate: 0, actorId: 0 })
  if (who.status !== 'creator') who.status = isHeld ? 'restricted' : 'member'
  Object.assign(who, { isIn: true, inviterId })
  if (chat.isChannel) {
    const hides = chat.flags.has('hiddenHistory') && chat.username === null
    who.minSeq = hides ? chat.lastSeq : 0
  }
  return who
}

export const hasRoom = (chat: PublicChat, more: number): boolean =>
  chat.isChannel || chat.participants + more <= MAX_GROUP_MEMBERS

/** `link` counts one more; `asked` where somebody now waits to be let in. */
export interface Arrival {
  readonly link?: InviteLink
  readonly asked?: boolean
  readonly changed?: readonly Membership[]
}

export function join(chat: PublicChat, command: JoinChat, date: number): Arrival | undefined {
  const { userId, invite } = command
  const who = chat.member(userId)
  if (!chat.isOpen || who?.isIn === true || isOut(who, date)) return undefined
  if (invite !== null) return joinByLink(chat, userId, chat.links.get(invite), date)
  const returns = who?.status === 'creator'
  const isPublic = chat.isChannel && chat.username !== null
  if (!returns && !isPublic) return undefined
  if (!returns && chat.flags.has('joinRequest')) return ask(chat, userId, undefined)
  return { changed: [enter(chat, userId, userId, date)] }
}

function joinByLink(
  chat: PublicChat,
  userId: UserId,
  link: InviteLink | undefined,
  date: number,
): Arrival | undefined {
  if (link === undefined || !opensDoor(chat, link, date)) return undefined
  if (link.requestNeeded) return ask(chat, userId, link)
  if (!hasRoom(chat, 1)) return undefined
  link.usage++
  return { link, changed: [enter(chat, userId, link.adminId, date)] }
}

function ask(chat: PublicChat, userId: UserId, link: InviteLink | undefined): Arrival | undefined {
  if (chat.requests.has(userId)) return undefined
  chat.requests.set(userId, link?.hash ?? '')
  if (link === undefined) return { asked: true }
  link.requested++
  return { link, asked: true }
}

export function add(chat: PublicChat, command: AddMembers, date: number): Changed {
  const by = chat.member(command.byUserId)
  const userIds = [...new Set(command.userIds)]
  if (!chat.isOpen) return undefined
  const isSelf = userIds.length === 1 && userIds[0] === command.byUserId
  const comesBack = !chat.isChannel && isSelf && by !== undefined && !isOut(by, date)
  if (!mayInvite(chat, by, date) && !comesBack) return undefined
  const forgives = hasPower(by, 'banUsers')
  const guests = userIds.filter((id) => {
    const who = chat.member(id)
    return !isInside(who) && (forgives || !isOut(who, date))
  })
  if (guests.length === 0 || !hasRoom(chat, guests.length)) return undefined
  return guests.map((id) => enter(chat, id, command.byUserId, date))
}

export function leave(chat: PublicChat, { userId, service }: LeaveChat, date: number): Changed {
  const who = chat.member(userId)
  if (chat.kind === undefined || (chat.isGivenUp && !chat.isChannel) || !isInside(who)) return undefined
  who.isIn = false
  if (who.status !== 'creator') {
    who.status = restrictions(who, date) > 0 ? 'restricted' : 'left'
    who.rights = 0
  }
  if (!chat.isChannel) who.minSeq = chat.lastSeq + (service === null ? 0 : 1)
  return [who]
}

export function setAdmin(chat: PublicChat, command: SetAdmin, date: number): Changed {
  const { byUserId, userId, rights } = command
  const by = chat.member(byUserId)
  if (!chat.isOpen || !isInside(by)) return undefined
  const who = chat.member(userId)
  if (who?.status === 'creator') {
    who.rights = userId === byUserId ? CREATOR_RIGHTS | (rights & ADMIN_RIGHTS.anonymous) : who.rights
    return userId === byUserId ? [who] : undefined
  }
  const isAdmin = who?.status === 'admin'
  // A title alone; people here have none.
  if (rights === 0 && !isAdmin) return undefined
  const givesUp = userId === byUserId && (rights & ~(who?.rights ?? 0)) === 0
  if (!givesUp && !mayPromote(chat, by, who, rights)) return undefined
  if (rights === 0) {
    const status = who?.isIn ? 'member' : 'left'
    return [Object.assign(who!, { status, rights: 0, actorId: 0 } as const)]
  }
  if (!isInside(who)) {
    if (!chat.isChannel || !mayInvite(chat, by, date)) return undefined
    if (isOut(who, date) && !hasPower(by, 'banUsers')) return undefined
    enter(chat, userId, byUserId, date)
  }
  const actorId = isAdmin ? who!.actorId : byUserId
  const free = { banned: 0, untilDate: 0 }
  return [Object.assign(chat.known(userId), free, { status: 'admin', rights, actorId } as const)]
}

function mayPromote(chat: PublicChat, by: Membership, who: Membership | undefined, rights: number): boolean {
  if (madeChat(by)) return true
  if (!chat.isChannel || !hasPower(by, 'addAdmins')) return false
  return (rights & ~by.rights) === 0 && (who?.status !== 'admin' || who.actorId === by.peerId)
}

/** The supergroup that a basic group has become gets its members at once. */
export function adopt(chat: PublicChat, command: AdoptMembers): Changed {
  if (!chat.isOpen || chat.migratedFrom === null) return undefined
  const absent = command.members.filter(({ peerId }) => chat.member(peerId) === undefined)
  if (absent.length === 0) return undefined
  const { defaultBanned, reactions, reactionsLimit } = command
  Object.assign(chat, { defaultBanned, reactions, reactionsLimit })
  return absent.map(({ peerId, status, rights, inviterId, actorId }) =>
    Object.assign(chat.known(peerId), { status, rights, inviterId, actorId, isIn: true }),
  )
}

/** An administrator becomes the creator, who stays as an administrator with all rights. */
export function transfer(chat: PublicChat, { byUserId, toUserId }: TransferChat): Changed {
  const [by, heir] = [chat.member(byUserId), chat.member(toUserId)]
  if (!chat.isOpen || !madeChat(by) || !isInside(heir) || heir.status !== 'admin') return undefined
  const rights = CREATOR_RIGHTS | (heir.rights & ADMIN_RIGHTS.anonymous)
  return [
    Object.assign(by!, { status: 'admin', actorId: toUserId } as const),
    Object.assign(heir, { status: 'creator', rights, actorId: 0 } as const),
  ]
}

/** Restrictions for less than this, or for more than a year, are for ever. */
const SHORTEST_SECONDS = 30
const LONGEST_SECONDS = 366 * 24 * 3600

export function setBanned(chat: PublicChat, command: SetBanned, date: number): Changed {
  const { byUserId, peerId, banned } = command
  const by = chat.member(byUserId)
  if (!chat.isOpen || !isInside(by) || peerId === (byUserId as number)) return undefined
  const removes = (banned & BANNED_RIGHTS.viewMessages) > 0
  if (!mayBan(chat, by, chat.member(peerId), removes)) return undefined
  const lasts = command.untilDate - date
  const untilDate = lasts >= SHORTEST_SECONDS && lasts <= LONGEST_SECONDS ? command.untilDate : 0
  const before: Partial<Membership> = { ...chat.member(peerId) }
  const isKnown = chat.members.has(peerId)
  const who = chat.known(peerId)
  if (banned === 0) lift(who)
  else {
    const status = removes ? 'kicked' : 'restricted'
    Object.assign(who, { status, rights: 0, banned, untilDate, actorId: byUserId })
    if (removes) {
      if (who.isIn && !chat.isChannel) who.minSeq = chat.lastSeq + (command.service === null ? 0 : 1)
      who.isIn = false
    }
  }
  const { status = 'left', banned: was = 0, untilDate: until = 0 } = before
  if (who.status !== status || who.banned !== was || who.untilDate !== until) return [who]
  if (isKnown) Object.assign(who, before)
  else chat.members.delete(peerId)
  return undefined
}

function mayBan(chat: PublicChat, by: Membership, who: Membership | undefined, removes: boolean): boolean {
  const isOwnGuest = !chat.isChannel && removes && who?.inviterId === by.peerId
  if (!hasPower(by, 'banUsers') && !isOwnGuest) return false
  if (who?.status === 'creator') return false
  if (who?.status === 'admin' && who.actorId !== by.peerId && !madeChat(by)) return false
  return chat.isChannel || !removes || isInside(who)
}

function lift(who: Membership): void {
  if (who.status !== 'kicked' && who.status !== 'restricted') return
  Object.assign(who, { status: who.isIn ? 'member' : 'left', banned: 0, untilDate: 0, actorId: 0 })
}
