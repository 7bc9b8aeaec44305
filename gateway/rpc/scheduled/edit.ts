import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { namedIn, updatesOf } from '../messages/answers.ts'
import { type Content, sealBody } from '../messages/content.ts'
import { extraOf } from '../messages/extra.ts'
import { mentionsOf } from '../messages/send/mentions.ts'
import { wordsFor } from '../search-index/index.ts'
import { dueOf } from './due.ts'
import { findScheduled, renderScheduled, type Scheduled } from './scheduled.ts'

type EditCall = Parameters<Handler<'messages.editMessage'>>[0]

/**
 * `messages.editMessage` with a date: another text, media or date for a scheduled message.
 * @param contentOf what it says from now on; called where anything but the date changes
 * @throws RpcError 400 MESSAGE_ID_INVALID, SCHEDULE_DATE_INVALID, MESSAGE_NOT_MODIFIED, and as `contentOf` does
 */
export async function editScheduled(
  call: EditCall,
  context: CallContext,
  peerId: PeerId,
  contentOf: (before: Content) => Promise<Content>,
): Promise<TlType<'Updates'>> {
  const { user, services, caller, now } = context
  const [before] = await findScheduled(services, user, peerId, [call.id])
  if (before?.content === undefined) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  // Sooner than what would be sent at once is when the next round of alarms comes.
  const dueAt = dueOf(context, peerId, call.scheduleDate) || now
  const isSame = call.message === undefined && call.media === undefined
  if (isSame && dueAt === before.dueAt) throw new RpcError(400, 'MESSAGE_NOT_MODIFIED')
  const content = isSame ? before.content : await contentOf(before.content)
  const chatId = chatIdOf(user, peerId)
  const sealed = await sealBody(services, chatId, content)
  const command = {
    type: 'EditScheduled',
    chatId,
    senderId: user,
    id: before.id,
    sealed,
    extra: await extraAfter(context, peerId, before, content),
    words: wordsFor(services.keyring, chatId, content.text),
    dueAt,
  } as const
  await services.commands.ask('chat.commands', chatId, command, caller)
  return newScheduled(context, peerId, { ...before, content, dueAt, editDate: now })
}

async function extraAfter(
  { services, user }: CallContext,
  peerId: PeerId,
  { threadSeq, postAs }: Scheduled,
  content: Content,
) {
  if (peerId > 0) return extraOf(content)
  const mentions = await mentionsOf(services, user, content)
  const noForwards = content.flags.includes('noforwards')
  return extraOf(content, { mentions, threadSeq, postAs, noForwards })
}

/** Tells the caller of one of its scheduled messages. */
async function newScheduled(
  context: CallContext,
  peerId: PeerId,
  scheduled: Scheduled,
): Promise<TlType<'Updates'>> {
  const [message] = await renderScheduled(context.services, context.user, peerId, [scheduled])
  const { users, chats } = await namedIn(context, [message!], [peerId])
  return updatesOf([{ _: 'updateNewScheduledMessage', message: message! }], users, context.now, chats)
}
