import { type ChatId, channelChatId, type UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { settings, threadMessages, userScope } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { openSetting } from '../sealed.ts'
import type { Services } from '../services.ts'
import { writeSetting } from '../settings.ts'

/** How far users have read threads: a setting of the account for each, so that only who reads pays. */

export const THREAD_READ_PREFIX = 'thread-read:'
/** Unread messages of a thread are counted up to this. */
export const MAX_COUNTED_UNREAD = 100
const SEQ_BYTES = 4

const nameOf = (chatId: ChatId, topSeq: number): string => `${THREAD_READ_PREFIX}${chatId}:${topSeq}`

type Reading = Pick<Services, 'tables' | 'keyring'>

/** The last seq that the user has read in each of the threads, in order; 0 nothing. */
export async function threadReads(
  { tables, keyring }: Reading,
  userId: UserId,
  chatId: ChatId,
  topSeqs: readonly number[],
): Promise<number[]> {
  if (topSeqs.length === 0) return []
  const names = topSeqs.map((topSeq) => nameOf(chatId, topSeq))
  const rows = await tables.getMany(names.map((name) => ({ table: settings, key: { userId, name } })))
  const key = rows.some((row) => row !== undefined) ? await keyring.find(userScope(userId)) : undefined
  return rows.map((row, index) => {
    const sealed = row?.sealed as Buffer | null | undefined
    const value = key && sealed ? openSetting(userId, names[index]!, key, sealed) : undefined
    return value?.readUInt32LE() ?? 0
  })
}

/** Remembers that the caller has read a thread up to `seq`; nothing where it had read as far. */
export async function markThreadRead(
  context: CallContext,
  chatId: ChatId,
  topSeq: number,
  seq: number,
): Promise<void> {
  const [before = 0] = await threadReads(context.services, context.user, chatId, [topSeq])
  if (seq <= before) return
  const value = Buffer.alloc(SEQ_BYTES)
  value.writeUInt32LE(seq)
  await writeSetting(context, nameOf(chatId, topSeq), value)
}

/** Messages of others in a thread that the user has not read, at most `MAX_COUNTED_UNREAD`. */
export async function unreadInThread(
  { tables }: Pick<Services, 'tables'>,
  userId: UserId,
  chatId: ChatId,
  topSeq: number,
  readSeq: number,
): Promise<number> {
  const range = { from: readSeq + 1, limit: MAX_COUNTED_UNREAD }
  const rows = await tables.range(threadMessages, { chatId, topSeq }, range)
  return rows.filter(({ senderId }) => senderId !== userId).length
}

/** What tells a user's other sessions of a thread that it has read; `name` is that of the setting. */
export async function threadReadUpdate(
  services: Reading,
  userId: UserId,
  name: string,
): Promise<Tl<'updateReadChannelDiscussionInbox'> | undefined> {
  const match = /^c(\d+):(\d+)$/.exec(name.slice(THREAD_READ_PREFIX.length))
  if (match === null) return undefined
  const [channelId, topMsgId] = [Number(match[1]), Number(match[2])]
  const [readMaxId = 0] = await threadReads(services, userId, channelChatId(channelId), [topMsgId])
  return { _: 'updateReadChannelDiscussionInbox', channelId, topMsgId, readMaxId }
}
