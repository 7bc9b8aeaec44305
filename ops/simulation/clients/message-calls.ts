import type { Result, TlType } from '@heliograph/schemas/tl'
import type { Device } from './device.ts'

/** What clients do alike with messages, whatever kind of chat they stand in. */

const NEWEST = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n } as const

/** The id that a message got which was sent just now. */
export function sentId(updates: TlType<'Updates'>): number {
  const id = 'updates' in updates ? updates.updates.find(({ _ }) => _ === 'updateMessageID') : undefined
  if (id?._ !== 'updateMessageID') throw new Error('a message was sent and has no id')
  return id.id
}

export async function editMessage(
  device: Device,
  peer: TlType<'InputPeer'>,
  id: number,
  message: string,
): Promise<void> {
  device.take(await device.connection.until('messages.editMessage', { peer, id, message }))
}

export async function react(
  device: Device,
  peer: TlType<'InputPeer'>,
  msgId: number,
  emoticon: string,
): Promise<void> {
  const reaction = [{ _: 'reactionEmoji', emoticon }] as const
  device.take(await device.connection.until('messages.sendReaction', { peer, msgId, reaction }))
}

/** Deletes a message of the mailbox: of a private chat or a basic group. */
export async function deleteMessage(device: Device, id: number, revoke: boolean): Promise<void> {
  const { pts, ptsCount } = await device.connection.until('messages.deleteMessages', { id: [id], revoke })
  device.affected(pts, ptsCount, () => device.view.messages.delete(id))
}

/** Marks what has come as read, in a private chat or a basic group. */
export async function readHistory(
  device: Device,
  peer: TlType<'InputPeer'>,
  peerId: number,
  maxId: number,
): Promise<void> {
  const { pts, ptsCount } = await device.connection.until('messages.readHistory', { peer, maxId })
  device.affected(pts, ptsCount, () => device.view.noteRead(peerId, maxId))
}

/** The newest messages of a chat. */
export async function newestMessages(
  device: Device,
  peer: TlType<'InputPeer'>,
): Promise<TlType<'Message'>[]> {
  const asked = { peer, ...NEWEST }
  const history: Result<'messages.getHistory'> = await device.connection.until('messages.getHistory', asked)
  return 'messages' in history ? [...history.messages] : []
}
