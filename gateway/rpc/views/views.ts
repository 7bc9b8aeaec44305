import { chatIdOf, isChannelPeer } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { namedIn } from '../messages/answers.ts'
import { isBroadcast } from '../messages/mailbox/broadcast.ts'
import type { HistoryEntry } from '../messages/mailbox/history.ts'
import { locateIn } from '../messages/mailbox/locate.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { inputPeerId } from '../peers.ts'
import type { Draft } from '../render/message.ts'
import { peerNumber } from '../render/peer.ts'
import { threadMarksOf } from '../threads/marks.ts'
import { countersOf, placeOf } from './beside.ts'
import { postCounts } from './count.ts'
import { newlySeen } from './seen.ts'

const MAX_IDS = 100

/**
 * `messages.getMessagesViews`: how often posts of a channel were seen and forwarded, and what has been said about them; with
 * `increment` the caller sees them now, which counts once a day. Other messages have no counters.
 */
export const getMessagesViews: Handler<'messages.getMessagesViews'> = async (call, context) => {
  if (call.id.length > MAX_IDS) throw new RpcError(400, 'MSG_ID_INVALID')
  const peerId = inputPeerId(call.peer, context)
  const entries = await locateIn(await openMailbox(context, peerId), call.id)
  const { services, user } = context
  const isPost = isChannelPeer(peerId) && (await isBroadcast(services.tables, chatIdOf(user, peerId)))
  const found = entries.filter((entry): entry is HistoryEntry => entry !== undefined)
  if (isPost && call.increment) await see(context, found)
  const shown = await viewsOf(context, found, isPost)
  let next = 0
  const views = entries.map((entry) => (entry === undefined ? NO_VIEWS : shown[next++]!))
  const repliers = views.flatMap(({ replies }) => replies?.recentRepliers ?? [])
  const named = await namedIn(context, [], [peerId, ...repliers.map(peerNumber)])
  return { _: 'messages.messageViews', views, ...named }
}

const NO_VIEWS: Tl<'messageViews'> = { _: 'messageViews' }

async function see({ services, user, now }: CallContext, posts: readonly HistoryEntry[]): Promise<void> {
  if (posts.length === 0) return
  const chatId = chatIdOf(user, posts[0]!.peerId)
  const seqs = posts.map(({ seq }) => seq)
  const counts = postCounts(services)
  for (const seq of await newlySeen(services.cache, user, chatId, seqs, now)) counts.add(chatId, seq, 1, 0)
}

/** What is counted, and what still waits to be. */
async function viewsOf(
  { services, user }: CallContext,
  found: readonly HistoryEntry[],
  isPost: boolean,
): Promise<Tl<'messageViews'>[]> {
  const places = found.map((entry) => placeOf(user, { entry, isPost }))
  const placed = found.map((entry) => ({ entry, row: entry.row }))
  const [counters, threads] = await Promise.all([
    countersOf(services.tables, places),
    threadMarksOf(services.tables, user, placed),
  ])
  return places.map(({ chatId, seq }, i) => {
    const views: Draft<Tl<'messageViews'>> = { _: 'messageViews' }
    const counted = counters[i]
    if (counted !== undefined) {
      const waiting = postCounts(services).waiting(chatId, seq)
      views.views = Math.max(1, counted.views + (waiting?.views ?? 0))
      views.forwards = counted.forwards + (waiting?.forwards ?? 0)
    }
    const replies = threads[i]?.replies
    return replies === undefined ? views : { ...views, replies }
  })
}
