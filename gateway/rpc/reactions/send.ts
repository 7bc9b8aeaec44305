import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { documents } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { updatesOf } from '../messages/answers.ts'
import type { HistoryEntry } from '../messages/mailbox/history.ts'
import { locateIn, locateOneIn } from '../messages/mailbox/locate.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { inputPeerId } from '../peers.ts'
import { CUSTOM, knownReaction } from './known.ts'
import { rememberReactions } from './recent.ts'
import { namedByReactions, reactionUpdates } from './update.ts'

const MAX_IDS = 100
/** Emoji of one call; the chat has its own limit. */
const MAX_GIVEN = 11

/** `messages.sendReaction`: all that the caller says to a message from now on; nothing takes it back. */
export const sendReaction: Handler<'messages.sendReaction'> = async (call, context) => {
  const { services, user, caller } = context
  const peerId = inputPeerId(call.peer, context)
  const reactions = await givenReactions(context, call.reaction ?? [])
  const entry = await messageIn(context, peerId, call.msgId)
  const chatId = chatIdOf(user, peerId)
  const place = { chatId, userId: user, seq: entry.seq }
  const command = { type: 'SetReactions', ...place, reactions, big: call.big === true } as const
  await services.commands.ask('chat.commands', chatId, command, caller)
  if (call.addToRecent === true && reactions.length > 0) await rememberReactions(context, reactions)
  return answerReactions(context, peerId, [entry])
}

/** @throws RpcError 400 MESSAGE_ID_INVALID */
export async function messageIn(context: CallContext, peerId: PeerId, msgId: number): Promise<HistoryEntry> {
  const entry = await locateOneIn(await openMailbox(context, peerId), msgId)
  if (entry === undefined) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  return entry
}

/** @throws RpcError 400 REACTION_EMPTY, REACTION_INVALID, REACTIONS_TOO_MANY, DOCUMENT_INVALID */
async function givenReactions(
  { services }: CallContext,
  given: readonly TlType<'Reaction'>[],
): Promise<string[]> {
  if (given.length > MAX_GIVEN) throw new RpcError(400, 'REACTIONS_TOO_MANY')
  if (given.some((each) => each._ === 'reactionEmoji' && each.emoticon === ''))
    throw new RpcError(400, 'REACTION_EMPTY')
  const said = given.filter(({ _ }) => _ !== 'reactionEmpty').map(knownReaction)
  const ids = said.filter((each) => each.startsWith(CUSTOM)).map((each) => each.slice(CUSTOM.length))
  if (ids.length === 0) return said
  const rows = await services.tables.getMany(
    ids.map((id) => ({ table: documents, key: { documentId: BigInt(id) } })),
  )
  if (rows.includes(undefined)) throw new RpcError(400, 'DOCUMENT_INVALID')
  return said
}

/** `messages.getMessagesReactions`: what has been said to messages that the client shows. */
export const getMessagesReactions: Handler<'messages.getMessagesReactions'> = async (call, context) => {
  if (call.id.length > MAX_IDS) throw new RpcError(400, 'MSG_ID_INVALID')
  const peerId = inputPeerId(call.peer, context)
  const found = await locateIn(await openMailbox(context, peerId), call.id)
  const entries = found.filter((entry): entry is HistoryEntry => entry !== undefined)
  return answerReactions(context, peerId, entries)
}

/** What has been said to these messages of one chat. */
export async function answerReactions(
  context: CallContext,
  peerId: PeerId,
  entries: readonly HistoryEntry[],
): Promise<Tl<'updates'>> {
  const { services, user, now } = context
  const updates = await reactionUpdates(services, user, peerId, entries)
  const { users, chats } = await namedByReactions(services, user, now, peerId, updates)
  return updatesOf(updates, users, now, chats)
}
