import { type ChatId, numberOfChat } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { UNCHANGED } from '../chats/profile.ts'
import { isCreator, may, type Reached, reachChannel, requireMember } from '../chats/reach.ts'
import { type LogAction, sealLog } from '../chats/sealed.ts'
import { askChat } from '../chats/told.ts'
import type { CallContext, Handler } from '../handler.ts'

/**
 * Links a broadcast channel with the supergroup where its posts are discussed, or takes the link away: an empty one of the two
 * says from which side. Both chats know it; the channel is told first, since its actor refuses what may not be.
 */
export const setDiscussionGroup: Handler<'channels.setDiscussionGroup'> = async (call, context) => {
  const hasBroadcast = call.broadcast._ !== 'inputChannelEmpty'
  const hasGroup = call.group._ !== 'inputChannelEmpty'
  if (!hasBroadcast && !hasGroup) throw new RpcError(400, 'LINK_NOT_MODIFIED')
  const broadcast = hasBroadcast ? await reachChannel(context, call.broadcast) : undefined
  const group = hasGroup ? await reachChannel(context, call.group) : undefined
  for (const side of [broadcast, group]) if (side !== undefined) requireMember(side)
  check(broadcast, group)
  if (broadcast === undefined || group === undefined) {
    return unlink(context, broadcast ?? group!)
  }
  if (broadcast.facts.linkedChatId === group.chatId) throw new RpcError(400, 'LINK_NOT_MODIFIED')
  await link(context, broadcast, group.chatId)
  await link(context, group, broadcast.chatId)
  return true
}

function check(broadcast: Reached | undefined, group: Reached | undefined): void {
  if (broadcast !== undefined && broadcast.facts.kind !== 'broadcast')
    throw new RpcError(400, 'BROADCAST_ID_INVALID')
  const isForum = broadcast !== undefined && group?.facts.flags.has('forum') === true
  if (group !== undefined && (group.facts.kind !== 'supergroup' || isForum))
    throw new RpcError(400, 'MEGAGROUP_ID_INVALID')
  if (broadcast !== undefined && !may(broadcast, 'changeInfo')) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
  if (group !== undefined && !isCreator(group) && !may(group, 'pinMessages'))
    throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
  if (broadcast !== undefined && group?.facts.flags.has('hiddenHistory'))
    throw new RpcError(400, 'MEGAGROUP_PREHISTORY_HIDDEN')
}

/** The other side hears of it from this one's actor. */
async function unlink(context: CallContext, reached: Reached): Promise<true> {
  const other = reached.facts.linkedChatId
  if (other === undefined) throw new RpcError(400, 'LINK_NOT_MODIFIED')
  await link(context, reached, '' as ChatId)
  context.services.chats.changed(other)
  return true
}

async function link(context: CallContext, { chatId, facts }: Reached, linkedChatId: ChatId): Promise<void> {
  const log: LogAction = {
    _: 'channelAdminLogEventActionChangeLinkedChat',
    prevValue: facts.linkedChatId === undefined ? 0 : numberOfChat(facts.linkedChatId),
    newValue: linkedChatId === '' ? 0 : numberOfChat(linkedChatId),
  }
  const edit = { ...UNCHANGED, chatId, byUserId: context.user, change: 'linked', linkedChatId }
  await askChat(context, { ...edit, log: await sealLog(context.services, chatId, [log]) })
}
