import {
  chatKindOf,
  MAX_MENTIONS_PER_COMMAND,
  type MentionsRead,
  peerIdOf,
  type ReadMentions,
  type RecordHeader,
} from '@heliograph/schemas/avro'
import { chats, type Mutation, type RowRef, unreadMentions } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { channelAnswer, ptsOf, publish } from './channel.ts'
import { fanOut } from './mailbox.ts'

const limitInvalid = { rejected: { code: 400, message: 'LIMIT_INVALID' } } as const

export function needsOfMentions({ chatId, userId, seqs }: ReadMentions): RowRef[] {
  if (seqs.length > MAX_MENTIONS_PER_COMMAND) return []
  const refs: RowRef[] = seqs.map((seq) => ({ table: unreadMentions, key: { userId, chatId, seq } }))
  if (chatKindOf(chatId) === 'channel') refs.push({ table: chats, key: { chatId } })
  return refs
}

/** No event where the user has seen all of them. Rejects with LIMIT_INVALID. */
export function decideMentions(rows: Rows, command: ReadMentions, at: At): Decision<MentionsRead> {
  const { chatId, userId } = command
  if (command.seqs.length > MAX_MENTIONS_PER_COMMAND) return limitInvalid
  const unread = (seq: number) => rows.get(unreadMentions, { userId, chatId, seq }) !== undefined
  const seqs = [...new Set(command.seqs)].filter(unread)
  if (seqs.length === 0) return { events: [] }
  const pts = chatKindOf(chatId) === 'channel' ? ptsOf(rows.get(chats, { chatId })) : 0
  return { events: [{ type: 'MentionsRead', chatId, userId, seqs, date: at.date, pts }] }
}

export function projectMentions({ chatId, userId, seqs }: MentionsRead): Mutation[] {
  return seqs.map((seq) => ({ kind: 'delete', table: unreadMentions, key: { userId, chatId, seq } }))
}

/** The user's own matter: in a channel, too, its sessions alone care for it, and pts stays. */
export function reactToMentions(event: MentionsRead, header: RecordHeader): Reaction[] {
  const { chatId, userId, seqs, date, pts } = event
  if (chatKindOf(chatId) !== 'channel') {
    const peerId = peerIdOf(userId, chatId)
    return fanOut([userId], userId, header, () => ({
      type: 'MailboxContentsRead',
      userId,
      peerId,
      seqs,
      date,
    }))
  }
  const told = publish({ chatId, kind: 'contents', date }, { seqs, userIds: [userId] }, header.reply?.session)
  if (header.reply === null) return [told]
  return [channelAnswer(header.reply, { seq: 0 as never, date, pts, ptsCount: 0 }), told]
}
