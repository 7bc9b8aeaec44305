import { CHANNEL_PEER_BASE, type PeerId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { peersOfParticipant } from '../chats/participant.ts'
import type { LogAction } from '../chats/sealed.ts'
import { addPeersOf } from '../render/message-peers.ts'

/** Adds everybody that an event of the log names. */
export function addNamedPeers(peers: Set<PeerId>, action: LogAction): void {
  for (const value of Object.values(action) as unknown[]) {
    if (typeof value === 'object' && value !== null) addValue(peers, value as { readonly _?: string })
  }
  if ('userId' in action) peers.add(action.userId as PeerId)
  if ('approvedBy' in action) peers.add(action.approvedBy as PeerId)
  if (action._ === 'channelAdminLogEventActionChangeLinkedChat') {
    for (const id of [action.prevValue, action.newValue])
      if (id > 0) peers.add((CHANNEL_PEER_BASE - id) as PeerId)
  }
}

function addValue(peers: Set<PeerId>, value: { readonly _?: string }): void {
  switch (value._) {
    case 'message':
    case 'messageService':
      return addPeersOf(peers, value as TlType<'Message'>)
    case 'chatInviteExported':
      peers.add((value as Extract<TlType<'ExportedChatInvite'>, { adminId: number }>).adminId as PeerId)
      return
    default:
      if (value._?.startsWith('channelParticipant'))
        for (const peer of peersOfParticipant(value as TlType<'ChannelParticipant'>)) peers.add(peer)
  }
}
