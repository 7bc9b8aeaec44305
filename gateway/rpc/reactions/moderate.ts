import {
  type ClearReactions,
  chatIdOf,
  MAX_CLEARED_REACTIONS,
  type MessageSeq,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { reactedMessages } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { inputPeerId, inputPeerUserId } from '../peers.ts'
import { answerReactions, messageIn } from './send.ts'

/** Messages of one call from which reactions are taken; more need another call. */
const MAX_CLEARED = 1_000

/** `messages.deleteParticipantReaction`: what a member has said to one message goes; who may delete messages may. */
export const deleteParticipantReaction: Handler<'messages.deleteParticipantReaction'> = async (
  call,
  context,
) => {
  const { peerId, userId } = named(context, call)
  const entry = await messageIn(context, peerId, call.msgId)
  await clear(context, peerId, userId, [entry.seq])
  return answerReactions(context, peerId, [entry])
}

/** `messages.deleteParticipantReactions`: what a member has said to any message of the chat. */
export const deleteParticipantReactions: Handler<'messages.deleteParticipantReactions'> = async (
  call,
  context,
) => {
  const { peerId, userId } = named(context, call)
  const key = { chatId: chatIdOf(context.user, peerId), userId }
  const rows = await context.services.tables.range(reactedMessages, key, { limit: MAX_CLEARED })
  const seqs = rows.map(({ seq }) => seq as MessageSeq)
  // Also asks whether the caller may at all.
  for (let at = 0; at === 0 || at < seqs.length; at += MAX_CLEARED_REACTIONS)
    await clear(context, peerId, userId, seqs.slice(at, at + MAX_CLEARED_REACTIONS))
  return true
}

/** @throws RpcError 400 PEER_ID_INVALID for private chats, and participants that are no users */
function named(
  context: CallContext,
  { peer, participant }: { readonly peer: TlType<'InputPeer'>; readonly participant: TlType<'InputPeer'> },
): { peerId: PeerId; userId: UserId } {
  const peerId = inputPeerId(peer, context)
  if (peerId > 0) throw new RpcError(400, 'PEER_ID_INVALID')
  return { peerId, userId: inputPeerUserId(participant, context) }
}

async function clear(
  { services, user, caller }: CallContext,
  peerId: PeerId,
  userId: UserId,
  seqs: readonly MessageSeq[],
): Promise<void> {
  const chatId = chatIdOf(user, peerId)
  const place = { chatId, byUserId: user, userId }
  const command: ClearReactions = { type: 'ClearReactions', ...place, seqs: [...seqs] }
  await services.commands.ask('chat.commands', chatId, command, caller)
}
