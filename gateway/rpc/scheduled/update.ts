import { isChannelPeer, type PeerId, type UserId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { mailboxHistory } from '@heliograph/storage'
import { renderNamed, updatesOf } from '../messages/answers.ts'
import { addPeersOf } from '../render/message-peers.ts'
import { renderPeer } from '../render/peer.ts'
import type { Services } from '../services.ts'
import { findScheduled, renderScheduled } from './scheduled.ts'

type Reading = Pick<Services, 'tables' | 'keyring' | 'codec' | 'directory' | 'chats'>

/**
 * How a user's other sessions are told of its scheduled messages. `name`, as the actor gives it: `put/<id>`, or
 * `gone/<ids>/<seqs that they were sent as>`.
 */
export async function scheduledUpdates(
  services: Reading,
  user: UserId,
  peerId: PeerId,
  name: string,
  now: number,
): Promise<Tl<'updates'> | undefined> {
  const [kind, ids = '', seqs = ''] = name.split('/')
  const peers = new Set<PeerId>([peerId])
  const update =
    kind === 'put'
      ? await putUpdate(services, user, peerId, Number(ids), peers)
      : await goneUpdate(services, user, peerId, numbers(ids), numbers(seqs))
  if (update === undefined) return undefined
  const { users, chats } = await renderNamed({ services, user, now }, peers)
  return updatesOf([update], users, now, chats)
}

const numbers = (list: string): number[] => (list === '' ? [] : list.split(',').map(Number))

async function putUpdate(
  services: Reading,
  user: UserId,
  peerId: PeerId,
  id: number,
  peers: Set<PeerId>,
): Promise<TlType<'Update'> | undefined> {
  const found = await findScheduled(services, user, peerId, [id])
  const [message] = await renderScheduled(services, user, peerId, found)
  if (message === undefined) return undefined
  addPeersOf(peers, message)
  return { _: 'updateNewScheduledMessage', message }
}

async function goneUpdate(
  services: Reading,
  user: UserId,
  peerId: PeerId,
  ids: number[],
  seqs: number[],
): Promise<TlType<'Update'>> {
  const update = { _: 'updateDeleteScheduledMessages', peer: renderPeer(peerId), messages: ids } as const
  const sentMessages = await sentIds(services, user, peerId, seqs)
  return sentMessages.length === ids.length ? { ...update, sentMessages } : update
}

/** The user's ids of what was sent, as far as its mailbox has them by now. */
async function sentIds(
  { tables }: Pick<Services, 'tables'>,
  userId: UserId,
  peerId: PeerId,
  seqs: number[],
): Promise<number[]> {
  if (isChannelPeer(peerId)) return seqs
  const rows = await tables.getMany(
    seqs.map((seq) => ({ table: mailboxHistory, key: { userId, peerId, seq } })),
  )
  return rows.flatMap((row) => (row === undefined ? [] : [Number(row.msgId)]))
}
