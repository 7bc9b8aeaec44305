import {
  type DeletedMessage,
  type DeleteMessages,
  MAX_DELETED_PER_COMMAND,
  type MessageSeq,
  type MessagesDeleted,
  peerIdOf,
  type RecordHeader,
  type UserId,
} from '@heliograph/schemas/avro'
import { type Mutation, messageKeepers, messages, type RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { filesOfDeleted, releaseDeletedFiles } from './files.ts'
import { keptMessage, keptMessageRefs } from './keepers.ts'
import { fanOut } from './mailbox.ts'

const limitInvalid = { rejected: { code: 400, message: 'LIMIT_INVALID' } } as const

export function needsOfDelete(command: DeleteMessages): RowRef[] {
  if (command.seqs.length > MAX_DELETED_PER_COMMAND) return []
  return ascending(command.seqs).flatMap((seq) => keptMessageRefs(command.chatId, seq))
}

/**
 * Deletes those messages that the user still has; in a private chat either member may delete any of them for both. No
 * event where there is none. Rejects with LIMIT_INVALID.
 */
export function decideDelete(rows: Rows, command: DeleteMessages, at: At): Decision<MessagesDeleted> {
  const { chatId, userId, seqs } = command
  if (seqs.length > MAX_DELETED_PER_COMMAND) return limitInvalid
  const gone = ascending(seqs).flatMap((seq) => deleted(rows, command, seq))
  if (gone.length === 0) return { events: [] }
  const files = filesOfDeleted(rows, chatId, gone)
  const event = {
    type: 'MessagesDeleted',
    chatId,
    byUserId: userId,
    messages: gone,
    date: at.date,
    pts: 0,
  } as const
  return { events: [files.length === 0 ? event : { ...event, files }] }
}

function ascending(seqs: readonly MessageSeq[]): MessageSeq[] {
  return [...new Set(seqs)].sort((a, b) => a - b)
}

function deleted(rows: Rows, command: DeleteMessages, seq: MessageSeq): DeletedMessage[] {
  const { chatId, userId, forAll } = command
  const message = keptMessage(rows, chatId, seq, userId)
  if (message === undefined) return []
  if (forAll) return [{ seq, lostBy: [...message.keptBy], keptBy: [] }]
  return [{ seq, lostBy: [userId], keptBy: message.keptBy.filter((keeper) => keeper !== userId) }]
}

export function projectDeleted(event: MessagesDeleted): Mutation[] {
  return event.messages.flatMap((message) => keptOrGone(event, message))
}

function keptOrGone({ chatId }: MessagesDeleted, { seq, keptBy }: DeletedMessage): Mutation[] {
  if (keptBy.length > 0) return [{ kind: 'upsert', table: messageKeepers, row: { chatId, seq, keptBy } }]
  const key = { chatId, seq }
  return [
    { kind: 'delete', table: messages, key },
    { kind: 'delete', table: messageKeepers, key },
  ]
}

export function reactToDeleted(event: MessagesDeleted, header: RecordHeader): Reaction[] {
  const losers = [...new Set(event.messages.flatMap((message) => message.lostBy))]
  const told = fanOut(losers, event.byUserId, header, (userId) => ({
    type: 'MailboxDeleted',
    userId,
    peerId: peerIdOf(userId, event.chatId),
    seqs: lostTo(event, userId),
    date: event.date,
  }))
  return [...told, ...releaseDeletedFiles(event)]
}

function lostTo(event: MessagesDeleted, userId: UserId): MessageSeq[] {
  return event.messages
    .filter((message) => message.lostBy.includes(userId))
    .map((message) => message.seq as MessageSeq)
}
