import type { UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { chatMembers, chatRoles, chatScope } from '@heliograph/storage'
import { isAnonymous } from '../chats/anonymity.ts'
import { membersOf } from '../chats/group-participants.ts'
import { matchingUsers } from '../chats/matching-users.ts'
import { mayListMembers, peersOfParticipant, renderParticipant } from '../chats/participant.ts'
import { isAdmin, may, type Reached, reachChannel } from '../chats/reach.ts'
import { openRank } from '../chats/sealed.ts'
import { contactIds } from '../contacts/book.ts'
import { type MemberFacts, memberFactsOf } from '../directory/chat-facts.ts'
import type { CallContext, Handler } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { renderNamed } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'

export const MAX_PARTICIPANTS_PER_CALL = 200
/** Members that a list or search looks through: in a larger group those behind are only found by name or contact. */
export const MAX_SCANNED_MEMBERS = 10_000
const MAX_ROLE_MEMBERS = 10_000

export const getParticipants: Handler<'channels.getParticipants'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireMayList(reached, call.filter)
  const found = (await filtered(context, reached, call.filter)).filter((member) =>
    isShown(context, reached, member),
  )
  const limit = Math.min(Math.max(call.limit, 0), MAX_PARTICIPANTS_PER_CALL)
  const page = found.slice(call.offset, call.offset + limit)
  const hash = idsHash(page.map(({ peerId }) => peerId))
  if (call.hash !== 0n && call.hash === hash) return { _: 'channels.channelParticipantsNotModified' }
  const participants = await render(context, reached, page)
  return {
    _: 'channels.channelParticipants',
    count: call.filter._ === 'channelParticipantsRecent' ? reached.facts.participants : found.length,
    participants,
    ...(await namedIn(context, participants)),
  }
}

/** Anonymous administrators of a group are shown to administrators only. */
function isShown({ user }: CallContext, reached: Reached, member: MemberFacts): boolean {
  if (isAdmin(reached) || reached.facts.kind !== 'supergroup') return true
  return member.peerId === (user as number) || !isAnonymous(member)
}

/** Everybody sees administrators of a group; the removed and restricted are for those who may lift it. */
function requireMayList(reached: Reached, filter: TlType<'ChannelParticipantsFilter'>): void {
  const isOfBans = filter._ === 'channelParticipantsKicked' || filter._ === 'channelParticipantsBanned'
  const allowed = isOfBans
    ? may(reached, 'banUsers')
    : mayListMembers(reached) ||
      (filter._ === 'channelParticipantsAdmins' && reached.facts.kind === 'supergroup')
  if (!allowed) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
}

function filtered(
  context: CallContext,
  reached: Reached,
  filter: TlType<'ChannelParticipantsFilter'>,
): Promise<MemberFacts[]> {
  switch (filter._) {
    case 'channelParticipantsAdmins':
      return admins(context, reached)
    case 'channelParticipantsKicked':
      return byRole(context, reached, 'kicked', filter.q)
    case 'channelParticipantsBanned':
      return byRole(context, reached, 'banned', filter.q)
    case 'channelParticipantsContacts':
      return contacts(context, reached, filter.q)
    case 'channelParticipantsSearch':
      return named(context, recent(context, reached), filter.q)
    case 'channelParticipantsMentions':
      return named(context, recent(context, reached), filter.q ?? '')
    case 'channelParticipantsBots':
      return Promise.resolve([])
    default:
      return recent(context, reached)
  }
}

/** Those in it, who joined last first; administrators stand before others. */
async function recent({ services }: CallContext, { chatId }: Reached): Promise<MemberFacts[]> {
  const rows = await services.tables.range(chatMembers, { chatId }, { limit: MAX_SCANNED_MEMBERS })
  const members = rows.map(memberFactsOf).filter(({ isIn, peerId }) => isIn && peerId > 0)
  return members.sort(byRank)
}

const RANKS: Record<string, number> = { creator: 0, admin: 1 }
const rankOf = ({ status }: MemberFacts): number => RANKS[status] ?? 2
const byRank = (a: MemberFacts, b: MemberFacts): number =>
  rankOf(a) - rankOf(b) || b.date - a.date || a.peerId - b.peerId

async function admins(context: CallContext, { chatId, facts }: Reached): Promise<MemberFacts[]> {
  const members = await membersOf(context.services, chatId, facts.adminIds)
  return members.filter((member) => member?.isIn === true).sort((a, b) => byRank(a!, b!)) as MemberFacts[]
}

async function byRole(
  context: CallContext,
  { chatId }: Reached,
  role: 'kicked' | 'banned',
  q: string,
): Promise<MemberFacts[]> {
  const rows = await context.services.tables.range(chatRoles, { chatId, role }, { limit: MAX_ROLE_MEMBERS })
  const found = await membersOf(
    context.services,
    chatId,
    rows.map((row) => row.peerId!),
  )
  const members = found.filter((member) => member !== undefined && member.banned !== 0) as MemberFacts[]
  const lasting = members.filter(({ untilDate }) => untilDate === 0 || untilDate > context.now)
  return named(context, Promise.resolve(lasting.sort((a, b) => b.date - a.date)), q)
}

async function contacts(context: CallContext, { chatId }: Reached, q: string): Promise<MemberFacts[]> {
  const ids = await contactIds(context)
  const members = await membersOf(context.services, chatId, ids)
  const found = members.filter((member) => member?.isIn === true) as MemberFacts[]
  return named(context, Promise.resolve(found), q)
}

async function named(
  context: CallContext,
  members: Promise<MemberFacts[]>,
  q: string,
): Promise<MemberFacts[]> {
  const all = await members
  if (q.trim() === '') return all
  const users = all.filter(({ peerId }) => peerId > 0).map(({ peerId }) => peerId as number as UserId)
  const kept = await matchingUsers(context, users, q)
  return all.filter(({ peerId }) => kept.has(peerId as number as UserId))
}

export async function render(
  { services, user, now }: CallContext,
  reached: Reached,
  members: readonly MemberFacts[],
): Promise<TlType<'ChannelParticipant'>[]> {
  const key = await services.keyring.find(chatScope(reached.chatId))
  const onlooker = { viewer: user, reached, now }
  return members.map((member) =>
    renderParticipant(onlooker, member, openRank(reached.chatId, key, member.rank)),
  )
}

function namedIn(context: CallContext, participants: readonly TlType<'ChannelParticipant'>[]) {
  return renderNamed(context, new Set(participants.flatMap(peersOfParticipant)))
}

export const getParticipant: Handler<'channels.getParticipant'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  const isUser = call.participant._ === 'inputPeerUser'
  const peerId = inputPeerId(call.participant, context, isUser ? 'USER_ID_INVALID' : 'PARTICIPANT_ID_INVALID')
  const isSelf = peerId === (context.user as number)
  if (!isSelf && !mayListMembers(reached) && !isAdmin(reached)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
  const [member] = await membersOf(context.services, reached.chatId, [peerId])
  if (member === undefined || (isSelf && !member.isIn) || !isShown(context, reached, member))
    throw new RpcError(400, 'USER_NOT_PARTICIPANT')
  const participants = await render(context, reached, [member])
  const answer = { participant: participants[0]!, ...(await namedIn(context, participants)) }
  return { _: 'channels.channelParticipant', ...answer }
}
