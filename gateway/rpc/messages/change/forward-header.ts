import { isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import type { CallContext } from '../../handler.ts'
import { forwardAuthor } from '../../privacy/ask.ts'
import type { Content } from '../content.ts'
import type { OpenedMessage } from '../mailbox/rendered.ts'

const NOBODY = { fromUserId: null, fromName: null, fromPeerId: null, channelPost: null, postAuthor: null }

/**
 * Where a forwarded message says that it comes from: its first author as far as that one lets itself be named, or the channel
 * that it was posted in. Saved Messages also keep the chat and message that it was saved from.
 */
export async function forwardHeader(
  context: CallContext,
  message: OpenedMessage,
  content: Content,
  toSaved: boolean,
): Promise<Content['forward']> {
  const { entry } = message
  return {
    ...(content.forward ?? (await authorOf(context, message, content))),
    savedFromPeerId: toSaved ? entry.peerId : null,
    savedFromMsgId: toSaved ? entry.msgId : null,
  }
}

async function authorOf(
  { services, user }: CallContext,
  { entry, row, isPost }: OpenedMessage,
  { postAuthor }: Content,
): Promise<NonNullable<Content['forward']>> {
  const header = { ...NOBODY, date: entry.date, savedFromPeerId: null, savedFromMsgId: null }
  const postAs = row?.postAs as PeerId | null | undefined
  if (isPost || (postAs != null && isChannelPeer(postAs))) {
    const fromPeerId = postAs ?? entry.peerId
    return { ...header, fromPeerId, channelPost: isPost ? entry.msgId : null, postAuthor }
  }
  const author = await forwardAuthor(services, user, entry.senderId)
  return 'userId' in author ? { ...header, fromUserId: author.userId } : { ...header, fromName: author.name }
}
