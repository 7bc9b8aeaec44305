import { CHANNEL_PEER_BASE, chatIdOf, type PeerId, peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { channelUpdates, type RowOf } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { namedIn } from '../messages/answers.ts'
import { countsOf } from '../messages/dialogs/channels.ts'
import { dialogStates, dialogsWith, renderDialog } from '../messages/dialogs/state.ts'
import { topOf } from '../messages/mailbox/extent.ts'
import { type HistoryEntry, liveEntries } from '../messages/mailbox/history.ts'
import { locateIn } from '../messages/mailbox/locate.ts'
import { type ChannelMailbox, openChannel } from '../messages/mailbox/open.ts'
import { renderEntries } from '../messages/mailbox/rendered.ts'
import { inputChannelId } from '../peers.ts'
import { inRanges, type Wanted, wantedOf } from './channel-filter.ts'

/** Updates in one answer; a client that is further behind asks again. */
export const MAX_CHANNEL_SLICE = 100
/** Who is further behind gets the last messages instead of going through everything. */
export const MAX_CHANNEL_BEHIND = 5_000
/** When those who look into a channel without being in it ask again. */
const TIMEOUT_SECONDS = 30
/** A message that moved the pts so recently may be on its way to its row still. */
const RECENT_SECONDS = 10
const ABSENT_RETRY_MS = [10, 40, 160] as const

type Row = RowOf<typeof channelUpdates>

/**
 * `updates.getChannelDifference`: what moved a channel's pts since `pts`, in order, for members and for whoever may look into
 * it. New messages as they are now; in `other_updates` pts and pts_count are 0, as in `updates.getDifference`. Whoever is too far
 * behind gets the dialog and the last messages. Nothing is told that a crash could still undo.
 * @throws RpcError 400 PERSISTENT_TIMESTAMP_EMPTY, PERSISTENT_TIMESTAMP_INVALID, RANGES_INVALID, and those of `openChannel`
 */
export const getChannelDifference: Handler<'updates.getChannelDifference'> = async (call, context) => {
  if (call.pts === 0) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_EMPTY')
  if (call.pts < 0) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_INVALID')
  const wanted = wantedOf(call.filter)
  const channel = await openChannel(context, peerIdOfChat(inputChannelId(call.channel, context)))
  const { pts: end, topSeq } = await topOf(channel)
  await context.services.durable()
  if (call.pts > end) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_INVALID')
  if (call.pts === end)
    return { _: 'updates.channelDifferenceEmpty', final: true, pts: end, timeout: TIMEOUT_SECONDS }
  const limit = Math.max(1, Math.min(call.limit, MAX_CHANNEL_SLICE))
  if (end - call.pts > MAX_CHANNEL_BEHIND) return tooLong(context, channel, topSeq, limit)
  return slice(context, channel, { from: call.pts + 1, to: end, limit }, wanted)
}

async function tooLong(
  context: CallContext,
  channel: ChannelMailbox,
  topSeq: number,
  limit: number,
): Promise<Tl<'updates.channelDifferenceTooLong'>> {
  const { peerId } = channel
  const [states, [dialog], entries] = await Promise.all([
    dialogStates(context),
    dialogsWith(context, [peerId]),
    liveEntries(channel, { from: 1, to: topSeq, descending: true }, 0, limit),
  ])
  const messages = await renderEntries(context.services, context.user, entries)
  return {
    _: 'updates.channelDifferenceTooLong',
    final: true,
    timeout: TIMEOUT_SECONDS,
    dialog: renderDialog(context, states, dialog!, await countsOf(context, dialog!)),
    messages,
    ...(await namedIn(context, messages, [peerId])),
  }
}

async function slice(
  context: CallContext,
  channel: ChannelMailbox,
  range: { readonly from: number; readonly to: number; readonly limit: number },
  wanted: Wanted,
): Promise<Tl<'updates.channelDifference'>> {
  const chatId = chatIdOf(context.user, channel.peerId)
  const rows = await channel.tables.range(channelUpdates, { chatId }, { ...range, limit: range.limit + 1 })
  const page = rows.slice(0, range.limit)
  const isFinal = page.length === rows.length
  const bodies = await bodiesOf(context, channel, page)
  const newMessages: TlType<'Message'>[] = []
  const otherUpdates: TlType<'Update'>[] = []
  for (const row of page) {
    if (row.kind !== 'message') addOther(otherUpdates, channel.peerId, row, bodies, wanted)
    else if (wanted.newMessages && inRanges(wanted, row.seq!)) {
      const message = bodies.get(row.seq!)
      if (message !== undefined) newMessages.push(message)
    }
  }
  return {
    _: 'updates.channelDifference',
    // Whoever has to ask on at once is told of no time to wait: some clients would wait.
    ...(isFinal && { final: true, timeout: TIMEOUT_SECONDS }),
    pts: isFinal ? range.to : page[page.length - 1]!.pts!,
    newMessages,
    otherUpdates,
    ...(await namedIn(context, [...bodies.values()], [channel.peerId])),
  }
}

const COUNTED = { pts: 0, ptsCount: 0 } as const

function addOther(
  updates: TlType<'Update'>[],
  peerId: PeerId,
  { kind, seq, seqs }: Row,
  bodies: ReadonlyMap<number, TlType<'Message'>>,
  wanted: Wanted,
): void {
  const channelId = CHANNEL_PEER_BASE - peerId
  const messages = (seqs ?? []).filter((each) => inRanges(wanted, each))
  if (kind === 'edit') {
    const message = inRanges(wanted, seq!) ? bodies.get(seq!) : undefined
    if (message !== undefined) updates.push({ _: 'updateEditChannelMessage', message, ...COUNTED })
  } else if (messages.length === 0) return
  else if (kind === 'delete')
    updates.push({ _: 'updateDeleteChannelMessages', channelId, messages, ...COUNTED })
  else if (kind === 'pin' || kind === 'unpin')
    updates.push({
      _: 'updatePinnedChannelMessages',
      ...(kind === 'pin' && { pinned: true }),
      channelId,
      messages,
      ...COUNTED,
    })
}

/** The messages that a page is about as they are now, by seq; those that were deleted since are not there. */
async function bodiesOf(
  context: CallContext,
  channel: ChannelMailbox,
  page: readonly Row[],
): Promise<Map<number, TlType<'Message'>>> {
  const { services, user, now } = context
  const told = page.filter(({ kind }) => kind === 'message' || kind === 'edit')
  const seqs = [...new Set(told.map(({ seq }) => seq!))]
  const gone = new Set(page.flatMap(({ kind, seqs: deleted }) => (kind === 'delete' ? (deleted ?? []) : [])))
  const isRecent = told.some(({ date }) => now - (date ?? 0) < RECENT_SECONDS)
  for (let tries = 0; ; tries++) {
    const located = await locateIn(channel, seqs)
    const isAbsent = located.some((entry, i) => entry === undefined && !gone.has(seqs[i]!))
    const waitMs = isAbsent && isRecent ? ABSENT_RETRY_MS[tries] : undefined
    if (waitMs === undefined) {
      const found = located.filter((entry): entry is HistoryEntry => entry !== undefined)
      const rendered = await renderEntries(services, user, found)
      return new Map(found.map(({ seq }, i) => [seq, rendered[i]!]))
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}
