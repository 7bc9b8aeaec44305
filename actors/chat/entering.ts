import {
  type ChatId,
  type ChatInfo,
  type ChatMember,
  MAX_GROUP_MEMBERS,
  MAX_SUPERGROUP_MEMBERS,
  type UserId,
} from '@heliograph/schemas/avro'
import type { At, Rows } from '../runtime/decider.ts'
import { hiddenUpTo } from './change.ts'
import { bannedAt, isKicked } from './rights.ts'
import { memberOf, newMember } from './state.ts'

/** How somebody comes in. */
export interface Entry {
  readonly inviterId: UserId
  readonly invite?: string | null
  readonly viaRequest?: boolean
}

/** The member that `userId` is once it is in: the creator again, restricted still, or a plain one. */
export function entered(
  rows: Rows,
  chatId: ChatId,
  info: ChatInfo,
  userId: UserId,
  entry: Entry,
  at: At,
): ChatMember {
  const before = memberOf(rows, chatId, userId) ?? newMember(userId)
  const isRestricted = bannedAt(before, at.date) !== 0 && !isKicked(before, at.date)
  const status = before.status === 'creator' ? 'creator' : isRestricted ? 'restricted' : 'member'
  const restriction = isRestricted ? {} : { banned: 0, untilDate: 0, actorId: 0 as UserId }
  return {
    ...before,
    ...restriction,
    status,
    isIn: true,
    inviterId: entry.inviterId,
    date: at.date,
    invite: entry.invite ?? null,
    viaRequest: entry.viaRequest ?? false,
    minSeq: info.kind === 'group' ? before.minSeq : hiddenUpTo(rows, chatId, info),
  }
}

/** Whether so many more members find room; broadcasts, and groups where administrators alone write, have no limit. */
export function hasRoom(info: ChatInfo, more: number): boolean {
  if (info.kind === 'broadcast' || info.flags.includes('gigagroup')) return true
  const limit = info.kind === 'group' ? MAX_GROUP_MEMBERS : MAX_SUPERGROUP_MEMBERS
  return info.participants + more <= limit
}
