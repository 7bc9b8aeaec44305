import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { CHANNEL_PEER_BASE } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { SENDER_IS_HIDDEN } from './message-headers.ts'
import { peerNumber } from './peer.ts'

/** Adds every user, group and channel that a client must know to show the message. */
export function addPeersOf(peers: Set<PeerId>, message: TlType<'Message'>): void {
  addPeer(peers, message.peerId)
  if (message._ === 'messageEmpty') return
  addPeer(peers, message.fromId)
  if (message.replyTo?._ === 'messageReplyHeader') {
    addPeer(peers, message.replyTo.replyToPeerId)
    addPeer(peers, message.replyTo.replyFrom?.fromId)
  }
  if (message._ === 'messageService') addNamed(peers, message.action)
  else addPeersOfText(peers, message)
}

function addPeersOfText(peers: Set<PeerId>, message: Extract<TlType<'Message'>, { _: 'message' }>): void {
  addPeer(peers, message.fwdFrom?.fromId)
  addPeer(peers, message.fwdFrom?.savedFromPeer)
  addPeer(peers, message.savedPeerId)
  for (const replier of message.replies?.recentRepliers ?? []) addPeer(peers, replier)
  if (message.viaBotId !== undefined) peers.add(message.viaBotId as PeerId)
  for (const entity of message.entities ?? []) {
    if (entity._ === 'messageEntityMentionName') peers.add(entity.userId as PeerId)
  }
  const { media } = message
  if (media?._ === 'messageMediaContact' && media.userId !== 0) peers.add(media.userId as PeerId)
  else if (
    media?._ === 'messageMediaPoll' ||
    media?._ === 'messageMediaStory' ||
    media?._ === 'messageMediaToDo'
  )
    addNamed(peers, media)
}

/** The users among the peers of a message. */
export function addUsersOf(users: Set<UserId>, message: TlType<'Message'>): void {
  const peers = new Set<PeerId>()
  addPeersOf(peers, message)
  for (const peer of peers) if (peer > 0) users.add(peer as number as UserId)
}

function addPeer(peers: Set<PeerId>, peer: TlType<'Peer'> | undefined): void {
  if (peer === undefined) return
  const id = peerNumber(peer)
  if (id !== SENDER_IS_HIDDEN) peers.add(id)
}

/** Fields of service actions that hold a bare number of a user. */
const USER_FIELDS: ReadonlySet<string> = new Set(['userId', 'inviterId', 'newCreatorId'])

/** Everybody that a value names, wherever in it: for what is rare and small. */
function addNamed(peers: Set<PeerId>, value: object): void {
  for (const [name, field] of Object.entries(value)) {
    if (typeof field === 'number') addNumber(peers, name, field)
    else if (Array.isArray(field)) addList(peers, name, field)
    else if (field !== null && typeof field === 'object') addValue(peers, field)
  }
}

function addNumber(peers: Set<PeerId>, name: string, id: number): void {
  if (id <= 0) return
  if (USER_FIELDS.has(name)) peers.add(id as PeerId)
  else if (name === 'chatId') peers.add(-id as PeerId)
  else if (name === 'channelId') peers.add((CHANNEL_PEER_BASE - id) as PeerId)
}

function addList(peers: Set<PeerId>, name: string, list: readonly unknown[]): void {
  for (const item of list) {
    if (typeof item === 'number' && name === 'users') peers.add(item as PeerId)
    else if (item !== null && typeof item === 'object') addValue(peers, item)
  }
}

function addValue(peers: Set<PeerId>, value: object): void {
  const kind = (value as { _?: string })._
  if (kind === 'peerUser' || kind === 'peerChat' || kind === 'peerChannel') {
    addPeer(peers, value as TlType<'Peer'>)
  } else if (!ArrayBuffer.isView(value)) addNamed(peers, value)
}
