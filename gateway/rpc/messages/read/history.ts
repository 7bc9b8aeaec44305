import type { PeerId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { usersOf } from '../answers.ts'
import { readPage } from '../mailbox/paging.ts'
import { renderEntries } from '../mailbox/rendered.ts'

/**
 * `messages.getHistory`: one page of a chat, newest first; `messagesSlice` with the number of all messages unless the page
 * is the whole chat.
 */
export const getHistory: Handler<'messages.getHistory'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const { services, user } = context
  const mailbox = { tables: services.tables, userId: user, peerId }
  const { entries, count } = await readPage(mailbox, call)
  const messages = await renderEntries(services, user, entries)
  return answerPage(context, messages, count, true, [peerId])
}

/** Messages with the users that they name and `peers`. */
export async function answerPage(
  context: CallContext,
  messages: TlType<'Message'>[],
  count: number,
  exact: boolean,
  peers: readonly PeerId[] = [],
): Promise<TlType<'messages.Messages'>> {
  const users = await usersOf(context, messages, peers as readonly number[] as never)
  const parts = { messages, topics: [], chats: [], users }
  if (exact && messages.length >= count) return { _: 'messages.messages', ...parts }
  const slice: Tl<'messages.messagesSlice'> = { _: 'messages.messagesSlice', count, ...parts }
  return exact ? slice : { ...slice, inexact: true }
}
