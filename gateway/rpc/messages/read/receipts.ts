import { chatIdOf, type UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { chatReads } from '@heliograph/storage'
import type { Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { requireReadDates } from '../../privacy/ask.ts'
import { locateOne } from '../mailbox/locate.ts'

/** How long it can be asked when a message was read. */
const READ_DATE_SECONDS = 7 * 24 * 3600

/** `messages.receivedMessages`: clients are told of new messages once anyway. */
export const receivedMessages: Handler<'messages.receivedMessages'> = () => []

/**
 * `messages.getOutboxReadDate`: when the other side read a message of the caller's, known as the date of its last read: 400
 * MESSAGE_NOT_READ_YET, MESSAGE_TOO_OLD, MESSAGE_ID_INVALID; 403 where either of the two keeps such dates from the other.
 */
export const getOutboxReadDate: Handler<'messages.getOutboxReadDate'> = async (call, context) => {
  const { services, user, now } = context
  const peerId = inputPeerId(call.peer, context)
  if (peerId < 0) throw new RpcError(400, 'PEER_ID_INVALID')
  const entry = await locateOne(services.tables, user, call.msgId)
  if (entry === undefined || entry.peerId !== peerId || !entry.out)
    throw new RpcError(400, 'MESSAGE_ID_INVALID')
  if (now - entry.date > READ_DATE_SECONDS) throw new RpcError(400, 'MESSAGE_TOO_OLD')
  await requireReadDates(services, user, peerId as number as UserId)
  const key = { chatId: chatIdOf(user, peerId), userId: peerId as number }
  const read = await services.tables.get(chatReads, key)
  if (read === undefined || (read.upToSeq ?? 0) < entry.seq) throw new RpcError(400, 'MESSAGE_NOT_READ_YET')
  return { _: 'outboxReadDate', date: read.date ?? entry.date }
}
