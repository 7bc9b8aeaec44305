import { RpcError } from '@heliograph/schemas/tl'
import { isCreator, reachChannel, requireMember, requireSupergroup } from '../chats/reach.ts'
import { toggle } from '../chats/settings.ts'
import type { Handler } from '../handler.ts'

/** Members from which on a supergroup may become one where only administrators write, and which has no limit. */
export const MIN_GIGAGROUP_MEMBERS = 200_000

/** `channels.convertToGigagroup`: for ever. */
export const convertToGigagroup: Handler<'channels.convertToGigagroup'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached, 'CHANNEL_ID_INVALID')
  requireMember(reached)
  if (!isCreator(reached)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
  if (reached.facts.flags.has('forum')) throw new RpcError(400, 'FORUM_ENABLED')
  if (reached.facts.participants < MIN_GIGAGROUP_MEMBERS) throw new RpcError(400, 'PARTICIPANTS_TOO_FEW')
  return toggle(context, reached, { gigagroup: true }, undefined)
}
