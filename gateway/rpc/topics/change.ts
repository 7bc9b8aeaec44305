import {
  type CreateTopic,
  type DeleteTopic,
  type EditTopic,
  GENERAL_TOPIC,
  MAX_DELETED_PER_COMMAND,
  type MessageSeq,
  type PinTopics,
} from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { threadMessages } from '@heliograph/storage'
import { type LogAction, sealLog } from '../chats/sealed.ts'
import { serviceOf } from '../chats/told.ts'
import type { CallContext, Handler } from '../handler.ts'
import { countedOf, namedIn, updatesOf } from '../messages/answers.ts'
import { deleteSeqs } from '../messages/change/delete-command.ts'
import { topOf } from '../messages/mailbox/extent.ts'
import { openChannel } from '../messages/mailbox/open.ts'
import { sentUpdates } from '../messages/send/outgoing.ts'
import { postingIn } from '../messages/send/posting.ts'
import { NO_REPLY } from '../messages/send/reply-to.ts'
import { renderPeer } from '../render/peer.ts'
import { type Forum, reachForum } from './forum.ts'
import { plainTopic } from './list.ts'
import { findTopics, ICON_COLORS, sealTitle, type Topic, topicsOf } from './topic.ts'

const MAX_TITLE_LENGTH = 128

type TopicCommand = CreateTopic | EditTopic | PinTopics | DeleteTopic

const ask = ({ services, caller }: CallContext, command: TopicCommand) =>
  services.commands.ask('chat.commands', command.chatId, command, caller)

function requireTitle(title: string): string {
  const wanted = title.trim().slice(0, MAX_TITLE_LENGTH)
  if (wanted === '') throw new RpcError(400, 'TITLE_INVALID')
  return wanted
}

const logOf = ({ services }: CallContext, { chatId }: Forum, action: LogAction) =>
  sealLog(services, chatId, [action])

/** `messages.createForumTopic`: its id is that of the message which tells of it. */
export const createForumTopic: Handler<'messages.createForumTopic'> = async (call, context) => {
  const { services, user } = context
  const forum = await reachForum(context, call.peer)
  const { chatId, peerId } = forum
  const title = requireTitle(call.title)
  const iconColor = ICON_COLORS.find((color) => color === call.iconColor) ?? ICON_COLORS[0]
  const { iconEmojiId } = call
  const icon = iconEmojiId === undefined ? {} : { iconEmojiId }
  const action = { _: 'messageActionTopicCreate', title, iconColor, ...icon } as const
  const posting = await postingIn(context, chatId, peerId, call.sendAs)
  const { content, fields } = await serviceOf(context, chatId, action)
  const fromId = posting.postAs ?? (user as number as typeof peerId)
  const made = { id: 0, creatorId: user, fromId, date: context.now, title, iconColor, pinned: 0 }
  const topic = { ...made, iconEmojiId: iconEmojiId ?? 0n, closed: false, hidden: false }
  const log = { _: 'channelAdminLogEventActionCreateTopic', topic: plainTopic(peerId, topic) } as const
  const counted = countedOf(
    await ask(context, {
      type: 'CreateTopic',
      chatId,
      userId: user,
      postAs: posting.postAs,
      title: await sealTitle(services, chatId, title),
      iconColor,
      iconEmojiId: iconEmojiId ?? 0n,
      service: fields.service!,
      serviceRandomId: call.randomId,
      log: await logOf(context, forum, log),
    }),
  )
  const outgoing = { randomId: call.randomId, silent: false, content, reply: NO_REPLY, posting, mentions: [] }
  return sentUpdates(context, peerId, [{ outgoing: { ...outgoing, sealed: fields.service! }, counted }])
}

/** `messages.editForumTopic`: a topic is closed or hidden by a call of its own. */
export const editForumTopic: Handler<'messages.editForumTopic'> = async (call, context) => {
  const { services, user } = context
  const forum = await reachForum(context, call.peer)
  const { chatId, peerId } = forum
  const [before] = await findTopics(services, forum.facts, [call.topicId])
  if (before === undefined) throw new RpcError(400, 'TOPIC_ID_INVALID')
  const change = changeOf(call, before)
  const after = { ...before, ...change }
  const { content, fields } = await serviceOf(context, chatId, {
    _: 'messageActionTopicEdit',
    ...change,
  })
  const log = {
    _: 'channelAdminLogEventActionEditTopic',
    prevTopic: plainTopic(peerId, before),
    newTopic: plainTopic(peerId, after),
  } as const
  const counted = countedOf(
    await ask(context, {
      type: 'EditTopic',
      chatId,
      userId: user,
      topSeq: call.topicId as MessageSeq,
      title: change.title === undefined ? null : await sealTitle(services, chatId, change.title),
      iconEmojiId: change.iconEmojiId ?? null,
      closed: change.closed ?? null,
      hidden: change.hidden ?? null,
      service: fields.service,
      serviceRandomId: fields.serviceRandomId,
      log: await logOf(context, forum, log),
    }),
  )
  const threadSeq = call.topicId === GENERAL_TOPIC ? null : (call.topicId as MessageSeq)
  const posting = await postingIn(context, chatId, peerId, undefined)
  const outgoing = {
    randomId: fields.serviceRandomId,
    silent: false,
    content,
    reply: { ...NO_REPLY, threadSeq, isTopic: true },
    posting: { ...posting, postAs: null },
    mentions: [],
    sealed: fields.service!,
  }
  return sentUpdates(context, peerId, [{ outgoing, counted }])
}

type Change = Partial<Pick<Topic, 'title' | 'iconEmojiId' | 'closed' | 'hidden'>>

/** @throws RpcError 400 TOPIC_CLOSE_SEPARATELY, TOPIC_NOT_MODIFIED */
function changeOf(call: Parameters<Handler<'messages.editForumTopic'>>[0], before: Topic): Change {
  const { closed, hidden, iconEmojiId } = call
  const title = call.title === undefined ? undefined : requireTitle(call.title)
  const looks = title !== undefined || iconEmojiId !== undefined
  if (closed !== undefined && looks) throw new RpcError(400, 'TOPIC_CLOSE_SEPARATELY')
  const change: Change = {
    ...(title !== undefined && title !== before.title && { title }),
    ...(iconEmojiId !== undefined && iconEmojiId !== before.iconEmojiId && { iconEmojiId }),
    ...(closed !== undefined && closed !== before.closed && { closed }),
    ...(hidden !== undefined && hidden !== before.hidden && { hidden }),
  }
  if (Object.keys(change).length === 0) throw new RpcError(400, 'TOPIC_NOT_MODIFIED')
  return change
}

/** `messages.updatePinnedForumTopic`: on top of the others, or among them no more. */
export const updatePinnedForumTopic: Handler<'messages.updatePinnedForumTopic'> = async (call, context) => {
  const forum = await reachForum(context, call.peer)
  const before = await pinnedIn(context, forum)
  const others = before.filter((id) => id !== call.topicId)
  const order = call.pinned ? [call.topicId, ...others] : others
  return pin(context, forum, order, [call.topicId], {
    _: 'updatePinnedForumTopic',
    peer: renderPeer(forum.peerId),
    topicId: call.topicId,
    ...(call.pinned && { pinned: true }),
  })
}

/** `messages.reorderPinnedForumTopics`: those that are left out stay behind them, unless `force` is set. */
export const reorderPinnedForumTopics: Handler<'messages.reorderPinnedForumTopics'> = async (
  call,
  context,
) => {
  const forum = await reachForum(context, call.peer)
  const before = await pinnedIn(context, forum)
  const wanted = [...new Set(call.order)]
  const left = before.filter((id) => !wanted.includes(id))
  const order = call.force === true ? wanted : [...wanted, ...left]
  const update = { _: 'updatePinnedForumTopics', peer: renderPeer(forum.peerId), order } as const
  return pin(context, forum, order, before, update)
}

async function pinnedIn({ services }: CallContext, { facts }: Forum): Promise<number[]> {
  const all = (await topicsOf(services, facts)).filter(({ pinned }) => pinned > 0)
  return all.sort((a, b) => a.pinned - b.pinned).map(({ id }) => id)
}

async function pin(
  context: CallContext,
  { chatId, peerId }: Forum,
  order: readonly number[],
  before: readonly number[],
  update: TlType<'Update'>,
): Promise<TlType<'Updates'>> {
  await ask(context, {
    type: 'PinTopics',
    chatId,
    userId: context.user,
    order: [...order] as MessageSeq[],
    others: before.filter((id) => !order.includes(id)) as MessageSeq[],
    log: null,
  })
  const { users, chats } = await namedIn(context, [], [peerId])
  return updatesOf([update], users, context.now, chats)
}

/**
 * `messages.deleteTopicHistory`: the messages of a topic, as many as one call deletes; the topic itself with the last of them.
 * `offset` above 0 tells the client to call again.
 */
export const deleteTopicHistory: Handler<'messages.deleteTopicHistory'> = async (call, context) => {
  const { services, user } = context
  const forum = await reachForum(context, call.peer)
  const { chatId, peerId } = forum
  const topSeq = call.topMsgId as MessageSeq
  const [topic] = await findTopics(services, forum.facts, [topSeq])
  if (topic === undefined || topSeq === GENERAL_TOPIC) throw new RpcError(400, 'TOPIC_ID_INVALID')
  const range = { limit: MAX_DELETED_PER_COMMAND + 1 }
  const rows = await services.tables.range(threadMessages, { chatId, topSeq }, range)
  const seqs = rows.slice(0, MAX_DELETED_PER_COMMAND).map(({ seq }) => seq as MessageSeq)
  const offset = rows.length - seqs.length
  if (offset === 0) {
    const log = { _: 'channelAdminLogEventActionDeleteTopic', topic: plainTopic(peerId, topic) } as const
    const sealed = await logOf(context, forum, log)
    await ask(context, { type: 'DeleteTopic', chatId, userId: user, topSeq, log: sealed })
  }
  const done = await deleteSeqs(context, peerId, seqs, true)
  const pts = done?.pts ?? (await topOf(await openChannel(context, peerId))).pts
  return { _: 'messages.affectedHistory', pts, ptsCount: done?.ptsCount ?? 0, offset }
}
