import {
  type AddMembers,
  type ChatId,
  type HandedMessage,
  MAX_HANDED_BYTES,
  MAX_HANDED_MESSAGES,
  type MailboxMessage,
  type MessageSeq,
  type MessagesHanded,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import { type Mutation, messageKeepers, type RowRef } from '@heliograph/storage'
import { keptMessage, keptMessageRefs } from '../message/keepers.ts'
import { toMailbox } from '../message/mailbox.ts'
import type { At, Reaction, Rows } from '../runtime/decider.ts'
import { memberOf } from './state.ts'

/** Some of the last messages of a basic group, for who is brought into it. */

export function handedRefs({ chatId, forwardSeqs = [] }: AddMembers): RowRef[] {
  if (forwardSeqs.length > MAX_HANDED_MESSAGES) return []
  return [...new Set(forwardSeqs)].flatMap((seq) => keptMessageRefs(chatId, seq))
}

/**
 * The messages that `userId` gets, in their order: those that who brings it in has, but for what it had itself before it left;
 * the newest where they are too much together. Undefined where there are none.
 */
export function handed(rows: Rows, command: AddMembers, userId: UserId, at: At): MessagesHanded | undefined {
  const { chatId, byUserId, forwardSeqs = [] } = command
  if (forwardSeqs.length === 0 || forwardSeqs.length > MAX_HANDED_MESSAGES) return undefined
  const had = memberOf(rows, chatId, userId)?.minSeq ?? 0
  const wanted = [...new Set(forwardSeqs)].filter((seq) => seq > had).sort((a, b) => b - a)
  const messages: HandedMessage[] = []
  let sizeBytes = 0
  for (const seq of wanted) {
    const message = handedMessage(rows, chatId, seq, byUserId, userId, at)
    if (message === undefined) continue
    sizeBytes += message.sealed.length
    if (sizeBytes > MAX_HANDED_BYTES) break
    messages.unshift(message)
  }
  if (messages.length === 0) return undefined
  return { type: 'MessagesHanded', chatId, userId, messages: linked(messages, had), date: at.date }
}

function handedMessage(
  rows: Rows,
  chatId: ChatId,
  seq: MessageSeq,
  byUserId: UserId,
  userId: UserId,
  at: At,
): HandedMessage | undefined {
  const found = keptMessage(rows, chatId, seq, byUserId)
  if (found === undefined || found.keptBy.includes(userId)) return undefined
  const { senderId, date, silent, replyToSeq, sealed, expiresAt, service } = found.row
  const isOver = (expiresAt ?? 0) > 0 && expiresAt! <= at.date
  if (isOver || service === true || sealed === null) return undefined
  return {
    seq,
    senderId: senderId as UserId,
    date: date!,
    silent: silent === true,
    replyToSeq: replyToSeq as MessageSeq | null,
    sealed,
    expiresAt: expiresAt ?? 0,
    keptBy: [...found.keptBy, userId],
    previousSeq: 0 as MessageSeq,
  }
}

/** Each after the one that it is counted on from. */
function linked(messages: readonly HandedMessage[], had: number): HandedMessage[] {
  return messages.map((message, i) => {
    const previousSeq = (messages[i - 1]?.seq ?? had) as MessageSeq
    return { ...message, previousSeq }
  })
}

export function projectHanded({ chatId, messages }: MessagesHanded): Mutation[] {
  return messages.map(({ seq, keptBy }) => ({
    kind: 'upsert',
    table: messageKeepers,
    row: { chatId, seq, keptBy },
  }))
}

export function reactToHanded({ chatId, userId, messages }: MessagesHanded): Reaction[] {
  return messages.map((message) => {
    const { keptBy: _, ...said } = message
    const record: MailboxMessage = {
      type: 'MailboxMessage',
      userId,
      peerId: peerIdOfChat(chatId),
      chatId,
      ...said,
      out: said.senderId === userId,
      mentioned: false,
    }
    return toMailbox(record, null)
  })
}
