import { numberOfChat, peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { requirePassword } from '../account/password/challenge.ts'
import { readPassword } from '../account/password/stored.ts'
import { sealChatProfile } from '../directory/chat-facts.ts'
import type { CallContext, Handler } from '../handler.ts'
import { updatesOf } from '../messages/answers.ts'
import { inputUserId } from '../peers.ts'
import { renderChats } from '../render/chat.ts'
import { drawChatId } from './create.ts'
import { requireRoom } from './lists.ts'
import { isCreator, type Reached, reachChannel, reachGroup, reachPeer, requireMember } from './reach.ts'
import { askChat, changedUpdate, chatUpdates, serviceOf } from './told.ts'

const MAX_DRAWS = 5

function requireCreator(reached: Reached): void {
  if (!isCreator(reached)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
}

async function transfer(
  context: CallContext,
  reached: Reached,
  input: Parameters<typeof inputUserId>[0],
  given: Parameters<typeof requirePassword>[4],
) {
  requireCreator(reached)
  const toUserId = inputUserId(input, context)
  if (toUserId === context.user) throw new RpcError(400, 'USER_ID_INVALID')
  const { services, caller, user } = context
  const { password } = await readPassword(services, user)
  if (password === null) throw new RpcError(400, 'PASSWORD_MISSING')
  await requirePassword(services, caller.permanentKeyId, user, password, given)
  const command = { chatId: reached.chatId, byUserId: context.user, toUserId, log: null }
  const reply = await askChat(context, { type: 'TransferChat', ...command })
  return chatUpdates(context, reached.chatId, reply, undefined, { peers: [toUserId as never] })
}

/** The creator gives the chat to another member, proving itself by its password. Older layers say `channels.editCreator`. */
export const editChatCreator: Handler<'messages.editChatCreator'> = async (call, context) =>
  transfer(context, await reachPeer(context, call.peer), call.userId, call.password)

/** A chat whose creator leaves stays its: nobody takes its place. */
export const getFutureChatCreatorAfterLeave: Handler<'messages.getFutureChatCreatorAfterLeave'> = async (
  call,
  context,
) => {
  await reachPeer(context, call.peer)
  return { _: 'userEmpty', id: 0 }
}

export const deleteChannel: Handler<'channels.deleteChannel'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireMember(reached)
  requireCreator(reached)
  const reply = await askChat(context, { type: 'DeleteChat', chatId: reached.chatId, byUserId: context.user })
  return chatUpdates(context, reached.chatId, reply)
}

export const deleteChat: Handler<'messages.deleteChat'> = async (call, context) => {
  const reached = await reachGroup(context, call.chatId)
  requireCreator(reached)
  await askChat(context, { type: 'DeleteChat', chatId: reached.chatId, byUserId: context.user })
  return true
}

/** A basic group becomes a supergroup with the same members; its history stays where it is. */
export const migrateChat: Handler<'messages.migrateChat'> = async (call, context) => {
  const reached = await reachGroup(context, call.chatId)
  requireCreator(reached)
  await requireRoom(context)
  if (reached.facts.migratedTo !== undefined) throw new RpcError(400, 'CHAT_ID_INVALID')
  return migrate(context, reached, MAX_DRAWS)
}

async function migrate(context: CallContext, reached: Reached, draws: number): Promise<Tl<'updates'>> {
  const { chatId, facts } = reached
  const { services, user } = context
  const toChatId = drawChatId(context, 'supergroup')
  if ((await services.chats.find(toChatId)) !== undefined) {
    if (draws === 0) throw new RpcError(500, 'CHAT_ID_GENERATE_FAILED')
    return migrate(context, reached, draws - 1)
  }
  const { title } = facts.profile
  const [profile, from, to] = await Promise.all([
    sealChatProfile(services, toChatId, facts.profile),
    serviceOf(context, chatId, { _: 'messageActionChatMigrateTo', channelId: numberOfChat(toChatId) }),
    serviceOf(context, toChatId, {
      _: 'messageActionChannelMigrateFrom',
      title,
      chatId: numberOfChat(chatId),
    }),
  ])
  const reply = await askChat(context, {
    type: 'MigrateChat',
    chatId,
    byUserId: user,
    toChatId,
    profile,
    toService: to.fields.service!,
    ...from.fields,
  })
  await arrival(context, toChatId)
  const told = await chatUpdates(context, chatId, reply, from, { updates: [changedUpdate(toChatId)] })
  const chats = await renderChats(services, user, [peerIdOfChat(toChatId)], context.now)
  return updatesOf([...told.updates], [...told.users], context.now, [...told.chats, ...chats])
}

/** Waits between looks for a supergroup that another actor is about to make. */
const ARRIVAL_RETRY_MS = [5, 20, 80, 320, 1000] as const

/** The supergroup is made after the group has answered. */
async function arrival({ services, user }: CallContext, chatId: Reached['chatId']): Promise<void> {
  for (const waitMs of ARRIVAL_RETRY_MS) {
    const view = await services.chats.view(user, chatId)
    if (view.facts !== undefined && view.member?.isIn === true) return
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    services.chats.changed(chatId)
  }
}
