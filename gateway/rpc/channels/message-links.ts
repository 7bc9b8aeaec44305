import { type MessageSeq, numberOfChat } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { messages } from '@heliograph/storage'
import { type Reached, reachChannel } from '../chats/reach.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderUsers } from '../render/user.ts'

async function rowOf({ services }: CallContext, { chatId, member }: Reached, id: number) {
  const row =
    id > (member?.minSeq ?? 0) ? await services.tables.get(messages, { chatId, seq: id }) : undefined
  if (row === undefined) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  return row
}

/** Links to messages look like Telegram's, which clients follow without asking a server. */
export const exportMessageLink: Handler<'channels.exportMessageLink'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  const row = await rowOf(context, reached, call.id)
  const { username } = reached.facts
  const place = username ?? `c/${numberOfChat(reached.chatId)}`
  const thread = call.thread === true && row.threadSeq ? `${row.threadSeq}/` : ''
  const single = row.groupedId !== null && call.grouped !== true ? '?single' : ''
  const link = `https://t.me/${place}/${thread}${call.id}${single}`
  return { _: 'exportedMessageLink', link, html: `<a href="${link}">${link}</a>` }
}

/** Who wrote a post that is signed with nobody's profile: for administrators. */
export const getMessageAuthor: Handler<'channels.getMessageAuthor'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  const { services, user, now } = context
  const isShown = reached.facts.adminIds.includes(user)
  if (!isShown) throw new RpcError(400, 'CHANNEL_INVALID')
  const { senderId } = await rowOf(context, reached, call.id as MessageSeq)
  const [author] = await renderUsers(services.directory, user, [senderId as typeof user], now)
  return author!
}
