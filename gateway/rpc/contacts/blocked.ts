import { type PeerId, userKey } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { blocked } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { requireAccount } from '../live-account.ts'
import { renderNamed } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'
import { renderPeer } from '../render/peer.ts'

/** Peers that one account may block. */
export const MAX_BLOCKED = 10_000
const MAX_LISTED = 1_000
/** Peers that one call may name. */
const MAX_SET_AT_ONCE = 1_000

export const block: Handler<'contacts.block'> = async (call, context) => {
  const peerId = requireOther(inputPeerId(call.id, context, 'CONTACT_ID_INVALID'), context)
  await requireAccount(context, peerId)
  // There are no stories to keep from anybody.
  if (!call.myStoriesFrom) await setPeerBlocked(context, peerId, true)
  return true
}

export const unblock: Handler<'contacts.unblock'> = async (call, context) => {
  const peerId = inputPeerId(call.id, context, 'CONTACT_ID_INVALID')
  if (!call.myStoriesFrom) await setPeerBlocked(context, peerId, false)
  return true
}

/** Makes the given peers the blocked ones. */
export const setBlocked: Handler<'contacts.setBlocked'> = async (call, context) => {
  if (call.myStoriesFrom) return true
  if (call.id.length > MAX_SET_AT_ONCE) throw new RpcError(400, 'LIMIT_INVALID')
  const wanted = new Set(call.id.map((input) => requireOther(inputPeerId(input, context), context)))
  const now = new Set((await blockedRows(context)).map(({ peerId }) => peerId))
  for (const peerId of now) if (!wanted.has(peerId)) await setPeerBlocked(context, peerId, false)
  for (const peerId of wanted) if (!now.has(peerId)) await setPeerBlocked(context, peerId, true)
  return true
}

/** The latest first. */
export const getBlocked: Handler<'contacts.getBlocked'> = async (call, context) => {
  if (call.myStoriesFrom) return { _: 'contacts.blocked', blocked: [], chats: [], users: [] }
  const rows = (await blockedRows(context)).sort((a, b) => b.date - a.date || b.peerId - a.peerId)
  const offset = Math.max(call.offset, 0)
  const page = rows.slice(offset, offset + Math.min(Math.max(call.limit, 0), MAX_LISTED))
  const named = await renderNamed(
    context,
    page.map(({ peerId }) => peerId),
  )
  const listed = {
    blocked: page.map(
      ({ peerId, date }) => ({ _: 'peerBlocked', peerId: renderPeer(peerId), date }) as const,
    ),
    ...named,
  }
  if (page.length === rows.length) return { _: 'contacts.blocked', ...listed }
  return { _: 'contacts.blockedSlice', count: rows.length, ...listed }
}

async function blockedRows({ services, user }: CallContext): Promise<{ peerId: PeerId; date: number }[]> {
  const rows = await services.tables.range(blocked, { userId: user }, { limit: MAX_BLOCKED })
  return rows.map((row) => ({ peerId: row.peerId as PeerId, date: row.date ?? 0 }))
}

async function setPeerBlocked(context: CallContext, peerId: PeerId, isBlocked: boolean): Promise<void> {
  const { services, user, caller } = context
  const command = { type: 'SetBlocked', userId: user, peerId, blocked: isBlocked } as const
  await services.commands.ask('account.commands', userKey(user), command, caller)
  services.directory.contactsChanged(user)
}

function requireOther(peerId: PeerId, { user }: CallContext): PeerId {
  if ((peerId as number) === user) throw new RpcError(400, 'CONTACT_ID_INVALID')
  return peerId
}
