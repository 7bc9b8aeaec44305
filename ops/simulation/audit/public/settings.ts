import type { ChatFlag, EditChat, PutInvite } from '@heliograph/schemas/avro'
import { hasPower, isInside, madeChat, mayRename } from './rules.ts'
import type { InviteLink, PublicChat } from './state.ts'
import { textOf } from './told.ts'

/** What commands come to that change a chat itself; false or undefined for a refusal, or where nothing changes. */

export function editChat(chat: PublicChat, command: EditChat, date: number): boolean {
  const { setFlags, clearFlags, change } = command
  if (!chat.isOpen || !mayChange(chat, command, date)) return false
  const flags = new Set<ChatFlag>([...chat.flags, ...setFlags])
  for (const flag of clearFlags) flags.delete(flag)
  const username = command.username === null ? chat.username : command.username || null
  if (command.username) flags.delete('hiddenHistory')
  const after = {
    profile: command.profile === null ? chat.profile : textOf(command.profile),
    username,
    defaultBanned: command.defaultBanned ?? chat.defaultBanned,
    slowModeSeconds: command.slowModeSeconds ?? chat.slowModeSeconds,
    ttlSeconds: command.ttlSeconds ?? chat.ttlSeconds,
    reactionsLimit: command.reactionsLimit ?? chat.reactionsLimit,
  }
  const reactions = command.allReactions ? null : (command.reactions ?? chat.reactions)
  const isSame = (Object.keys(after) as (keyof typeof after)[]).every((key) => chat[key] === after[key])
  const isSameSet = isSame && sorted(reactions) === sorted(chat.reactions)
  if (isSameSet && sorted([...flags]) === sorted([...chat.flags])) return false
  const hides = flags.has('hiddenHistory') && !chat.flags.has('hiddenHistory')
  if (hides && username !== null && change !== 'username') return false
  Object.assign(chat, after, { reactions })
  chat.flags.clear()
  for (const flag of flags) chat.flags.add(flag)
  return true
}

const sorted = (names: readonly string[] | null): string | null =>
  names === null ? null : `[${[...names].sort()}]`

function mayChange(chat: PublicChat, command: EditChat, date: number): boolean {
  const by = chat.member(command.byUserId)
  switch (command.change) {
    case 'username':
      return chat.isChannel && madeChat(by)
    case 'default-banned':
    case 'slow-mode':
      return hasPower(by, 'banUsers')
    case 'flags': {
      const names = [...command.setFlags, ...command.clearFlags]
      return names.every((name) => hasPower(by, name === 'joinRequest' ? 'banUsers' : 'changeInfo'))
    }
    case 'reactions':
      return hasPower(by, 'changeInfo')
    default:
      return mayRename(chat, by, date)
  }
}

/** The link as it is then, and the permanent one whose place it takes. */
export interface Linked {
  readonly link: InviteLink
  readonly replaced?: InviteLink | undefined
}

export function putInvite(chat: PublicChat, { byUserId, invite }: PutInvite): Linked | undefined {
  const by = chat.member(byUserId)
  if (!chat.isOpen || !isInside(by) || !hasPower(by, 'inviteUsers')) return undefined
  if (invite.adminId !== byUserId && !madeChat(by)) return undefined
  const known = chat.links.get(invite.hash)
  if (known !== undefined && known.adminId === invite.adminId) return changed(known, invite)
  if (invite.adminId !== byUserId) return undefined
  const earlier = [...chat.links.values()].find(
    ({ adminId, permanent, revoked }) => adminId === byUserId && permanent && !revoked,
  )
  const replaced = invite.permanent ? earlier : undefined
  if (replaced !== undefined) replaced.revoked = true
  const { hash, adminId, expireDate, usageLimit, requestNeeded, permanent } = invite
  const link = { hash, adminId, expireDate, usageLimit, requestNeeded, permanent }
  const fresh: InviteLink = { ...link, usage: 0, requested: 0, revoked: false }
  chat.links.set(hash, fresh)
  return { link: fresh, replaced }
}

function changed(known: InviteLink, invite: PutInvite['invite']): Linked | undefined {
  if (known.revoked) return undefined
  if (invite.revoked) {
    known.revoked = true
    return { link: known }
  }
  if (known.permanent) return undefined
  const { expireDate, usageLimit, requestNeeded } = invite
  return { link: Object.assign(known, { expireDate, usageLimit, requestNeeded }) }
}
