import {
  chatKindOf,
  type MessageSeq,
  type MessagesPinned,
  type PinnedMessage,
  peerIdOf,
  type RecordHeader,
} from '@heliograph/schemas/avro'
import { type Mutation, pinnedMessages } from '@heliograph/storage'
import type { Reaction } from '../runtime/decider.ts'
import { type ChannelMove, projectMove, tellChannel } from './channel.ts'
import { projectLog } from './log.ts'
import { fanOut } from './mailbox.ts'

export function projectPinned(event: MessagesPinned): Mutation[] {
  const rows = event.messages.map((message) => pinnedRow(event, message))
  const { counts, byUserId } = event
  if (counts === undefined || counts === null) return rows
  return [...rows, ...projectMove(moveOf(event), counts), ...projectLog(event, byUserId, 'pinned')]
}

function pinnedRow({ chatId, pinned, date, byUserId }: MessagesPinned, message: PinnedMessage): Mutation {
  const { seq, pinnedFor } = message
  if (!pinned && pinnedFor.length === 0)
    return { kind: 'delete', table: pinnedMessages, key: { chatId, seq } }
  return { kind: 'upsert', table: pinnedMessages, row: { chatId, seq, date, byUserId, pinnedFor } }
}

function moveOf({ chatId, pinned, pts, date, messages }: MessagesPinned): ChannelMove {
  const seqs = messages.map(({ seq }) => seq as MessageSeq)
  return { chatId, kind: pinned ? 'pin' : 'unpin', pts, ptsCount: seqs.length, date, seqs }
}

export function reactToPinned(event: MessagesPinned, header: RecordHeader): Reaction[] {
  const { chatId, messages, pinned, date, byUserId } = event
  const to = event.answers ? header : { ...header, reply: null }
  if (chatKindOf(chatId) === 'channel') return tellChannel(moveOf(event), to)
  const told = [...new Set(messages.flatMap((message) => message.told))]
  return fanOut(told, byUserId, to, (userId) => ({
    type: 'MailboxPinned',
    userId,
    peerId: peerIdOf(userId, chatId),
    seqs: messages.filter((each) => each.told.includes(userId)).map(({ seq }) => seq as MessageSeq),
    pinned,
    date,
  }))
}
