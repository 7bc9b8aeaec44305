import type { MessageSeq, PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed, updatesOf } from '../messages/answers.ts'
import { type OpenedMessage, openMessages } from '../messages/mailbox/rendered.ts'
import { inputPeerId } from '../peers.ts'
import { type Place, pollPlace } from '../reactions/place.ts'
import { messageIn } from '../reactions/send.ts'
import { placeOf } from '../views/beside.ts'
import type { PollMedia } from './shown.ts'
import { type PollState, pollsAt } from './state.ts'
import { pollOf, pollUpdate, votersOf } from './update.ts'

const MAX_GIVEN_OPTIONS = 100

/** A poll, with its message. */
export interface FoundPoll {
  readonly message: OpenedMessage
  readonly media: PollMedia
  readonly state: PollState
  /** Where it is voted. */
  readonly place: Place
}

/** @throws RpcError 400 MESSAGE_ID_INVALID (or `error`) where the message has no poll */
export async function pollIn(
  context: CallContext,
  peerId: PeerId,
  msgId: number,
  error = 'MESSAGE_ID_INVALID',
): Promise<FoundPoll> {
  const { services, user, now } = context
  const entry = await messageIn(context, peerId, msgId)
  const [message] = await openMessages(services, user, [entry])
  const media = pollOf(message?.content)
  const place = pollPlace(placeOf(user, { entry, isPost: message?.isPost === true }), message?.row)
  const [state] = await pollsAt(services.tables, user, [place], now)
  if (message === undefined || media === undefined || state === undefined) throw new RpcError(400, error)
  return { message, media, state, place }
}

async function votedAt(context: CallContext, peerId: PeerId, msgId: number) {
  const { place } = await pollIn(context, peerId, msgId)
  return { chatId: place.chatId, seq: place.seq as MessageSeq }
}

/** `messages.sendVote`: all options that the caller votes for from now on; none takes the vote back. */
export const sendVote: Handler<'messages.sendVote'> = async (call, context) => {
  if (call.options.length > MAX_GIVEN_OPTIONS) throw new RpcError(400, 'OPTIONS_TOO_MUCH')
  const { services, user, caller } = context
  const peerId = inputPeerId(call.peer, context)
  const { chatId, seq } = await votedAt(context, peerId, call.msgId)
  const options = call.options.map((option) => Buffer.from(option))
  const command = { type: 'VotePoll', chatId, userId: user, seq, options } as const
  await services.commands.ask('chat.commands', chatId, command, caller)
  return answerPoll(context, peerId, call.msgId)
}

/** `messages.getPollResults`: how a poll stands now. */
export const getPollResults: Handler<'messages.getPollResults'> = (call, context) =>
  answerPoll(context, inputPeerId(call.peer, context), call.msgId)

/** Nobody votes any more: what `messages.editMessage` with a closed poll asks for. */
export async function closePoll(
  context: CallContext,
  peerId: PeerId,
  msgId: number,
  { poll }: Tl<'inputMediaPoll'>,
): Promise<TlType<'Updates'>> {
  const { services, user, caller } = context
  const { chatId, seq } = await votedAt(context, peerId, msgId)
  if (poll.closed !== true) throw new RpcError(400, 'MEDIA_NEW_INVALID')
  const command = { type: 'ClosePoll', chatId, userId: user, seq } as const
  await services.commands.ask('chat.commands', chatId, command, caller)
  return answerPoll(context, peerId, msgId)
}

async function answerPoll(context: CallContext, peerId: PeerId, msgId: number): Promise<Tl<'updates'>> {
  const { media, state, message } = await pollIn(context, peerId, msgId)
  const update = pollUpdate(media, state, message.entry.out, { peerId, msgId })
  const peers = new Set([peerId, ...(votersOf(update) as number[] as PeerId[])])
  const { users, chats } = await renderNamed(context, peers)
  return updatesOf([update], users, context.now, chats)
}
