import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { countersOf, renderNamed, updatesOf } from '../messages/answers.ts'
import { checkFolder, MAIN_FOLDER } from '../messages/dialogs/dialog-peer.ts'
import { unpinEverywhere } from '../messages/dialogs/pinned.ts'
import { inputPeerId } from '../peers.ts'
import { renderPeer } from '../render/peer.ts'
import { archivedPeers, setArchived } from './archive.ts'

/** Chats that one call moves. */
const MAX_MOVED = 100
/** Chats of one archive. */
export const MAX_ARCHIVED = 1_000

/** `folders.editPeerFolders`: moves chats into the archive (1) or back (0); whoever moves is pinned no more. */
export const editPeerFolders: Handler<'folders.editPeerFolders'> = async (call, context) => {
  if (call.folderPeers.length > MAX_MOVED) throw new RpcError(400, 'LIMIT_INVALID')
  const wanted = new Map<PeerId, number>()
  for (const { peer, folderId } of call.folderPeers) {
    wanted.set(inputPeerId(peer, context, 'CHAT_ID_INVALID'), checkFolder(folderId))
  }
  const before = await archivedPeers(context.services, context.user)
  const moved = [...wanted].filter(([peerId, folder]) => before.has(peerId) !== (folder !== MAIN_FOLDER))
  if (before.size + moved.length > MAX_ARCHIVED) throw new RpcError(400, 'PEERS_TOO_MUCH')
  await unpinEverywhere(
    context,
    moved.map(([peerId]) => peerId),
  )
  await Promise.all(moved.map(([peerId, folder]) => setArchived(context, peerId, folder !== MAIN_FOLDER)))
  return answer(context, moved)
}

async function answer(context: CallContext, moved: readonly [PeerId, number][]) {
  const { pts } = await countersOf(context)
  const update = folderPeersUpdate(moved, pts)
  const { users, chats } = await renderNamed(
    context,
    moved.map(([peerId]) => peerId),
  )
  return updatesOf(moved.length === 0 ? [] : [update], users, context.now, chats)
}

/** Where chats are now. It moves nothing in the mailbox: pts stays. */
export function folderPeersUpdate(moved: readonly [PeerId, number][], pts: number): TlType<'Update'> {
  const folderPeers = moved.map(
    ([peerId, folderId]) => ({ _: 'folderPeer', peer: renderPeer(peerId), folderId }) as const,
  )
  return { _: 'updateFolderPeers', folderPeers, pts, ptsCount: 0 }
}
