import { isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { offsetPeerId } from '../../peers.ts'
import { stateOf } from '../../updates/state.ts'
import { namedIn } from '../answers.ts'
import { openChannel } from '../mailbox/open.ts'
import { renderEntries } from '../mailbox/rendered.ts'
import { countsOf } from './channels.ts'
import { ARCHIVE_FOLDER, checkFolder, inputDialogPeerId, MAIN_FOLDER } from './dialog-peer.ts'
import { archiveHead, foldersOf, listOf, renderArchive } from './folders.ts'
import { afterOffset, type DialogOffset, MAX_DIALOG_PAGE } from './list.ts'
import {
  allDialogs,
  type Dialog,
  type DialogStates,
  dialogStates,
  dialogsWith,
  renderDialog,
} from './state.ts'

const MAX_PEERS = 100

/**
 * `messages.getDialogs`: pinned chats stand at the head of the first page unless excluded. Without a folder all chats are
 * listed, each saying where it is; the main list (0) begins with an entry for the archive where there is one.
 */
export const getDialogs: Handler<'messages.getDialogs'> = async (call, context) => {
  const offset = offsetOf(call, context)
  const folder = call.folderId === undefined ? undefined : checkFolder(call.folderId)
  const [all, states] = await Promise.all([allDialogs(context), dialogStates(context)])
  const lists = await foldersOf(context, all, states)
  const { pinned, others } = listOf(lists, folder)
  const list = call.excludePinned === true ? others : [...pinned, ...others]
  const wanted = afterOffset(list, lists.states, offset)
  const page = wanted.slice(0, call.limit > 0 ? Math.min(call.limit, MAX_DIALOG_PAGE) : MAX_DIALOG_PAGE)
  const isHead = folder === MAIN_FOLDER && wanted.length === list.length && call.excludePinned !== true
  const archive = isHead ? archiveHead(lists) : undefined
  const parts = await renderDialogs(context, lists.states, page, archive)
  if (page.length === list.length) return { _: 'messages.dialogs', ...parts }
  return { _: 'messages.dialogsSlice', count: list.length, ...parts }
}

function offsetOf(call: Parameters<typeof getDialogs>[0], context: CallContext): DialogOffset {
  const { offsetDate: date, offsetId: id, offsetPeer } = call
  if (offsetPeer._ === 'inputPeerEmpty') return { date, id, peerId: undefined }
  return { date, id, peerId: offsetPeerId(offsetPeer, context, 'OFFSET_PEER_ID_INVALID') }
}

/** `messages.getPinnedDialogs` */
export const getPinnedDialogs: Handler<'messages.getPinnedDialogs'> = async (call, context) => {
  const states = await dialogStates(context)
  const isArchive = checkFolder(call.folderId) === ARCHIVE_FOLDER
  return answerPeers(context, states, isArchive ? states.pinnedInArchive : states.pinned)
}

/** `messages.getPeerDialogs`: also for peers with whom nothing was written yet. As `openChannel` for channels. */
export const getPeerDialogs: Handler<'messages.getPeerDialogs'> = async (call, context) => {
  if (call.peers.length === 0) throw new RpcError(400, 'INPUT_PEERS_EMPTY')
  if (call.peers.length > MAX_PEERS) throw new RpcError(400, 'PEER_ID_INVALID')
  const peers: PeerId[] = []
  for (const peer of call.peers) {
    if (peer._ !== 'inputDialogPeerFolder') peers.push(inputDialogPeerId(peer, context))
  }
  for (const peer of peers) if (isChannelPeer(peer)) await openChannel(context, peer)
  return answerPeers(context, await dialogStates(context), [...new Set(peers)])
}

async function answerPeers(
  context: CallContext,
  states: DialogStates,
  peers: readonly PeerId[],
): Promise<Tl<'messages.peerDialogs'>> {
  // The state first: what changes while the dialogs are read comes again as an update, not twice.
  const state = await stateOf(context)
  const parts = await renderDialogs(context, states, await dialogsWith(context, peers))
  return { _: 'messages.peerDialogs', ...parts, state }
}

interface DialogParts {
  dialogs: TlType<'Dialog'>[]
  messages: TlType<'Message'>[]
  chats: TlType<'Chat'>[]
  users: TlType<'User'>[]
}

async function renderDialogs(
  context: CallContext,
  states: DialogStates,
  page: readonly Dialog[],
  archive?: readonly Dialog[],
): Promise<DialogParts> {
  const head = archive?.[0] === undefined ? undefined : await renderArchive(context, states, archive)
  const shown = head === undefined ? page : [archive![0]!, ...page]
  const tops = shown.flatMap(({ top }) => (top === undefined ? [] : [top]))
  const messages = await renderEntries(context.services, context.user, tops)
  const peers = shown.map(({ peerId }) => peerId)
  const counts = await Promise.all(page.map((dialog) => countsOf(context, dialog)))
  const dialogs = page.map((dialog, i) => renderDialog(context, states, dialog, counts[i]!))
  return {
    dialogs: head === undefined ? dialogs : [head, ...dialogs],
    messages,
    ...(await namedIn(context, messages, [...peers, context.user])),
  }
}
