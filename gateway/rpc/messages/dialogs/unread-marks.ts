import type { PeerId, UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { settings } from '@heliograph/storage'
import type { CallContext, Handler } from '../../handler.ts'
import { renderPeer } from '../../render/peer.ts'
import type { Services } from '../../services.ts'
import { writeSetting } from '../../settings.ts'
import { inputDialogPeerId } from './dialog-peer.ts'

export const UNREAD_MARK_PREFIX = 'unread-mark:'
const MAX_UNREAD_MARKS = 1000
const MARKED = Buffer.from([1])

const markName = (peerId: PeerId): string => `${UNREAD_MARK_PREFIX}${peerId}`

/** Whether the user marked a chat as unread by hand. */
export async function isMarkedUnread(
  { tables }: Pick<Services, 'tables'>,
  userId: UserId,
  peerId: PeerId,
): Promise<boolean> {
  const row = await tables.get(settings, { userId, name: markName(peerId) })
  return row !== undefined && row.sealed !== null
}

/** The chats that a user marked as unread. */
export async function unreadMarks(services: Pick<Services, 'tables'>, userId: UserId): Promise<PeerId[]> {
  const range = { from: UNREAD_MARK_PREFIX, to: `${UNREAD_MARK_PREFIX}\uffff`, limit: MAX_UNREAD_MARKS }
  const rows = await services.tables.range(settings, { userId }, range)
  return rows
    .filter((row) => row.sealed !== null)
    .map((row) => Number(row.name!.slice(UNREAD_MARK_PREFIX.length)) as PeerId)
}

/** Sets or takes away the mark; nothing happens where it is so already. */
export async function setUnreadMark(context: CallContext, peerId: PeerId, marked: boolean): Promise<void> {
  if ((await isMarkedUnread(context.services, context.user, peerId)) === marked) return
  await writeSetting(context, markName(peerId), marked ? MARKED : null)
}

/** `messages.markDialogUnread` */
export const markDialogUnread: Handler<'messages.markDialogUnread'> = async (call, context) => {
  await setUnreadMark(context, inputDialogPeerId(call.peer, context), call.unread === true)
  return true
}

/** `messages.getDialogUnreadMarks` */
export const getDialogUnreadMarks: Handler<'messages.getDialogUnreadMarks'> = async (_, context) => {
  const marks = await unreadMarks(context.services, context.user)
  return marks.map((peerId): TlType<'DialogPeer'> => ({ _: 'dialogPeer', peer: renderPeer(peerId) }))
}
