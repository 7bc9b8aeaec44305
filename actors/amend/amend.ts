import {
  type AmendMessage,
  chatKindOf,
  type MessageEdited,
  type MessageSent,
  type PollFacts,
  type UserId,
} from '@heliograph/schemas/avro'
import { chats, polls, type RowRef } from '@heliograph/storage'
import { maySend } from '../chat/rights.ts'
import { chatRefs, memberOf } from '../chat/state.ts'
import { movedBy } from '../message/channel.ts'
import { changed } from '../message/edit.ts'
import { type KeptMessage, keptMessage, keptMessageRefs } from '../message/keepers.ts'
import { membersOf, openChat, refusedOutside, unknown } from '../message/members.ts'
import { blockRefs, refusalAmong } from '../message/send.ts'
import { serviceMessage, serviceRefs } from '../message/service.ts'
import { factsAfter, isClosed } from '../poll/state.ts'
import type { At, Decision, Rejection, Rows } from '../runtime/decider.ts'

const rejection = (message: string) => ({ rejected: { code: 400, message } }) as const
const messageIdInvalid = rejection('MESSAGE_ID_INVALID')
/** The message has another body by now: who amends it reads it again. */
export const MESSAGE_CHANGED = 'MESSAGE_CHANGED'

/** Kinds of a message that let others than its author amend it. */
const OPEN_TO_OTHERS: Readonly<Record<string, string>> = {
  'todo-complete': 'todoComplete',
  'todo-append': 'todoAppend',
  'poll-append': 'pollOpen',
  'poll-delete': 'pollOpen',
}
const OF_POLLS: ReadonlySet<string> = new Set(['poll-append', 'poll-delete'])

export function needsOfAmend({ chatId, userId, seq }: AmendMessage): RowRef[] {
  const refs = [
    ...keptMessageRefs(chatId, seq),
    ...serviceRefs(chatId),
    { table: polls, key: { chatId, seq } },
  ]
  const kind = chatKindOf(chatId)
  if (kind !== 'private') return [...refs, ...chatRefs(chatId, userId)]
  for (const other of membersOf(chatId) ?? []) refs.push(...blockRefs(userId, other))
  return refs
}

/**
 * The body of a message is made anew from the one that it has. Rejects with MESSAGE_ID_INVALID for messages that are not there,
 * PEER_ID_INVALID for those that others may not amend, MESSAGE_CHANGED where the body is another one by now, MESSAGE_POLL_CLOSED,
 * and where a message tells of it with what forbids to write.
 */
export function decideAmend(
  rows: Rows,
  command: AmendMessage,
  at: At,
): Decision<MessageEdited | MessageSent> {
  const { chatId, userId, seq, what, basis } = command
  const audience = audienceOf(rows, command, at)
  if ('rejected' in audience) return audience
  const message = keptMessage(rows, chatId, seq, userId)
  if (message === undefined || message.row.service === true) return messageIdInvalid
  const opened = OPEN_TO_OTHERS[what]
  const isOpen = opened !== undefined && message.row.kinds?.includes(opened) === true
  if (message.row.senderId !== userId && !isOpen) return rejection('PEER_ID_INVALID')
  if (message.row.sealed?.subarray(-basis.length).equals(basis) !== true) return rejection(MESSAGE_CHANGED)
  const poll = pollAfter(rows, command, at)
  if (poll !== null && 'rejected' in poll) return poll
  const event = amended(message, command, poll, at)
  if (audience.kind === 'group') event.keptBy = event.keptBy.filter((id) => audience.members.includes(id))
  const isChannel = chatKindOf(chatId) === 'channel'
  if (isChannel) Object.assign(event, movedBy(rows, chatId, 1))
  if (command.service === null) return { events: [event] }
  const draft = {
    chatId,
    info: audience,
    byUserId: userId,
    sealed: command.service,
    randomId: command.serviceRandomId,
    replyToSeq: seq,
    movedBefore: isChannel ? 1 : 0,
  }
  return { events: [{ ...event, answers: false }, serviceMessage(rows, draft, at)] }
}

type Audience = Parameters<typeof serviceMessage>[1]['info']

/** Who hears of it, where the caller may write there; an amendment of which nobody is told needs only that it is in the chat. */
function audienceOf(rows: Rows, command: AmendMessage, at: At): Audience | { rejected: Rejection } {
  const { chatId, userId, service } = command
  const members = membersOf(chatId)
  if (members !== undefined) {
    const ttlSeconds = rows.get(chats, { chatId })?.ttlSeconds ?? 0
    const refused = service === null ? undefined : refusalAmong(rows, userId, members)
    return refused ?? { kind: 'private', members: [...members], ttlSeconds }
  }
  const info = openChat(rows, chatId)
  if (info === undefined) return unknown(chatId)
  const member = memberOf(rows, chatId, userId)
  const rejected = refusedOutside(info, member, at.date)
  if (rejected !== undefined) return { rejected }
  const silenced = service === null ? undefined : maySend(info, member, ['todo'], at.date)
  return silenced === undefined ? info : { rejected: silenced }
}

/** The poll with the options that it has from now on; null where the amendment is of something else. */
function pollAfter(rows: Rows, { chatId, seq, what, extra }: AmendMessage, at: At) {
  if (!OF_POLLS.has(what)) return null
  const row = rows.get(polls, { chatId, seq })
  if (row === undefined || extra === null || extra.poll === null) return messageIdInvalid
  return isClosed(row, at.date) ? rejection('MESSAGE_POLL_CLOSED') : factsAfter(row, extra.poll.options)
}

/** It is no edit: the date of the last one stays. */
function amended(message: KeptMessage, command: AmendMessage, poll: PollFacts | null, at: At): MessageEdited {
  const { row } = message
  const change = { ...command, extra: command.extra && { ...command.extra, poll } }
  return {
    ...changed(message, change, command.userId, row.editDate ?? 0),
    mentioned: [...((row.mentions ?? []) as readonly UserId[])],
    amendedAt: at.date,
  }
}
