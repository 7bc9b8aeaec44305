import type { PeerId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'

/** A peer number as TL value. Only users are peers so far. */
export function renderPeer(peerId: PeerId | number): TlType<'Peer'> {
  return { _: 'peerUser', userId: peerId }
}
