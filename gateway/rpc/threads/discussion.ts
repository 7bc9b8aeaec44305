import { GENERAL_TOPIC } from '@heliograph/schemas/avro'
import type { Handler } from '../handler.ts'
import { namedIn } from '../messages/answers.ts'
import { readPage } from '../messages/mailbox/paging.ts'
import { renderEntries } from '../messages/mailbox/rendered.ts'
import { markChannelRead } from '../messages/read/channel-read.ts'
import { answerChannelPage } from '../messages/read/history.ts'
import { threadPlace, topMessage } from './place.ts'
import { markThreadRead, threadReads, unreadInThread } from './reads.ts'

/** `messages.getReplies`: one page of a thread, of the comments of a post, or of a topic, newest first. */
export const getReplies: Handler<'messages.getReplies'> = async (call, context) => {
  const { mailbox } = await threadPlace(context, call.peer, call.msgId)
  const { entries, pts, ...counted } = await readPage(mailbox, call)
  const messages = await renderEntries(context.services, context.user, entries)
  return answerChannelPage(context, messages, counted, pts, mailbox.peerId)
}

/** `messages.getDiscussionMessage`: the message that a thread stands under, and how far it has been read. */
export const getDiscussionMessage: Handler<'messages.getDiscussionMessage'> = async (call, context) => {
  const { services, user } = context
  const place = await threadPlace(context, call.peer, call.msgId)
  const { chatId, topSeq, thread, mailbox, post } = place
  const [top, reads] = await Promise.all([topMessage(place), threadReads(services, user, chatId, [topSeq])])
  const readSeq = reads[0]!
  const [messages, unreadCount] = await Promise.all([
    renderEntries(services, user, top === undefined ? [] : [top]),
    unreadInThread(services, user, chatId, topSeq, readSeq),
  ])
  const peers = post === undefined ? [mailbox.peerId] : [mailbox.peerId, post.peerId]
  const { users, chats } = await namedIn(context, messages, peers)
  return {
    _: 'messages.discussionMessage',
    messages,
    ...(thread !== undefined && { maxId: thread.lastSeq ?? 0 }),
    ...(readSeq > 0 && { readInboxMaxId: readSeq }),
    unreadCount,
    chats,
    users,
  }
}

/** `messages.readDiscussion`: members have then read the group that far as well, unless it is a forum: topics are read one by one. */
export const readDiscussion: Handler<'messages.readDiscussion'> = async (call, context) => {
  const { mailbox, chatId, topSeq } = await threadPlace(context, call.peer, call.msgId)
  await markThreadRead(context, chatId, topSeq, call.readMaxId)
  const { threadSeq: _, ...channel } = mailbox
  if (call.readMaxId > 0 && channel.member?.isIn === true)
    await markChannelRead(context, channel, call.readMaxId, {
      inTopic: channel.facts.flags.has('forum') && topSeq !== GENERAL_TOPIC,
    })
  return true
}
