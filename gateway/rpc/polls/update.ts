import type { PeerId, UserId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { decodeObject } from '@heliograph/schemas/tl'
import type { Content } from '../messages/content.ts'
import { peerNumber, renderPeer } from '../render/peer.ts'
import { type PollMedia, shownPoll } from './shown.ts'
import type { PollState } from './state.ts'

/** The poll of a message as it is stored; undefined where there is none. */
export function pollOf(content: Pick<Content, 'media'> | undefined): PollMedia | undefined {
  if (content === undefined || content.media === null) return undefined
  const media = decodeObject(content.media) as TlType<'MessageMedia'>
  return media._ === 'messageMediaPoll' ? media : undefined
}

/** How a poll stands; `at` names the message to the viewer, and is left out where that differs from viewer to viewer. */
export function pollUpdate(
  media: PollMedia,
  state: PollState,
  out: boolean,
  at?: { readonly peerId: PeerId; readonly msgId: number },
): Tl<'updateMessagePoll'> {
  const { poll, results } = shownPoll(media, state, out)
  const update = { _: 'updateMessagePoll', pollId: poll.id, poll, results } as const
  return at === undefined ? update : { ...update, peer: renderPeer(at.peerId), msgId: at.msgId }
}

/** Those whom the update names. */
export function votersOf({ results }: Tl<'updateMessagePoll'>): UserId[] {
  return (results.recentVoters ?? []).map((peer) => peerNumber(peer) as number as UserId)
}
