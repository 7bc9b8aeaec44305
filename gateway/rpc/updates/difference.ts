import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { dialogs, mailboxUpdates, type RowOf } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { countersOf, FIRST_PTS, namedIn } from '../messages/answers.ts'
import { locate } from '../messages/mailbox/locate.ts'
import { type OpenedMessage, openMessages, renderStanding } from '../messages/mailbox/rendered.ts'
import { renderPeer } from '../render/peer.ts'
import { type ChangedChannels, changedChannels } from './changed-channels.ts'
import { stateAt, stateOf } from './state.ts'

/** Updates in one answer; a client that is further behind asks again. */
export const MAX_SLICE = 100
/** A body that is absent for longer will not come: its chat has been parked. */
const MAX_BODY_LAG_SECONDS = 3600
/** Waits until bodies are read again that lag behind the mailbox. */
const LAG_RETRY_MS = [20, 80, 320] as const
/** Who is further behind reads its dialogs anew instead of going through everything. */
export const MAX_BEHIND = 100_000

export type UpdateRow = RowOf<typeof mailboxUpdates>

/**
 * `updates.getDifference`: what moved the caller's pts since `pts`, in order. New messages stand in `new_messages` as they
 * are now; everything else in `other_updates` with pts and pts_count 0, since clients take those as already counted by the
 * state and would drop updates that seem to lie behind it. A pts that the mailbox has not reached is answered by the
 * state as it is, from which the client goes on. Nothing is told that a crash could still undo: a client must not know a
 * pts that is given to something else later.
 * @throws RpcError 400 PERSISTENT_TIMESTAMP_EMPTY, PERSISTENT_TIMESTAMP_INVALID, DATE_EMPTY
 */
export const getDifference: Handler<'updates.getDifference'> = async (call, context) => {
  if (call.pts === 0) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_EMPTY')
  if (call.pts < 0) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_INVALID')
  if (call.date === 0) throw new RpcError(400, 'DATE_EMPTY')
  await context.services.hearing.until(context.user)
  const [difference, channels] = await Promise.all([
    differenceSince(call, context),
    changedChannels(context, call.date),
  ])
  await context.services.durable()
  return channels.updates.length === 0 ? difference : withChannels(context, call.pts, difference, channels)
}

/** The end of a difference also names the channels whose own differences are to be taken. */
async function withChannels(
  context: CallContext,
  pts: number,
  difference: TlType<'updates.Difference'>,
  { updates, peers }: ChangedChannels,
): Promise<TlType<'updates.Difference'>> {
  if (difference._ === 'updates.differenceEmpty') {
    const { users, chats } = await namedIn(context, [], [context.user, ...peers])
    const parts = { newMessages: [], newEncryptedMessages: [], otherUpdates: updates, chats, users }
    const state = { ...(await stateOf(context)), pts: Math.max(pts, FIRST_PTS) }
    return { _: 'updates.difference', ...parts, state }
  }
  if (difference._ !== 'updates.difference') return difference
  const { chats } = await namedIn(context, [], peers)
  const known = new Set(difference.chats.map(({ id }) => id))
  return {
    ...difference,
    otherUpdates: [...difference.otherUpdates, ...updates],
    chats: [...difference.chats, ...chats.filter(({ id }) => !known.has(id))],
  }
}

async function differenceSince(
  call: Parameters<typeof getDifference>[0],
  context: CallContext,
): Promise<TlType<'updates.Difference'>> {
  const { pts: end } = await countersOf(context)
  const since = call.pts
  if (since === end) return { _: 'updates.differenceEmpty', date: context.now, seq: 0 }
  if (since > end)
    return { _: 'updates.difference', ...(await partsOf(context, [])), state: await stateOf(context) }
  const limit = Math.min(call.ptsTotalLimit ?? MAX_BEHIND, MAX_BEHIND)
  if (end - since > limit) return { _: 'updates.differenceTooLong', pts: end }
  return slice(context, since, end, sliceLimit(call.ptsLimit))
}

const sliceLimit = (asked: number | undefined): number =>
  asked === undefined || asked <= 0 ? MAX_SLICE : Math.min(asked, MAX_SLICE)

/** Up to `end` and no further: what lies beyond the counted pts is still being written, in any order. */
async function slice(
  context: CallContext,
  since: number,
  end: number,
  limit: number,
): Promise<TlType<'updates.Difference'>> {
  const { services, user } = context
  const range = { from: since + 1, to: end, limit: limit + 1 }
  const rows = await services.tables.range(mailboxUpdates, { userId: user }, range)
  const page = rows.slice(0, limit)
  const parts = await partsOf(context, page)
  if (page.length === rows.length)
    return { _: 'updates.difference', ...parts, state: await finalState(context, page) }
  const intermediateState = stateAt(page[page.length - 1]!.pts!, context.now, 0)
  return { _: 'updates.differenceSlice', ...parts, intermediateState }
}

/** The pts of what was given, not of what may have come since. */
async function finalState(context: CallContext, page: readonly UpdateRow[]): Promise<Tl<'updates.state'>> {
  const state = await stateOf(context)
  return { ...state, pts: page[page.length - 1]?.pts ?? state.pts }
}

interface DifferenceParts {
  newMessages: TlType<'Message'>[]
  newEncryptedMessages: TlType<'EncryptedMessage'>[]
  otherUpdates: TlType<'Update'>[]
  chats: TlType<'Chat'>[]
  users: TlType<'User'>[]
}

async function partsOf(context: CallContext, rows: readonly UpdateRow[]): Promise<DifferenceParts> {
  const bodies = await messagesById(context, rows)
  const unread = await unreadByPeer(context, rows)
  const newMessages: TlType<'Message'>[] = []
  const otherUpdates: TlType<'Update'>[] = []
  for (const row of lastOfEach(rows)) {
    const message = bodies.get(row.msgId ?? 0)
    if (row.kind === 'message') {
      if (message !== undefined) newMessages.push(message)
    } else {
      const update = otherUpdate(row, message, unread)
      if (update !== undefined) otherUpdates.push(update)
    }
  }
  const named = await namedIn(context, [...bodies.values()], [context.user, ...peersOf(rows)])
  return { newMessages, newEncryptedMessages: [], otherUpdates, ...named }
}

function bodyIds(rows: readonly UpdateRow[]): number[] {
  const ids = rows.filter((row) => row.kind === 'message' || row.kind === 'edit').map((row) => row.msgId ?? 0)
  return [...new Set(ids)]
}

const peersOf = (rows: readonly UpdateRow[]): PeerId[] =>
  rows.flatMap((row) => (row.peerId ? [row.peerId as PeerId] : []))

/**
 * Messages that are still there, as they are now, but for what was changed in a group since the caller left it. One of late whose
 * body cannot be read yet, or not as the mailbox has it edited, is a 500: a client that is told of it without that would go on
 * without it for ever.
 */
async function messagesById(
  context: CallContext,
  rows: readonly UpdateRow[],
): Promise<Map<number, TlType<'Message'>>> {
  const { services, user } = context
  const located = (await locate(services.tables, user, bodyIds(rows))).filter((entry) => entry !== undefined)
  const edited = new Map(
    rows.flatMap((row) => (row.kind === 'edit' ? [[row.msgId ?? 0, row.date ?? 0] as const] : [])),
  )
  const lags = (message: OpenedMessage) => lagsBehind(message, edited.get(message.entry.msgId), context.now)
  for (let tries = 0; ; tries++) {
    const opened = await openMessages(services, user, located)
    if (!opened.some(lags)) {
      const shown = opened.filter(({ isHidden }) => isHidden !== true)
      const rendered = await renderStanding(services, user, shown)
      return new Map(shown.map(({ entry }, i) => [entry.msgId, rendered[i]!]))
    }
    const waitMs = LAG_RETRY_MS[tries]
    if (waitMs === undefined) throw new RpcError(500, 'INTERNAL')
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

/** @param editedAt when the mailbox has it edited last */
function lagsBehind(
  { isAbsent, editDate, entry }: OpenedMessage,
  editedAt: number | undefined,
  now: number,
): boolean {
  if (isAbsent) return now - entry.date < MAX_BODY_LAG_SECONDS
  return editedAt !== undefined && editDate < editedAt && now - editedAt < MAX_BODY_LAG_SECONDS
}

/** Leaves out what a later row of the page says again: edits before another edit, and reads that a later one goes beyond. */
export function lastOfEach(rows: readonly UpdateRow[]): UpdateRow[] {
  const said = new Set<string>()
  const kept: UpdateRow[] = []
  for (const row of [...rows].reverse()) {
    const key = keyOf(row)
    if (key !== undefined && said.has(key)) continue
    if (key !== undefined) said.add(key)
    kept.push(row)
  }
  return kept.reverse()
}

function keyOf(row: UpdateRow): string | undefined {
  if (row.kind === 'edit') return `edit ${row.msgId}`
  if (row.kind === 'read-in' || row.kind === 'read-out') return `${row.kind} ${row.peerId}`
  return undefined
}

async function unreadByPeer(
  { services, user }: CallContext,
  rows: readonly UpdateRow[],
): Promise<Map<number, number>> {
  const peers = [...new Set(rows.filter((row) => row.kind === 'read-in').map((row) => row.peerId!))]
  if (peers.length === 0) return new Map()
  const refs = peers.map((peerId) => ({ table: dialogs, key: { userId: user, peerId } }))
  const found = (await services.tables.getMany(refs)) as (RowOf<typeof dialogs> | undefined)[]
  return new Map(peers.map((peerId, index) => [peerId, found[index]?.unread ?? 0]))
}

const COUNTED = { pts: 0, ptsCount: 0 } as const

function otherUpdate(
  row: UpdateRow,
  message: TlType<'Message'> | undefined,
  unread: ReadonlyMap<number, number>,
): TlType<'Update'> | undefined {
  const peerId = row.peerId as PeerId
  switch (row.kind) {
    case 'edit':
      return message && { _: 'updateEditMessage', message, ...COUNTED }
    case 'delete':
      return { _: 'updateDeleteMessages', messages: [...(row.msgIds ?? [])], ...COUNTED }
    case 'read-in':
      return {
        _: 'updateReadHistoryInbox',
        peer: renderPeer(peerId),
        maxId: row.msgId ?? 0,
        stillUnreadCount: unread.get(peerId) ?? 0,
        ...COUNTED,
      }
    case 'read-out':
      return { _: 'updateReadHistoryOutbox', peer: renderPeer(peerId), maxId: row.msgId ?? 0, ...COUNTED }
    case 'pin':
    case 'unpin':
      return {
        _: 'updatePinnedMessages',
        ...(row.kind === 'pin' && { pinned: true }),
        peer: renderPeer(peerId),
        messages: [...(row.msgIds ?? [])],
        ...COUNTED,
      }
    case 'contents':
      return { _: 'updateReadMessagesContents', messages: [...(row.msgIds ?? [])], ...COUNTED }
    default:
      return undefined
  }
}
