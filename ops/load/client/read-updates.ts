import { decodeResult, encodeResult, type TlType } from '@heliograph/schemas/tl'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import type { FileLocation } from '../files/transfer.ts'
import type { DifferencePart, MailboxMessage } from '../verify/mailbox.ts'
import { MARK, markAt, markOf } from './text.ts'

/** Gets what counts in a user's updates. */
export interface UpdatesSink {
  counted(pts: number, ptsCount: number, message: MailboxMessage | undefined): void
  /** A channel's own pts moved. */
  channelMoved?(channelId: number, pts: number, ptsCount: number, message: MailboxMessage | undefined): void
  /** The server gave up telling everything: the difference has it. */
  tooLong(): void
}

const SAMPLE_PEER = { _: 'peerUser', userId: 1 } as const
const SAMPLE_MESSAGE = { _: 'message', id: 1, peerId: SAMPLE_PEER, date: 1, message: MARK } as const
const SAMPLE = encodeResult(
  'messages.sendMessage',
  {
    _: 'updates',
    updates: [{ _: 'updateNewMessage', message: SAMPLE_MESSAGE, pts: 1, ptsCount: 1 }],
    users: [],
    chats: [],
    date: 1,
    seq: 0,
  },
  LOAD_LAYER,
)
const ID_SAMPLE = encodeResult(
  'messages.sendMessage',
  {
    _: 'updates',
    updates: [{ _: 'updateMessageID', id: 1, randomId: 1n }],
    users: [],
    chats: [],
    date: 1,
    seq: 0,
  },
  LOAD_LAYER,
)
const UPDATES_ID = SAMPLE.readInt32LE(0)
const NEW_MESSAGE_ID = SAMPLE.readInt32LE(12)
const MESSAGE_ID = SAMPLE.readInt32LE(16)
const PEER_USER_ID = SAMPLE.readInt32LE(32)
const MESSAGE_ID_UPDATE_ID = ID_SAMPLE.readInt32LE(12)
/** The constructors of `Updates` that this server sends; whatever else a session brings is the protocol's own business. */
const UPDATES_IDS: ReadonlySet<number> = new Set([
  UPDATES_ID,
  ...[
    { _: 'updatesTooLong' },
    { _: 'updateShort', update: { _: 'updatePtsChanged' }, date: 1 },
    { _: 'updatesCombined', updates: [], users: [], chats: [], date: 1, seqStart: 0, seq: 0 },
  ].map((value) => encodeResult('messages.sendMessage', value, LOAD_LAYER).readInt32LE(0)),
])
const MARK_BYTES = Buffer.from(MARK)
const PEER_BYTES = 12
const MESSAGE_ID_UPDATE_BYTES = 16
const FLAG_OUT = 2
const FLAG_FROM_ID = 256

/**
 * Reads an `Updates` of the load's layer, and passes over service messages. The shape that nearly all have (one plain text message) is read in place, which
 * keeps a load process several times cheaper than the server; anything else goes through the codec.
 */
export function readUpdates(body: Buffer, sink: UpdatesSink): void {
  const id = body.readInt32LE(0)
  if (!UPDATES_IDS.has(id) || (id === UPDATES_ID && readPlain(body, sink))) return
  const updates = decodeResult('messages.sendMessage', body, LOAD_LAYER) as TlType<'Updates'>
  if (updates._ === 'updatesTooLong') sink.tooLong()
  else if (updates._ === 'updateShort') readUpdate(updates.update, sink)
  else if ('updates' in updates) for (const update of updates.updates) readUpdate(update, sink)
}

function readUpdate(update: TlType<'Update'>, sink: UpdatesSink): void {
  const channelId = channelOf(update)
  if (channelId !== undefined && 'pts' in update && 'ptsCount' in update)
    sink.channelMoved?.(channelId, update.pts, update.ptsCount, newIn(update))
  else if (update._ === 'updateNewMessage')
    sink.counted(update.pts, update.ptsCount, messageOf(update.message))
  else if ('pts' in update && 'ptsCount' in update) sink.counted(update.pts, update.ptsCount, undefined)
}

function newIn(update: TlType<'Update'>): MailboxMessage | undefined {
  return update._ === 'updateNewChannelMessage' ? messageOf(update.message) : undefined
}

/** The channel whose pts an update moves; undefined for one that counts in the mailbox, or nowhere. */
function channelOf(update: TlType<'Update'>): number | undefined {
  if ('channelId' in update) return update.channelId
  const isOfChannel = update._ === 'updateNewChannelMessage' || update._ === 'updateEditChannelMessage'
  const peer = isOfChannel ? update.message.peerId : undefined
  return peer?._ === 'peerChannel' ? peer.channelId : undefined
}

/** True where the bytes had the usual shape and were read. */
function readPlain(body: Buffer, sink: UpdatesSink): boolean {
  let at = 12
  if (body.readInt32LE(at) === MESSAGE_ID_UPDATE_ID && body.readInt32LE(8) === 2)
    at += MESSAGE_ID_UPDATE_BYTES
  else if (body.readInt32LE(8) !== 1) return false
  if (body.readInt32LE(at) !== NEW_MESSAGE_ID || body.readInt32LE(at + 4) !== MESSAGE_ID) return false
  const flags = body.readInt32LE(at + 8)
  if ((flags & ~(FLAG_OUT | FLAG_FROM_ID)) !== 0 || body.readInt32LE(at + 12) !== 0) return false
  const msgId = body.readInt32LE(at + 16)
  at += 20
  if ((flags & FLAG_FROM_ID) !== 0) at += PEER_BYTES
  if (body.readInt32LE(at) !== PEER_USER_ID) return false
  at += PEER_BYTES + 4
  const long = body[at] === 254
  const size = long ? body.readUIntLE(at + 1, 3) : (body[at] as number)
  const textAt = at + (long ? 4 : 1)
  if (body.compare(MARK_BYTES, 0, MARK_BYTES.length, textAt, textAt + MARK_BYTES.length) !== 0) return false
  const { stream, number } = markAt(body, textAt)
  const end = textAt + size
  const ptsAt = end + ((4 - (end & 3)) & 3)
  sink.counted(body.readInt32LE(ptsAt), body.readInt32LE(ptsAt + 4), { msgId, stream, number })
  return true
}

/** A message as the mailbox checks want it. */
export function messageOf(message: TlType<'Message'>): MailboxMessage {
  const mark = message._ === 'message' ? markOf(message.message) : undefined
  const known = { msgId: message.id, stream: mark?.stream ?? -1, number: mark?.number ?? 0 }
  const file = mark && fileIn(message)
  return file === undefined ? known : { ...known, file }
}

function fileIn(message: TlType<'Message'>): FileLocation | undefined {
  const media = message._ === 'message' ? message.media : undefined
  const document = media?._ === 'messageMediaDocument' ? media.document : undefined
  if (document?._ !== 'document') return undefined
  const { id, accessHash, size } = document
  // A copy: what is decoded may be a view of the packet, all of which it would keep.
  return { id, accessHash, fileReference: Buffer.from(document.fileReference), sizeBytes: size }
}

/** What one answer of `updates.getDifference` tells, and whether it is the last. */
export type ReadDifference =
  | { readonly part: DifferencePart; readonly isLast: boolean }
  | { readonly skipTo: number }
  | undefined

/** Undefined: there is nothing new; `skipTo`: the client was too far behind and goes on from there. */
export function readDifference(bytes: Buffer): ReadDifference {
  const difference = decodeResult('updates.getDifference', bytes, LOAD_LAYER) as TlType<'updates.Difference'>
  if (difference._ === 'updates.differenceEmpty') return undefined
  if (difference._ === 'updates.differenceTooLong') return { skipTo: difference.pts }
  const isLast = difference._ === 'updates.difference'
  const { pts } = isLast ? difference.state : difference.intermediateState
  const messages = difference.newMessages.map(messageOf)
  return { part: { messages, others: difference.otherUpdates.length, pts }, isLast }
}

/** What one answer of `updates.getChannelDifference` tells, and whether it is the last; undefined where it leaves something out. */
export function readChannelDifference(
  bytes: Buffer,
): { readonly part: DifferencePart; readonly isLast: boolean } | undefined {
  const method = 'updates.getChannelDifference'
  const difference = decodeResult(method, bytes, LOAD_LAYER) as TlType<'updates.ChannelDifference'>
  if (difference._ === 'updates.channelDifferenceTooLong') return undefined
  const { pts } = difference
  if (difference._ === 'updates.channelDifferenceEmpty')
    return { part: { messages: [], others: 0, pts }, isLast: true }
  const { newMessages, otherUpdates, final } = difference
  const messages = newMessages.map(messageOf)
  return { part: { messages, others: otherUpdates.length, pts }, isLast: final === true }
}
