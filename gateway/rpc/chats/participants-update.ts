import { type ChatId, chatKindOf, numberOfChat, type PeerId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import type { ChatFacts } from '../directory/chat-facts.ts'
import type { CallContext } from '../handler.ts'
import { groupParticipants } from './group-participants.ts'
import type { Beside } from './told.ts'

/** Who is in a basic group now, as an update; nothing of an unknown one. */
export async function participantsUpdate(
  { services }: Pick<CallContext, 'services'>,
  chatId: ChatId,
): Promise<TlType<'Update'>[]> {
  const facts = await services.chats.find(chatId)
  if (facts === undefined) return []
  return [{ _: 'updateChatParticipants', participants: await participantsOf(services, facts) }]
}

/** What an answer says beside the service message where these members of a chat changed. */
export async function membersBeside(
  context: Pick<CallContext, 'services'>,
  chatId: ChatId,
  members: readonly number[],
): Promise<Beside> {
  const peers = members as readonly PeerId[]
  if (chatKindOf(chatId) !== 'group') return { peers }
  const updates = await participantsUpdate(context, chatId)
  return { peers: new Set([...peers, ...updates.flatMap(namedParticipants)]), updates }
}

/** Whom an update of `participantsUpdate` names: who hears of a member must be told who that is. */
export function namedParticipants(update: TlType<'Update'>): PeerId[] {
  if (update._ !== 'updateChatParticipants' || update.participants._ !== 'chatParticipants') return []
  const peers = new Set<number>()
  for (const member of update.participants.participants) {
    peers.add(member.userId)
    if ('inviterId' in member) peers.add(member.inviterId)
  }
  return [...peers] as PeerId[]
}

export async function participantsOf(
  services: CallContext['services'],
  facts: ChatFacts,
): Promise<TlType<'ChatParticipants'>> {
  return {
    _: 'chatParticipants',
    chatId: numberOfChat(facts.chatId),
    participants: await groupParticipants(services, facts),
    version: facts.version,
  }
}
