import { CREATOR_RIGHTS, type PeerId, type UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import type { MemberFacts } from '../directory/chat-facts.ts'
import { holds } from '../render/chat.ts'
import { peerNumber, renderPeer } from '../render/peer.ts'
import { adminRights, bannedRights } from '../rights.ts'
import { isAdmin, may, type Reached } from './reach.ts'

/** Who looks at a list of members, and when. */
export interface Onlooker {
  readonly viewer: UserId
  readonly reached: Reached
  /** Unix seconds. */
  readonly now: number
}

/** A member of a channel as TL value; `rank` is its opened title. */
export function renderParticipant(
  { viewer, reached, now }: Onlooker,
  member: MemberFacts,
  rank: string,
): TlType<'ChannelParticipant'> {
  const { peerId, status, date } = member
  const userId = peerId as number
  const titled = rank === '' ? {} : { rank }
  if (status === 'creator' && member.isIn) {
    const rights = adminRights(member.rights || CREATOR_RIGHTS)
    return { _: 'channelParticipantCreator', userId, adminRights: rights, ...titled }
  }
  if (status === 'admin' && member.isIn) return renderAdmin({ viewer, reached, now }, member, rank)
  if (peerId < 0 || (holds(member, now) && (status === 'kicked' || status === 'restricted')))
    return renderBanned(member)
  if (!member.isIn) return { _: 'channelParticipantLeft', peer: renderPeer(peerId) }
  if (userId !== viewer) return { _: 'channelParticipant', userId, date, ...titled }
  const viaRequest = member.viaRequest ? { viaRequest: true } : {}
  const inviterId = member.inviterId || userId
  return { _: 'channelParticipantSelf', ...viaRequest, userId, inviterId, date, ...titled }
}

function renderAdmin(
  { viewer, reached }: Onlooker,
  { peerId, rights, inviterId, actorId, date }: MemberFacts,
  rank: string,
): TlType<'ChannelParticipant'> {
  const userId = peerId as number
  const own = reached.member
  const canEdit =
    own?.status === 'creator' || (userId !== viewer && may(reached, 'addAdmins') && actorId === viewer)
  return {
    _: 'channelParticipantAdmin',
    ...(canEdit && { canEdit: true }),
    ...(userId === viewer && { self: true, inviterId: inviterId || userId }),
    userId,
    promotedBy: actorId || reached.facts.creatorId,
    date,
    adminRights: adminRights(rights),
    ...(rank !== '' && { rank }),
  }
}

function renderBanned(member: MemberFacts): TlType<'ChannelParticipant'> {
  return {
    _: 'channelParticipantBanned',
    ...(!member.isIn && { left: true }),
    peer: renderPeer(member.peerId),
    kickedBy: member.actorId,
    date: member.date,
    bannedRights: bannedRights(member.banned, member.untilDate),
  }
}

/** A member that never was one. */
export const strangerParticipant = (peerId: PeerId): TlType<'ChannelParticipant'> => ({
  _: 'channelParticipantLeft',
  peer: renderPeer(peerId),
})

/** Peers that a participant names, for the answer's users and chats. */
export function peersOfParticipant(participant: TlType<'ChannelParticipant'>): PeerId[] {
  switch (participant._) {
    case 'channelParticipantBanned':
      return [peerNumber(participant.peer), participant.kickedBy as PeerId]
    case 'channelParticipantLeft':
      return [peerNumber(participant.peer)]
    case 'channelParticipantAdmin':
      return [participant.userId as PeerId, participant.promotedBy as PeerId]
    case 'channelParticipantSelf':
      return [participant.userId as PeerId, participant.inviterId as PeerId]
    default:
      return [participant.userId as PeerId]
  }
}

/** Whether the viewer may see who is in a channel. */
export function mayListMembers(reached: Reached): boolean {
  const { facts } = reached
  if (isAdmin(reached)) return true
  if (facts.kind === 'broadcast') return false
  return !facts.flags.has('hiddenMembers')
}
