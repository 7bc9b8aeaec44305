import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { savedPeerOf } from '../../render/message-headers.ts'
import { peerNumber, renderPeer } from '../../render/peer.ts'
import { countersOf, namedIn } from '../answers.ts'
import { deleteSeqs } from '../change/delete-command.ts'
import { dialogOf, liveEntries } from '../mailbox/history.ts'
import { clampLimit, type PageRequest, windowAround } from '../mailbox/paging.ts'
import { type OpenedMessage, openMessages, renderStanding } from '../mailbox/rendered.ts'
import { answerPage } from '../read/history.ts'
import { pinnedSaved } from './pinned.ts'

/** The newest saved messages, which are split by where they came from. */
const MAX_SAVED = 1000

/** A part of Saved Messages: what was saved from one chat, newest first. */
interface SavedDialog {
  readonly peerId: PeerId
  readonly messages: OpenedMessage[]
}

/** Saved Messages split by the chat that each was saved from, the last used part first. */
async function savedDialogs({ services, user }: CallContext): Promise<SavedDialog[]> {
  const mailbox = { tables: services.tables, userId: user, peerId: user as number as PeerId }
  const topSeq = (await dialogOf(mailbox))?.topSeq ?? 0
  const entries = await liveEntries(mailbox, { from: 1, to: topSeq, descending: true }, 0, MAX_SAVED)
  const parts = new Map<PeerId, SavedDialog>()
  for (const message of await openMessages(services, user, entries)) {
    const peerId = originOf(user, message)
    const part = parts.get(peerId)
    if (part === undefined) parts.set(peerId, { peerId, messages: [message] })
    else part.messages.push(message)
  }
  return [...parts.values()]
}

function originOf(user: UserId, { content }: OpenedMessage): PeerId {
  const peer = content === undefined ? renderPeer(user) : savedPeerOf(user, content)
  return peerNumber(peer)
}

async function answerDialogs(
  context: CallContext,
  parts: readonly SavedDialog[],
  count: number,
): Promise<TlType<'messages.SavedDialogs'>> {
  const opened = parts.map(({ messages }) => messages[0]!)
  const tops = await renderStanding(context.services, context.user, opened)
  const pinned = await pinnedSaved(context.services, context.user)
  const dialogs = parts.map(
    ({ peerId, messages }): TlType<'SavedDialog'> => ({
      _: 'savedDialog',
      ...(pinned.includes(peerId) && { pinned: true }),
      peer: renderPeer(peerId),
      topMessage: messages[0]!.entry.msgId,
    }),
  )
  const named = await namedIn(context, tops, [context.user, ...parts.map(({ peerId }) => peerId)])
  const answer = { dialogs, messages: tops, ...named }
  if (parts.length === count) return { _: 'messages.savedDialogs', ...answer }
  return { _: 'messages.savedDialogsSlice', count, ...answer }
}

/** `messages.getSavedDialogs` */
export const getSavedDialogs: Handler<'messages.getSavedDialogs'> = async (call, context) => {
  if (call.parentPeer !== undefined) throw new RpcError(400, 'PARENT_PEER_INVALID')
  const pinned = call.excludePinned === true ? await pinnedSaved(context.services, context.user) : []
  const all = (await savedDialogs(context)).filter(({ peerId }) => !pinned.includes(peerId))
  const rest = all.filter(({ messages }) => call.offsetId <= 0 || messages[0]!.entry.msgId < call.offsetId)
  return answerDialogs(context, rest.slice(0, clampLimit(call.limit)), all.length)
}

/** `messages.getPinnedSavedDialogs`: all that are pinned and have messages, in their order. */
export const getPinnedSavedDialogs: Handler<'messages.getPinnedSavedDialogs'> = async (_, context) => {
  const pinned = await pinnedSaved(context.services, context.user)
  const byPeer = new Map((await savedDialogs(context)).map((part) => [part.peerId, part]))
  const parts = pinned.map((peerId) => byPeer.get(peerId)).filter((part) => part !== undefined)
  return answerDialogs(context, parts, parts.length)
}

/** `messages.getSavedDialogsByID` */
export const getSavedDialogsById: Handler<'messages.getSavedDialogsByID'> = async (call, context) => {
  if (call.parentPeer !== undefined) throw new RpcError(400, 'PARENT_PEER_INVALID')
  const wanted = new Set(call.ids.map((peer) => inputPeerId(peer, context)))
  const parts = (await savedDialogs(context)).filter(({ peerId }) => wanted.has(peerId))
  return answerDialogs(context, parts, parts.length)
}

/** `messages.getSavedHistory`: a page of one part. */
export const getSavedHistory: Handler<'messages.getSavedHistory'> = async (call, context) => {
  if (call.parentPeer !== undefined) throw new RpcError(400, 'PARENT_PEER_INVALID')
  const peerId = inputPeerId(call.peer, context)
  const part = (await savedDialogs(context)).find((saved) => saved.peerId === peerId)
  const messages = part?.messages ?? []
  const page = await renderStanding(context.services, context.user, pageOf(messages, call))
  return answerPage(context, page, messages.length, true, [peerId])
}

/** `messages.deleteSavedHistory`: one part, as far as `max_id`. */
export const deleteSavedHistory: Handler<'messages.deleteSavedHistory'> = async (call, context) => {
  if (call.parentPeer !== undefined) throw new RpcError(400, 'PARENT_PEER_INVALID')
  const peerId = inputPeerId(call.peer, context)
  const part = (await savedDialogs(context)).find((saved) => saved.peerId === peerId)
  const doomed = (part?.messages ?? []).filter(({ entry }) => call.maxId <= 0 || entry.msgId <= call.maxId)
  const seqs = doomed.map(({ entry }) => entry.seq)
  const affected = await deleteSeqs(context, context.user as number as PeerId, seqs, true)
  const { pts, ptsCount } = affected ?? { pts: (await countersOf(context)).pts, ptsCount: 0 }
  return { _: 'messages.affectedHistory', pts, ptsCount, offset: 0 }
}

function pageOf(messages: readonly OpenedMessage[], request: PageRequest): readonly OpenedMessage[] {
  const shown = messages.filter(
    ({ entry }) =>
      (request.maxId <= 0 || entry.msgId < request.maxId) &&
      (request.minId <= 0 || entry.msgId > request.minId),
  )
  const isNewer = ({ entry }: OpenedMessage): boolean =>
    request.offsetId > 0
      ? entry.msgId >= request.offsetId
      : request.offsetDate > 0 && entry.date >= request.offsetDate
  const pivot = shown.filter(isNewer).length
  const { newerSkip, newerTake, olderSkip, olderTake } = windowAround(
    request.addOffset,
    clampLimit(request.limit),
  )
  const newer = shown.slice(Math.max(0, pivot - newerSkip - newerTake), Math.max(0, pivot - newerSkip))
  return [...newer, ...shown.slice(pivot + olderSkip, pivot + olderSkip + olderTake)]
}
