import { CHANNEL_PEER_BASE, type PeerId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'

/** A peer number as TL value. */
export function renderPeer(peerId: PeerId | number): TlType<'Peer'> {
  if (peerId > 0) return { _: 'peerUser', userId: peerId }
  if (peerId > CHANNEL_PEER_BASE) return { _: 'peerChat', chatId: -peerId }
  return { _: 'peerChannel', channelId: CHANNEL_PEER_BASE - peerId }
}

/** The number that a TL peer stands for. */
export function peerNumber(peer: TlType<'Peer'>): PeerId {
  if (peer._ === 'peerUser') return peer.userId as PeerId
  return (peer._ === 'peerChat' ? -peer.chatId : CHANNEL_PEER_BASE - peer.channelId) as PeerId
}
