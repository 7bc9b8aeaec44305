import type { ChatId, UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { chatMembers, chatScope, type RowOf } from '@heliograph/storage'
import { type ChatFacts, type MemberFacts, memberFactsOf } from '../directory/chat-facts.ts'
import type { Services } from '../services.ts'
import { openRank } from './sealed.ts'

type Reading = Pick<Services, 'tables' | 'keyring'>

/** The rows of these members, in order. */
export async function membersOf(
  { tables }: Pick<Services, 'tables'>,
  chatId: ChatId,
  ids: readonly number[],
): Promise<(MemberFacts | undefined)[]> {
  const rows = await tables.getMany(ids.map((peerId) => ({ table: chatMembers, key: { chatId, peerId } })))
  return rows.map((row) => row && memberFactsOf(row as RowOf<typeof chatMembers>))
}

/** Everybody in a basic group, in the order of joining. */
export async function groupParticipants(
  services: Reading,
  { chatId, members }: ChatFacts,
): Promise<TlType<'ChatParticipant'>[]> {
  const rows = await membersOf(services, chatId, members)
  const key = await services.keyring.find(chatScope(chatId))
  return rows.flatMap((member) =>
    member === undefined ? [] : [participant(member, openRank(chatId, key, member.rank))],
  )
}

function participant(member: MemberFacts, title: string): TlType<'ChatParticipant'> {
  const { status, inviterId, date } = member
  const userId = member.peerId as number as UserId
  const rank = title === '' ? {} : { rank: title }
  if (status === 'creator') return { _: 'chatParticipantCreator', userId, ...rank }
  if (status === 'admin') return { _: 'chatParticipantAdmin', userId, inviterId, date, ...rank }
  return { _: 'chatParticipant', userId, inviterId, date, ...rank }
}
