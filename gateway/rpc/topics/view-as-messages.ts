import { chatIdOf, numberOfChat, type PeerId, peerIdOfChat, type UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { settings } from '@heliograph/storage'
import { reachChannel, requireSupergroup } from '../chats/reach.ts'
import type { Handler } from '../handler.ts'
import { namedIn, updatesOf } from '../messages/answers.ts'
import type { Services } from '../services.ts'
import { writeSetting } from '../settings.ts'

/** Forums that a user looks at as one list of messages, without their topics. */
export const AS_MESSAGES_PREFIX = 'forum-as-messages:'
const MAX_FORUMS = 1_000
const SET = Buffer.from([1])

type Reading = Pick<Services, 'tables'>

const nameOf = (peerId: PeerId): string => `${AS_MESSAGES_PREFIX}${peerId}`

export async function isForumAsMessages(
  { tables }: Reading,
  userId: UserId,
  peerId: PeerId,
): Promise<boolean> {
  const row = await tables.get(settings, { userId, name: nameOf(peerId) })
  return row !== undefined && row.sealed !== null
}

/** All of them. */
export async function forumsAsMessages({ tables }: Reading, userId: UserId): Promise<ReadonlySet<PeerId>> {
  const range = { from: AS_MESSAGES_PREFIX, to: `${AS_MESSAGES_PREFIX}\uffff`, limit: MAX_FORUMS }
  const rows = await tables.range(settings, { userId }, range)
  const set = rows.filter((row) => row.sealed !== null)
  return new Set(set.map(({ name }) => Number(name!.slice(AS_MESSAGES_PREFIX.length)) as PeerId))
}

const updateOf = (channelId: number, enabled: boolean): TlType<'Update'> => ({
  _: 'updateChannelViewForumAsMessages',
  channelId,
  enabled,
})

/** For the other sessions of the user. */
export async function asMessagesUpdate(
  services: Reading,
  userId: UserId,
  name: string,
): Promise<TlType<'Update'>> {
  const peerId = Number(name.slice(AS_MESSAGES_PREFIX.length)) as PeerId
  const channelId = numberOfChat(chatIdOf(userId, peerId))
  return updateOf(channelId, await isForumAsMessages(services, userId, peerId))
}

/** `channels.toggleViewForumAsMessages` @throws RpcError 400 CHANNEL_INVALID for what can be no forum */
export const toggleViewForumAsMessages: Handler<'channels.toggleViewForumAsMessages'> = async (
  call,
  context,
) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached, 'CHANNEL_INVALID')
  const { services, user, now } = context
  const peerId = peerIdOfChat(reached.chatId)
  if ((await isForumAsMessages(services, user, peerId)) !== call.enabled) {
    await writeSetting(context, nameOf(peerId), call.enabled ? SET : null)
  }
  const { users, chats } = await namedIn(context, [], [peerId])
  return updatesOf([updateOf(numberOfChat(reached.chatId), call.enabled)], users, now, chats)
}
