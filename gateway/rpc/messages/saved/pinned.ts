import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { renderPeer } from '../../render/peer.ts'
import type { Services } from '../../services.ts'
import { readSetting, writeSetting } from '../../settings.ts'
import { decodePeers, encodePeers } from '../dialogs/pinned.ts'

export const PINNED_SAVED_SETTING = 'pinned-saved-dialogs'
/** core.telegram.org/api/config: saved_dialogs_pinned_limit_default */
export const MAX_PINNED_SAVED = 5

/** The parts of Saved Messages that a user pinned, the first on top. */
export async function pinnedSaved(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<PeerId[]> {
  const value = await readSetting(services, userId, PINNED_SAVED_SETTING)
  return value === undefined ? [] : decodePeers(value)
}

/** What the other sessions are told of them. */
export async function pinnedSavedUpdate(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<TlType<'Update'>> {
  const peers = await pinnedSaved(services, userId)
  return {
    _: 'updatePinnedSavedDialogs',
    order: peers.map((peer) => ({ _: 'dialogPeer', peer: renderPeer(peer) })),
  }
}

async function setPinned(context: CallContext, peers: readonly PeerId[]): Promise<void> {
  if (peers.length > MAX_PINNED_SAVED) throw new RpcError(400, 'PINNED_DIALOGS_TOO_MUCH')
  await writeSetting(context, PINNED_SAVED_SETTING, peers.length === 0 ? null : encodePeers(peers))
}

/** 400 PEER_ID_INVALID for folders, which Saved Messages have none of. */
function savedPeerId(input: TlType<'InputDialogPeer'>, context: CallContext): PeerId {
  if (input._ !== 'inputDialogPeer') throw new RpcError(400, 'PEER_ID_INVALID')
  return inputPeerId(input.peer, context)
}

/** `messages.toggleSavedDialogPin` */
export const toggleSavedDialogPin: Handler<'messages.toggleSavedDialogPin'> = async (call, context) => {
  const peerId = savedPeerId(call.peer, context)
  const before = await pinnedSaved(context.services, context.user)
  if (before.includes(peerId) === (call.pinned === true)) return true
  const others = before.filter((peer) => peer !== peerId)
  await setPinned(context, call.pinned === true ? [peerId, ...others] : others)
  return true
}

/** `messages.reorderPinnedSavedDialogs`: with `force` the given ones are all that is pinned, otherwise the rest follows. */
export const reorderPinnedSavedDialogs: Handler<'messages.reorderPinnedSavedDialogs'> = async (
  call,
  context,
) => {
  const given = [...new Set(call.order.map((peer) => savedPeerId(peer, context)))]
  const before = await pinnedSaved(context.services, context.user)
  const order = given.filter((peer) => call.force === true || before.includes(peer))
  const rest = call.force === true ? [] : before.filter((peer) => !given.includes(peer))
  await setPinned(context, [...order, ...rest])
  return true
}

/** `messages.readSavedHistory`: of messages to a channel's administrators, of which there are none. */
export const readSavedHistory: Handler<'messages.readSavedHistory'> = async (call, context) => {
  inputPeerId(call.parentPeer, context)
  throw new RpcError(400, 'PARENT_PEER_INVALID')
}
