import { chatIdOf, isChannelPeer, type PeerId, type UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { isArchived } from '../../folders/archive.ts'
import type { CallContext, Handler } from '../../handler.ts'
import type { Services } from '../../services.ts'
import { readSetting, writeSetting } from '../../settings.ts'
import { dialogOf } from '../mailbox/history.ts'
import { openMailbox } from '../mailbox/open.ts'
import { ARCHIVE_FOLDER, checkFolder, inputDialogPeerId, MAIN_FOLDER } from './dialog-peer.ts'

export const PINNED_SETTING = 'pinned-dialogs'
export const PINNED_ARCHIVE_SETTING = 'pinned-dialogs-archive'
/** Also told to clients by `help.getAppConfig`. */
export const MAX_PINNED = 5
export const MAX_PINNED_ARCHIVE = 100

const settingOf = (folder: number): string =>
  folder === ARCHIVE_FOLDER ? PINNED_ARCHIVE_SETTING : PINNED_SETTING

/** The chats that a user pinned in a folder, in their order, the first on top. */
export async function pinnedPeers(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
  folder = MAIN_FOLDER,
): Promise<PeerId[]> {
  const value = await readSetting(services, userId, settingOf(folder))
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

async function setPinned(context: CallContext, peers: readonly PeerId[], folder: number): Promise<void> {
  const limit = folder === ARCHIVE_FOLDER ? MAX_PINNED_ARCHIVE : MAX_PINNED
  if (peers.length > limit) throw new RpcError(400, 'PINNED_DIALOGS_TOO_MUCH')
  await writeSetting(context, settingOf(folder), peers.length === 0 ? null : encodePeers(peers))
}

/** Chats that move between the folders are pinned in none. */
export async function unpinEverywhere(context: CallContext, peers: readonly PeerId[]): Promise<void> {
  if (peers.length === 0) return
  for (const folder of [MAIN_FOLDER, ARCHIVE_FOLDER]) {
    const before = await pinnedPeers(context.services, context.user, folder)
    const after = before.filter((peer) => !peers.includes(peer))
    if (after.length < before.length) await setPinned(context, after, folder)
  }
}

/** `messages.toggleDialogPin`: a newly pinned chat goes on top of the folder that it is in. */
export const toggleDialogPin: Handler<'messages.toggleDialogPin'> = async (call, context) => {
  const { services, user } = context
  const peerId = inputDialogPeerId(call.peer, context)
  const folder = (await isArchived(services, user, peerId)) ? ARCHIVE_FOLDER : MAIN_FOLDER
  const before = await pinnedPeers(services, user, folder)
  const isPinned = before.includes(peerId)
  if (isPinned === (call.pinned === true)) return true
  const others = before.filter((peer) => peer !== peerId)
  if (call.pinned !== true) {
    await setPinned(context, others, folder)
    return true
  }
  await openMailbox(context, peerId)
  if (!(await hasDialog(context, peerId))) throw new RpcError(400, 'PEER_HISTORY_EMPTY')
  await setPinned(context, [peerId, ...others], folder)
  return true
}

/** A channel is in the list as soon as the user is in it. */
async function hasDialog({ services, user }: CallContext, peerId: PeerId): Promise<boolean> {
  if (isChannelPeer(peerId)) {
    return (await services.chats.view(user, chatIdOf(user, peerId))).member?.isIn === true
  }
  return (await dialogOf({ tables: services.tables, userId: user, peerId })) !== undefined
}

/** `messages.reorderPinnedDialogs`: with `force` the given chats are all that is pinned, otherwise the rest follows. */
export const reorderPinnedDialogs: Handler<'messages.reorderPinnedDialogs'> = async (call, context) => {
  const { services, user } = context
  const folder = checkFolder(call.folderId)
  const given = [...new Set(call.order.map((peer) => inputDialogPeerId(peer, context)))]
  const before = await pinnedPeers(services, user, folder)
  const order = given.filter((peer) => call.force === true || before.includes(peer))
  const rest = call.force === true ? [] : before.filter((peer) => !given.includes(peer))
  await setPinned(context, [...order, ...rest], folder)
  return true
}
