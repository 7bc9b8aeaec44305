import { chatIdOf, isChannelPeer, type PeerId, type UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import type { Tables } from '@heliograph/storage'
import { type Named, renderNamed } from '../messages/answers.ts'
import { isBroadcast } from '../messages/mailbox/broadcast.ts'
import type { HistoryEntry } from '../messages/mailbox/history.ts'
import { peerNumber, renderPeer } from '../render/peer.ts'
import { placeOf } from '../views/beside.ts'
import { NO_REACTIONS, type Reactions, reactionsAt } from './shown.ts'

type Update = Tl<'updateMessageReactions'>

/** What has been said to messages of one chat, as the viewer sees it. */
export async function reactionUpdates(
  { tables }: { readonly tables: Tables },
  viewer: UserId,
  peerId: PeerId,
  entries: readonly Pick<HistoryEntry, 'peerId' | 'seq' | 'out' | 'msgId' | 'row'>[],
): Promise<Update[]> {
  const isPost = isChannelPeer(peerId) && (await isBroadcast(tables, chatIdOf(viewer, peerId)))
  const places = entries.map((entry) => placeOf(viewer, { entry, isPost }))
  const shown = await reactionsAt(tables, viewer, places)
  return entries.map(({ msgId, row }, i) => updateOf(peerId, msgId, shown[i] ?? NO_REACTIONS, row?.threadSeq))
}

export function updateOf(
  peerId: PeerId,
  msgId: number,
  reactions: Reactions,
  threadSeq?: number | null,
): Update {
  const update = { _: 'updateMessageReactions', peer: renderPeer(peerId), msgId, reactions } as const
  return threadSeq ? { ...update, topMsgId: threadSeq } : update
}

/** Those whom the updates name. */
export function peersOf(peerId: PeerId, updates: readonly Update[]): Set<PeerId> {
  const peers = new Set([peerId])
  for (const { reactions } of updates) {
    for (const recent of reactions.recentReactions ?? []) peers.add(peerNumber(recent.peerId))
  }
  return peers
}

export async function namedByReactions(
  services: Parameters<typeof renderNamed>[0]['services'],
  user: UserId,
  now: number,
  peerId: PeerId,
  updates: readonly Update[],
): Promise<Named> {
  return renderNamed({ services, user, now }, peersOf(peerId, updates))
}
