import type { AnswerRequests, DeleteInvites, UserId } from '@heliograph/schemas/avro'
import { enter, hasRoom } from './members.ts'
import { hasPower, isInside, isOut, madeChat } from './rules.ts'
import type { InviteLink, Membership, PublicChat } from './state.ts'

/** Requests to be let in, and links that are given up. */

export interface Answered {
  readonly userIds: readonly UserId[]
  /** The link of each, empty for none. */
  readonly hashes: readonly string[]
  readonly links: readonly InviteLink[]
  /** Who is in by it. */
  readonly changed: readonly Membership[]
}

/** Undefined for a refusal: whoever may invite lets in or turns away those who wait; who was removed, by who may ban. */
export function answer(chat: PublicChat, command: AnswerRequests, date: number): Answered | undefined {
  const { byUserId, approved } = command
  if (!chat.isOpen || !hasPower(chat.member(byUserId), 'inviteUsers')) return undefined
  const userIds = [...new Set(command.userIds)].filter(
    (id) => chat.requests.has(id) && !isInside(chat.member(id)),
  )
  if (userIds.length === 0 || (approved && !hasRoom(chat, userIds.length))) return undefined
  const readmits = approved && userIds.some((id) => isOut(chat.member(id), date))
  if (readmits && !hasPower(chat.member(byUserId), 'banUsers')) return undefined
  const hashes = userIds.map((id) => chat.requests.get(id) ?? '')
  const named = [...new Set(command.invites)].filter((hash) => hash !== '' && hashes.includes(hash))
  const links = named.flatMap((hash) => chat.links.get(hash) ?? [])
  for (const link of links) {
    const count = hashes.filter((hash) => hash === link.hash).length
    link.requested = Math.max(0, link.requested - count)
    if (approved) link.usage += count
  }
  for (const id of userIds) chat.requests.delete(id)
  const changed = approved ? userIds.map((id) => enter(chat, id, byUserId, date)) : []
  return { userIds, hashes, links, changed }
}

/** Who is removed waits no more: the line of each who did. */
export function turnAway(chat: PublicChat, banned: readonly Membership[]): string[] {
  const turned = banned.filter(
    ({ status, peerId }) => status === 'kicked' && chat.requests.has(peerId as UserId),
  )
  return turned.map(({ peerId }) => {
    const hash = chat.requests.get(peerId as UserId)
    chat.requests.delete(peerId as UserId)
    return answeredLine(false, [peerId], [hash ?? ''])
  })
}

export const answeredLine = (
  approved: boolean,
  userIds: readonly number[],
  hashes: readonly string[],
): string => `answered ${approved}: [${userIds}] by [${hashes}]`

/** The links that are gone: of those named, the revoked. */
export function deleteInvites(chat: PublicChat, command: DeleteInvites): readonly string[] {
  const { byUserId, adminId, hashes } = command
  const by = chat.member(byUserId)
  if (!chat.isOpen || !hasPower(by, 'inviteUsers') || (adminId !== byUserId && !madeChat(by))) return []
  const gone = [...new Set(hashes)].filter((hash) => {
    const link = chat.links.get(hash)
    return link?.adminId === adminId && link.revoked
  })
  for (const hash of gone) chat.links.delete(hash)
  return gone
}
