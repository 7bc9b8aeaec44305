import type { UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { blocked, userChats } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { letsBy } from '../privacy/ask.ts'
import { MAX_USER_CHATS } from './lists.ts'

/** Whom a user may bring into a chat, and whom it has to ask by a link. */
export interface SortedInvitees {
  readonly welcome: UserId[]
  readonly missing: Tl<'missingInvitee'>[]
}

/** Sorts by the privacy rules of those who are to come and by whom they block. A deleted account is 400 INPUT_USER_DEACTIVATED. */
export async function sortInvitees(context: CallContext, ids: readonly UserId[]): Promise<SortedInvitees> {
  const { services, user } = context
  const [views, blocks] = await Promise.all([
    services.directory.views(user, ids),
    services.tables.getMany(ids.map((userId) => ({ table: blocked, key: { userId, peerId: user } }))),
  ])
  const welcome: UserId[] = []
  const missing: Tl<'missingInvitee'>[] = []
  for (const [i, id] of ids.entries()) {
    const view = views[i]!
    if (view.facts === undefined) throw new RpcError(400, 'USER_ID_INVALID')
    if (view.facts.deleted) throw new RpcError(400, 'INPUT_USER_DEACTIVATED')
    if (blocks[i] === undefined && letsBy(view, user, 'ChatInvite')) welcome.push(id)
    else missing.push({ _: 'missingInvitee', userId: id })
  }
  return { welcome, missing }
}

/** Why somebody cannot be brought into a channel: the caller has blocked it, or it is in as many chats as one can be. */
export async function refusedGuest(
  { services, user }: CallContext,
  id: UserId,
): Promise<'USER_BLOCKED' | 'USER_CHANNELS_TOO_MUCH' | undefined> {
  const [block, rows] = await Promise.all([
    services.tables.get(blocked, { userId: user, peerId: id }),
    services.tables.range(userChats, { userId: id }, { limit: MAX_USER_CHATS }),
  ])
  if (block !== undefined) return 'USER_BLOCKED'
  return rows.length >= MAX_USER_CHATS ? 'USER_CHANNELS_TOO_MUCH' : undefined
}
