import { isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { namedIn } from '../answers.ts'
import { openMailbox } from '../mailbox/open.ts'
import { readPage } from '../mailbox/paging.ts'
import { renderEntries } from '../mailbox/rendered.ts'

/**
 * `messages.getHistory`: one page of a chat, newest first; `messagesSlice` with the number of all messages unless the page
 * is the whole chat, `channelMessages` for channels.
 */
export const getHistory: Handler<'messages.getHistory'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const mailbox = await openMailbox(context, peerId)
  const { entries, pts, ...counted } = await readPage(mailbox, call)
  const messages = await renderEntries(context.services, context.user, entries)
  if (isChannelPeer(peerId)) return answerChannelPage(context, messages, counted, pts, peerId)
  return answerPage(context, messages, counted.count, true, [peerId])
}

/** Messages with the users that they name and `peers`. */
export async function answerPage(
  context: CallContext,
  messages: TlType<'Message'>[],
  count: number,
  exact: boolean,
  peers: readonly PeerId[] = [],
): Promise<TlType<'messages.Messages'>> {
  const { users, chats } = await namedIn(context, messages, peers)
  const parts = { messages, topics: [], chats, users }
  if (exact && messages.length >= count) return { _: 'messages.messages', ...parts }
  const slice: Tl<'messages.messagesSlice'> = { _: 'messages.messagesSlice', count, ...parts }
  return exact ? slice : { ...slice, inexact: true }
}

/** Messages of one channel, with its pts. */
export async function answerChannelPage(
  context: CallContext,
  messages: TlType<'Message'>[],
  { count, exact }: { readonly count: number; readonly exact: boolean },
  pts: number,
  peerId: PeerId,
): Promise<Tl<'messages.channelMessages'>> {
  const { users, chats } = await namedIn(context, messages, [peerId])
  const answer = { pts, count, messages, topics: [], chats, users }
  return { _: 'messages.channelMessages', ...answer, ...(!exact && { inexact: true }) }
}
