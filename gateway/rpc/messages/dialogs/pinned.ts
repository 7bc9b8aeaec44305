import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import type { Services } from '../../services.ts'
import { readSetting, writeSetting } from '../../settings.ts'
import { dialogOf } from '../mailbox/history.ts'
import { ARCHIVE_FOLDER, checkFolder, inputDialogPeerId } from './dialog-peer.ts'

export const PINNED_SETTING = 'pinned-dialogs'
export const MAX_PINNED = 5

/** The chats that a user pinned, in their order, the first on top. */
export async function pinnedPeers(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<PeerId[]> {
  const value = await readSetting(services, userId, PINNED_SETTING)
  return value === undefined ? [] : decodePeers(value)
}

/** 8 bytes each, little endian. */
export function encodePeers(peers: readonly PeerId[]): Buffer {
  const value = Buffer.alloc(8 * peers.length)
  for (const [index, peer] of peers.entries()) value.writeBigInt64LE(BigInt(peer), 8 * index)
  return value
}

export function decodePeers(value: Buffer): PeerId[] {
  const peers: PeerId[] = []
  for (let at = 0; at + 8 <= value.length; at += 8) peers.push(Number(value.readBigInt64LE(at)) as PeerId)
  return peers
}

async function setPinned(context: CallContext, peers: readonly PeerId[]): Promise<void> {
  if (peers.length > MAX_PINNED) throw new RpcError(400, 'PINNED_DIALOGS_TOO_MUCH')
  await writeSetting(context, PINNED_SETTING, peers.length === 0 ? null : encodePeers(peers))
}

/** `messages.toggleDialogPin`: a newly pinned chat goes on top. */
export const toggleDialogPin: Handler<'messages.toggleDialogPin'> = async (call, context) => {
  const peerId = inputDialogPeerId(call.peer, context)
  const before = await pinnedPeers(context.services, context.user)
  const isPinned = before.includes(peerId)
  if (isPinned === (call.pinned === true)) return true
  const others = before.filter((peer) => peer !== peerId)
  if (call.pinned !== true) {
    await setPinned(context, others)
    return true
  }
  const mailbox = { tables: context.services.tables, userId: context.user, peerId }
  if ((await dialogOf(mailbox)) === undefined) throw new RpcError(400, 'PEER_HISTORY_EMPTY')
  await setPinned(context, [peerId, ...others])
  return true
}

/** `messages.reorderPinnedDialogs`: with `force` the given chats are all that is pinned, otherwise the rest follows. */
export const reorderPinnedDialogs: Handler<'messages.reorderPinnedDialogs'> = async (call, context) => {
  if (checkFolder(call.folderId) === ARCHIVE_FOLDER) return true
  const given = [...new Set(call.order.map((peer) => inputDialogPeerId(peer, context)))]
  const before = await pinnedPeers(context.services, context.user)
  const order = given.filter((peer) => call.force === true || before.includes(peer))
  const rest = call.force === true ? [] : before.filter((peer) => !given.includes(peer))
  await setPinned(context, [...order, ...rest])
  return true
}
