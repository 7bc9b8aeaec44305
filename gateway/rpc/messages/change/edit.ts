import { chatIdOf, isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, rpcError, type TlType } from '@heliograph/schemas/tl'
import { requireMayWriteIn } from '../../chats/may-write.ts'
import { editLog } from '../../chats/message-log.ts'
import { reach, requireRight } from '../../chats/reach.ts'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { closePoll } from '../../polls/vote.ts'
import { requireMayWrite } from '../../privacy/ask.ts'
import { renderMessage } from '../../render/message.ts'
import { editScheduled } from '../../scheduled/edit.ts'
import { wordsFor } from '../../search-index/index.ts'
import { threadMarksOf } from '../../threads/marks.ts'
import { besideOf } from '../../views/beside.ts'
import { completePage, editedPage, pageIn } from '../../web-page/attach.ts'
import { type Counted, countedOf, namedIn, updatesOf } from '../answers.ts'
import { type Content, sealBody } from '../content.ts'
import { extraOf } from '../extra.ts'
import type { HistoryEntry } from '../mailbox/history.ts'
import { locateOneIn } from '../mailbox/locate.ts'
import { openMailbox } from '../mailbox/open.ts'
import { headOf, type OpenedMessage, openMessages } from '../mailbox/rendered.ts'
import { editedMedia } from '../media/edited.ts'
import { composeText, MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH, mentionResolver } from '../text/compose.ts'
import { sameEntities } from '../text/entity.ts'

type EditCall = Parameters<Handler<'messages.editMessage'>>[0]

/** `messages.editMessage`: another text for a message of the caller, or the end of its poll. */
export const editMessage: Handler<'messages.editMessage'> = async (call, context) => {
  const { user, services, caller } = context
  const peerId = inputPeerId(call.peer, context)
  if (call.scheduleDate !== undefined)
    return editScheduled(call, context, peerId, (before) => editedContent(call, context, before, context.now))
  if (call.media?._ === 'inputMediaPoll') return closePoll(context, peerId, call.id, call.media)
  const entry = await editableMessage(context, peerId, call.id)
  const [message] = await openMessages(services, user, [entry])
  if (message?.content === undefined) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  const content = await editedContent(call, context, message.content, entry.date)
  const chatId = chatIdOf(user, peerId)
  const sealed = await sealBody(services, chatId, content)
  const told = { extra: extraOf(content), words: wordsFor(services.keyring, chatId, content.text) }
  const log = await editLog(context, message, content)
  const place = { chatId, editorId: user, seq: entry.seq }
  const command = { type: 'EditMessage', ...place, sealed, ...told, log } as const
  const answer = countedOf(await services.commands.ask('chat.commands', chatId, command, caller))
  completePage(context, peerId, content, call.id)
  return answerEdited(context, message, content, answer)
}

/** `messages.getMessageEditData`: whether a message may be edited at all. */
export const getMessageEditData: Handler<'messages.getMessageEditData'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const entry = await editableMessage(context, peerId, call.id)
  if (peerId > 0) return { _: 'messages.messageEditData' }
  const reached = await reach(context, chatIdOf(context.user, peerId))
  if (entry.senderId === context.user) requireMayWriteIn(reached, context.now)
  else requireRight(reached, 'editMessages')
  return { _: 'messages.messageEditData' }
}

/**
 * A message that the caller may edit, as far as can be told here: one of its own, or a post of a channel (whether it may edit
 * those of others is for the actor to say). 400 MESSAGE_ID_INVALID or 403 MESSAGE_AUTHOR_REQUIRED for others.
 */
async function editableMessage(context: CallContext, peerId: PeerId, msgId: number): Promise<HistoryEntry> {
  const entry = await locateOneIn(await openMailbox(context, peerId), msgId)
  if (entry === undefined) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  await requireMayWrite(context.services, context.user, peerId)
  if (entry.senderId !== context.user && entry.row?.postAs !== peerId)
    throw rpcError('MESSAGE_AUTHOR_REQUIRED')
  return entry
}

/** Throws 400 MESSAGE_NOT_MODIFIED where nothing changes, MESSAGE_EMPTY, MEDIA_NEW_INVALID. */
async function editedContent(
  call: EditCall,
  context: CallContext,
  before: Content,
  sentAt: number,
): Promise<Content> {
  if (before.forward !== null) throw rpcError('MESSAGE_AUTHOR_REQUIRED')
  const media = await editedMedia(context, call.media, before, sentAt)
  if (call.message === undefined && media === before.media) throw new RpcError(400, 'MESSAGE_NOT_MODIFIED')
  const isText = media === null || pageIn({ media }) !== undefined
  const maxLength = isText ? MAX_TEXT_LENGTH : MAX_CAPTION_LENGTH
  const { text, entities } =
    call.message === undefined
      ? before
      : composeText(call.message, call.entities, mentionResolver(context), maxLength)
  if (text === '' && media === null) throw new RpcError(400, 'MESSAGE_EMPTY')
  if (media === before.media && text === before.text && sameEntities(entities, before.entities)) {
    throw new RpcError(400, 'MESSAGE_NOT_MODIFIED')
  }
  const content = { ...before, text, entities, media }
  if (call.media !== undefined) return content
  return editedPage(context, inputPeerId(call.peer, context), content, call.noWebpage === true)
}

async function answerEdited(
  context: CallContext,
  opened: OpenedMessage,
  content: Content,
  { date: editDate, pts, ptsCount }: Counted,
): Promise<TlType<'Updates'>> {
  const { tables } = context.services
  const [[marks], [beside]] = await Promise.all([
    threadMarksOf(tables, context.user, [opened]),
    besideOf(tables, context.user, [opened], context.now),
  ])
  const head = { ...headOf(context.user, opened), ...marks, ...beside, editDate }
  const message = renderMessage(context.user, head, content)
  const { users, chats } = await namedIn(context, [message], [context.user])
  const kind = isChannelPeer(opened.entry.peerId) ? 'updateEditChannelMessage' : 'updateEditMessage'
  return updatesOf([{ _: kind, message, pts, ptsCount }], users, editDate, chats)
}
