import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { type Result, RpcError } from '@heliograph/schemas/tl'
import { isUsername, MIN_COLLECTED_LENGTH } from '../account/names.ts'
import { ownerOf } from '../account/profile.ts'
import { accountOfPhone } from '../auth/log-in.ts'
import { phoneDigits, phoneHmac } from '../auth/phone.ts'
import { publicChat } from '../chats/named-chats.ts'
import { isHidden } from '../directory/usernames.ts'
import type { CallContext, Handler } from '../handler.ts'
import { lets } from '../privacy/ask.ts'
import { renderPeer } from '../render/peer.ts'
import { renderUsers } from '../render/user.ts'

export const resolveUsername: Handler<'contacts.resolveUsername'> = async (call, context) => {
  const username = call.username.replace(/^@/, '')
  if (!isUsername(username, MIN_COLLECTED_LENGTH)) throw new RpcError(400, 'USERNAME_INVALID')
  const id = await ownerOf(context.services, username)
  if (id === undefined) throw new RpcError(400, 'USERNAME_NOT_OCCUPIED')
  if (id < 0) return resolvedChat(id as number as PeerId, username, context)
  const facts = await context.services.directory.find(id)
  if (facts !== undefined && isHidden(facts, username)) throw new RpcError(400, 'USERNAME_NOT_OCCUPIED')
  return resolved(id, context)
}

export const resolvePhone: Handler<'contacts.resolvePhone'> = async (call, context) => {
  const phone = phoneDigits(call.phone)
  const { services } = context
  const id = phone && (await accountOfPhone(services, phoneHmac(services.keyring, phone)))
  if (!id || !(await lets(services, context.user, id, 'AddedByPhone')))
    throw new RpcError(400, 'PHONE_NOT_OCCUPIED')
  return resolved(id, context)
}

async function resolvedChat(
  peerId: PeerId,
  username: string,
  context: CallContext,
): Promise<Result<'contacts.resolveUsername'>> {
  const chat = await publicChat(context, peerId, username)
  if (chat === undefined) throw new RpcError(400, 'USERNAME_NOT_OCCUPIED')
  return { _: 'contacts.resolvedPeer', peer: renderPeer(peerId), chats: [chat], users: [] }
}

async function resolved(
  id: UserId,
  { services, user, now }: CallContext,
): Promise<Result<'contacts.resolveUsername'>> {
  const users = await renderUsers(services.directory, user, [id], now)
  return { _: 'contacts.resolvedPeer', peer: { _: 'peerUser', userId: id }, chats: [], users }
}
