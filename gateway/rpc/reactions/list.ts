import { chatIdOf, type UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { messageReactions, type RowOf, reactorsByDate, type Tables } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed } from '../messages/answers.ts'
import { isBroadcast } from '../messages/mailbox/broadcast.ts'
import { leftGroups } from '../messages/mailbox/left-groups.ts'
import { inputPeerId } from '../peers.ts'
import { peerNumber } from '../render/peer.ts'
import { knownReaction } from './known.ts'
import { pageByDate } from './page-by-date.ts'
import { messageIn } from './send.ts'
import { peerReaction } from './shown.ts'

type Row = RowOf<typeof reactorsByDate>

/**
 * `messages.getMessageReactionsList`: who has said what to a message, or who has said one thing, newest first;
 * nobody for who has left the basic group, which is not to know what was said since.
 * @throws RpcError 403 BROADCAST_FORBIDDEN, 400 MSG_ID_INVALID
 */
export const getMessageReactionsList: Handler<'messages.getMessageReactionsList'> = async (call, context) => {
  const { services, user } = context
  const peerId = inputPeerId(call.peer, context)
  const chatId = chatIdOf(user, peerId)
  if (await isBroadcast(services.tables, chatId)) throw new RpcError(403, 'BROADCAST_FORBIDDEN')
  const { seq } = await messageIn(context, peerId, call.id)
  const { reaction } = call
  // Clients also ask for all by naming none.
  const wanted =
    reaction === undefined || reaction._ === 'reactionEmpty' ? undefined : knownReaction(reaction)
  const says = ({ reactions }: Row) => wanted === undefined || reactions?.includes(wanted) === true
  const { rows, nextOffset } = await pageByDate(services.tables, reactorsByDate, { chatId, seq }, call, says)
  const hasLeft = (await leftGroups(services.tables, user, [chatId])).has(chatId)
  const reactions = (hasLeft ? [] : rows).flatMap((row) => shownBy(row, user, wanted))
  const named = await namedBy(context, reactions)
  const count = hasLeft ? 0 : await countOf(services.tables, { chatId, seq }, wanted)
  const list = { _: 'messages.messageReactionsList', count, reactions, ...named } as const
  return nextOffset === undefined || hasLeft ? list : { ...list, nextOffset }
}

function shownBy(
  { userId, reactions, date, big }: Row,
  viewer: UserId,
  wanted: string | undefined,
): TlType<'MessagePeerReaction'>[] {
  const said = (reactions ?? []).filter((reaction) => wanted === undefined || reaction === wanted)
  return said.map((reaction) =>
    peerReaction(userId as UserId, reaction, date ?? 0, big === true, viewer, false),
  )
}

const namedBy = (context: CallContext, reactions: readonly TlType<'MessagePeerReaction'>[]) =>
  renderNamed(context, new Set(reactions.map(({ peerId }) => peerNumber(peerId))))

async function countOf(
  tables: Tables,
  key: { chatId: string; seq: number },
  wanted: string | undefined,
): Promise<number> {
  const row = await tables.get(messageReactions, key)
  let count = 0
  for (const stored of row?.counts ?? []) {
    const end = stored.indexOf(':')
    if (wanted === undefined || stored.slice(end + 1) === wanted) count += Number(stored.slice(0, end))
  }
  return count
}
