import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { personalChannel } from '../../account/page.ts'
import type { Handler } from '../../handler.ts'
import { inputUserId } from '../../peers.ts'
import { openChannel } from '../mailbox/open.ts'
import { readPage } from '../mailbox/paging.ts'
import { renderEntries } from '../mailbox/rendered.ts'
import { answerChannelPage } from './history.ts'

const MAX_MESSAGE_ID = 0x7fff_ffff
const NO_MESSAGES: Tl<'messages.messages'> = {
  _: 'messages.messages',
  messages: [],
  topics: [],
  chats: [],
  users: [],
}

/**
 * `messages.getPersonalChannelHistory`: the last posts of the channel on a user's page; nothing where there is none, or the caller
 * may not read it.
 */
export const getPersonalChannelHistory: Handler<'messages.getPersonalChannelHistory'> = async (
  call,
  context,
) => {
  const { services, user } = context
  const peerId = await personalChannel(services, inputUserId(call.userId, context))
  const channel = peerId && (await openChannel(context, peerId).catch(nothingForRefused))
  if (channel === undefined) return NO_MESSAGES
  const { limit, maxId, minId } = call
  const page = { limit, maxId, minId, offsetId: 0, offsetDate: 0, addOffset: 0 }
  const { entries, pts, ...counted } = await readPage(channel, page)
  const messages = await renderEntries(services, user, entries)
  return answerChannelPage(context, messages, counted, pts, channel.peerId)
}

function nothingForRefused(error: unknown): undefined {
  if (!(error instanceof RpcError) || error.code >= 500) throw error
}

/** `messages.getSplitRanges`: what a take-out is to ask for one after the other. All of an account's messages stand in one place. */
export const getSplitRanges: Handler<'messages.getSplitRanges'> = () => [
  { _: 'messageRange', minId: 1, maxId: MAX_MESSAGE_ID },
]
