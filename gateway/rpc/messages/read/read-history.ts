import { chatIdOf, isChannelPeer, type MessageSeq } from '@heliograph/schemas/avro'
import type { Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { unaffected } from '../answers.ts'
import { setUnreadMark } from '../dialogs/unread-marks.ts'
import { dialogOf, lastSeqUpTo } from '../mailbox/history.ts'
import { openChannel, requireGroup } from '../mailbox/open.ts'
import { markChannelRead } from './channel-read.ts'

/**
 * `messages.readHistory`: everything up to the highest message of the chat at or below `max_id`; 0 means all. Also takes
 * away the mark "unread" that the user set by hand.
 */
export const readHistory: Handler<'messages.readHistory'> = async (call, context) => {
  const { user, services, caller } = context
  const peerId = inputPeerId(call.peer, context)
  if (isChannelPeer(peerId)) {
    await markChannelRead(context, await openChannel(context, peerId), call.maxId)
    return unaffected(context)
  }
  if (peerId < 0) await requireGroup(context, peerId)
  const mailbox = { tables: services.tables, userId: user, peerId }
  const dialog = await dialogOf(mailbox)
  await setUnreadMark(context, peerId, false)
  if (dialog === undefined) return unaffected(context)
  const topSeq = dialog.topSeq ?? 0
  const upToSeq = call.maxId > 0 ? await lastSeqUpTo(mailbox, topSeq, call.maxId) : topSeq
  if (upToSeq <= (dialog.readInSeq ?? 0)) return unaffected(context)
  const chatId = chatIdOf(user, peerId)
  const command = { type: 'ReadHistory', chatId, readerId: user, upToSeq: upToSeq as MessageSeq } as const
  const { mailbox: answer } = await services.commands.ask('chat.commands', chatId, command, caller)
  if (answer === null) return unaffected(context)
  return { _: 'messages.affectedMessages', pts: answer.pts, ptsCount: answer.ptsCount }
}
