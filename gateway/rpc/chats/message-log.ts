import {
  type ChatId,
  chatIdOf,
  isChannelPeer,
  type MessageSeq,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import type { Content } from '../messages/content.ts'
import { locateIn } from '../messages/mailbox/locate.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { type OpenedMessage, openMessages, renderOpened } from '../messages/mailbox/rendered.ts'
import { type LogAction, sealLog } from './sealed.ts'

/**
 * What happens to messages, for the log of a channel's administrators: each is kept as it was then, in nobody's eyes, since the
 * message itself goes or changes. Null for chats that have no log, and for what is not logged.
 */
const NOBODY = 0 as UserId

function shown(message: OpenedMessage, content = message.content): TlType<'Message'> {
  const entry = { ...message.entry, out: false }
  return renderOpened(NOBODY, { ...message, entry, content })
}

async function opened(
  context: CallContext,
  peerId: PeerId,
  seqs: readonly MessageSeq[],
): Promise<OpenedMessage[]> {
  const entries = await locateIn(await openMailbox(context, peerId), seqs)
  return openMessages(
    context.services,
    context.user,
    entries.filter((entry) => entry !== undefined),
  )
}

async function sealed(
  { services, user }: CallContext,
  peerId: PeerId,
  actions: readonly LogAction[],
): Promise<Buffer | null> {
  const chatId: ChatId = chatIdOf(user, peerId)
  return actions.length === 0 ? null : sealLog(services, chatId, actions)
}

/** Messages of others, and posts, that an administrator deletes. */
export async function deletionLog(
  context: CallContext,
  peerId: PeerId,
  seqs: readonly MessageSeq[],
): Promise<Buffer | null> {
  if (!isChannelPeer(peerId)) return null
  const messages = await opened(context, peerId, seqs)
  const others = messages.filter(({ entry, isPost }) => isPost || entry.senderId !== context.user)
  const actions = others.map(
    (message): LogAction => ({
      _: 'channelAdminLogEventActionDeleteMessage',
      message: shown(message),
    }),
  )
  return sealed(context, peerId, actions)
}

/** A message that gets another text, whoever wrote it. */
export async function editLog(
  context: CallContext,
  message: OpenedMessage,
  content: Content,
): Promise<Buffer | null> {
  const { peerId } = message.entry
  if (!isChannelPeer(peerId)) return null
  const edited = { ...message, editDate: context.now }
  return sealed(context, peerId, [
    {
      _: 'channelAdminLogEventActionEditMessage',
      prevMessage: shown(message),
      newMessage: shown(edited, content),
    },
  ])
}

/** Messages that are pinned, or not any more. */
export async function pinLog(
  context: CallContext,
  peerId: PeerId,
  seqs: readonly MessageSeq[],
  pinned: boolean,
): Promise<Buffer | null> {
  if (!isChannelPeer(peerId)) return null
  const actions = (await opened(context, peerId, seqs)).map((each): LogAction => {
    const message = shown(each)
    const told = message._ === 'message' && pinned ? { ...message, pinned } : message
    return { _: 'channelAdminLogEventActionUpdatePinned', message: told }
  })
  return sealed(context, peerId, actions)
}
