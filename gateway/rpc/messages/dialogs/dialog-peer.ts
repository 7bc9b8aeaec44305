import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'

/** The chat that an `InputDialogPeer` names; folders are a 400 PEER_ID_INVALID. */
export function inputDialogPeerId(input: TlType<'InputDialogPeer'>, context: CallContext): PeerId {
  if (input._ !== 'inputDialogPeer') throw new RpcError(400, 'PEER_ID_INVALID')
  return inputPeerId(input.peer, context)
}

/** Only the main list (0) and the archive (1) are folders. */
export function checkFolder(folderId: number | undefined): number {
  const folder = folderId ?? MAIN_FOLDER
  if (folder !== MAIN_FOLDER && folder !== ARCHIVE_FOLDER) throw new RpcError(400, 'FOLDER_ID_INVALID')
  return folder
}

export const MAIN_FOLDER = 0
export const ARCHIVE_FOLDER = 1
