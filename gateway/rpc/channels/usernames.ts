import { peerIdOfChat, type UserId, usernameKey } from '@heliograph/schemas/avro'
import { type Call, RpcError, type TlType } from '@heliograph/schemas/tl'
import { changeCollection, reorder, toggle } from '../account/collection.ts'
import { isUsername } from '../account/names.ts'
import { ownerOf } from '../account/profile.ts'
import { requirePublicRoom } from '../chats/lists.ts'
import { editChat } from '../chats/profile.ts'
import { isCreator, type Reached, reachChannel, requireMember } from '../chats/reach.ts'
import type { LogAction } from '../chats/sealed.ts'
import { isCollected, shownNames } from '../directory/usernames.ts'
import type { CallContext, Handler } from '../handler.ts'

/** Whether the channel (or one that is to be made) may have the name. */
export const checkUsername: Handler<'channels.checkUsername'> = async (call, context) => {
  const owner = await ownerOf(context.services, requireName(call.username))
  if (call.channel._ === 'inputChannelEmpty') {
    await requirePublicRoom(context)
    return owner === undefined
  }
  const { chatId, facts } = await reachChannel(context, call.channel)
  if (facts.username === undefined) await requirePublicRoom(context)
  return owner === undefined || isOwn(owner, chatId)
}

const isOwn = (owner: number, chatId: Reached['chatId']): boolean => owner === peerIdOfChat(chatId)

function requireName(username: string): string {
  if (!isUsername(username)) throw new RpcError(400, 'USERNAME_INVALID')
  return username
}

/**
 * Gives a channel a public name, or takes it away (empty). The name is claimed first, which only its first claimant gets; one that the
 * channel does not take in the end is given back.
 */
export const updateUsername: Handler<'channels.updateUsername'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireMember(reached)
  if (!isCreator(reached)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
  const former = reached.facts.username ?? ''
  if (call.username === former) throw new RpcError(400, 'USERNAME_NOT_MODIFIED')
  if (isCollected(reached.facts, call.username)) throw new RpcError(400, 'USERNAME_OCCUPIED')
  const isSame = call.username.toLowerCase() === former.toLowerCase()
  if (former === '') await requirePublicRoom(context)
  if (call.username !== '' && !isSame) await claim(context, reached, requireName(call.username))
  await rename(context, reached, call.username).catch(async (error: unknown) => {
    if (call.username !== '' && !isSame && error instanceof RpcError && error.code < 500)
      await release(context, reached, call.username)
    throw error
  })
  if (former !== '' && !isSame) await release(context, reached, former)
  return true
}

async function rename(context: CallContext, reached: Reached, username: string): Promise<TlType<'Updates'>> {
  const log: LogAction = {
    _: 'channelAdminLogEventActionChangeUsername',
    prevValue: reached.facts.username ?? '',
    newValue: username,
  }
  return editChat(context, reached, 'username', { username }, log)
}

/** The account actor keeps names of channels too, under their peers. */
const ownerIdOf = ({ chatId }: Pick<Reached, 'chatId'>): UserId => peerIdOfChat(chatId) as number as UserId

async function claim({ services, caller }: CallContext, reached: Reached, name: string): Promise<void> {
  const username = name.toLowerCase()
  const command = { type: 'ClaimUsername', username, userId: ownerIdOf(reached) } as const
  await services.commands.ask('account.commands', usernameKey(name), command, caller)
}

async function release({ services, caller }: CallContext, reached: Reached, name: string): Promise<void> {
  const username = name.toLowerCase()
  const command = { type: 'ReleaseUsername', username, userId: ownerIdOf(reached) } as const
  await services.commands.ask('account.commands', usernameKey(name), command, caller)
}

/** Names beside the chosen one count while the channel has that: without it, it is private. */
export const reorderUsernames: Handler<'channels.reorderUsernames'> = async (call, context) => {
  const reached = await ownChannel(context, call.channel)
  await reorder(context, reached.facts.peerId, reached.facts, call.order).catch(asChat)
  await tell(context, call.channel, reached)
  return true
}

export const toggleUsername: Handler<'channels.toggleUsername'> = async (call, context) => {
  const reached = await ownChannel(context, call.channel)
  if (call.active && reached.facts.username === undefined) throw new RpcError(400, 'USERNAME_INVALID')
  await toggle(context, reached.facts.peerId, reached.facts, call)
  await tell(context, call.channel, reached)
  return true
}

/** Hides all names but the chosen one. */
export const deactivateAllUsernames: Handler<'channels.deactivateAllUsernames'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  if (!isCreator(reached)) throw new RpcError(400, 'CHANNEL_INVALID')
  await changeCollection(context, reached.facts.peerId, 'hide-all', [])
  await tell(context, call.channel, reached)
  return true
}

type Channel = Call<'channels.toggleUsername'>['channel']

/** Members and the log of administrators learn the names that are shown from now on. */
async function tell(context: CallContext, channel: Channel, before: Reached): Promise<void> {
  context.services.chats.changed(before.chatId)
  const { facts } = await reachChannel(context, channel)
  const [prevValue, newValue] = [shownNames(before.facts), shownNames(facts)]
  if (prevValue.join(' ') === newValue.join(' ')) return
  const log: LogAction = { _: 'channelAdminLogEventActionChangeUsernames', prevValue, newValue }
  await editChat(context, before, 'usernames', {}, log)
}

async function ownChannel(context: CallContext, channel: Channel) {
  const reached = await reachChannel(context, channel)
  if (!isCreator(reached)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
  return reached
}

/** An order of a channel's names that is the same, or none, changes nothing. */
function asChat(error: unknown): never {
  if (error instanceof RpcError && error.code === 400) throw new RpcError(400, 'CHAT_NOT_MODIFIED')
  throw error
}
