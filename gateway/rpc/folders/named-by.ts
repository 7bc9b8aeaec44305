import { CHANNEL_PEER_BASE, type PeerId, type UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'

export type DialogFilter = Exclude<TlType<'DialogFilter'>, { readonly _: 'dialogFilterDefault' }>

/** The chats that folders name one by one, pinned ones too. Access hashes were checked when the folder was saved. */
export function peersNamedBy(filters: readonly DialogFilter[], user: UserId): Set<PeerId> {
  const inputs = filters.flatMap(({ pinnedPeers, includePeers }) => [...pinnedPeers, ...includePeers])
  return new Set(inputs.flatMap((input) => namedPeer(input, user) ?? []))
}

/** The number of a stored peer; undefined for what a folder cannot name. */
export function namedPeer(input: TlType<'InputPeer'>, user: UserId): PeerId | undefined {
  switch (input._) {
    case 'inputPeerSelf':
      return user as number as PeerId
    case 'inputPeerUser':
      return input.userId as PeerId
    case 'inputPeerChat':
      return -input.chatId as PeerId
    case 'inputPeerChannel':
      return (CHANNEL_PEER_BASE - input.channelId) as PeerId
    default:
      return undefined
  }
}
