import {
  type AlarmsCleared,
  type ChatEvent,
  type FireScheduled,
  type MessageSeq,
  NO_EXTRA,
  type SendMessage,
  WHEN_ONLINE,
} from '@heliograph/schemas/avro'
import { type RowRef, scheduledMessages } from '@heliograph/storage'
import { decideSend, needsOfSend } from '../message/send.ts'
import type { At, Decision, Rows } from '../runtime/decider.ts'
import { goneEvent } from './gone.ts'
import { asSend, scheduledRef, sendOfRow, shelfRef } from './shelf.ts'

const messageIdInvalid = { rejected: { code: 400, message: 'MESSAGE_ID_INVALID' } } as const
const SLOW_MODE = /^SLOWMODE_WAIT_/
const NO_BYTES = Buffer.alloc(0)

/** The rows of the shelf, and those that sending it looks at. */
export function needsOfFire(command: FireScheduled): RowRef[] {
  const { chatId, senderId, id } = command
  return [shelfRef(chatId, senderId), scheduledRef(chatId, senderId, id), ...needsOfSend(expected(command))]
}

/** As far as the command tells of the message. */
function expected({ chatId, senderId, randomId, replyToSeq, threadSeq }: FireScheduled): SendMessage {
  const extra = threadSeq === null ? null : { ...NO_EXTRA, threadSeq }
  return asSend({
    chatId,
    senderId,
    randomId,
    replyToSeq,
    extra,
    sealed: NO_BYTES,
    silent: false,
    words: null,
  })
}

/**
 * Sends what was scheduled as `SendMessage` would now. An alarm of a message that may not be sent any more is cleared, and its
 * sender still has it; one that only has to wait stays set. Rejects calls of the sender as `decideSend` does, and with
 * MESSAGE_ID_INVALID.
 */
export function decideFire(rows: Rows, command: FireScheduled, at: At): Decision<ChatEvent> {
  const { chatId, senderId, id, dueAt } = command
  const row = rows.get(scheduledMessages, { chatId, senderId, id })
  const isCall = dueAt === 0
  if (row === undefined) return isCall ? messageIdInvalid : { events: [] }
  if (!isCall && !isDue(command, row.dueAt ?? 0, at)) return { events: [] }
  const send = sendOfRow(chatId, senderId, row)
  if (!namesThat(command, send)) return { events: [] }
  const sent = decideSend(rows, send, at)
  if ('rejected' in sent) {
    if (isCall || dueAt === WHEN_ONLINE || SLOW_MODE.test(sent.rejected.message)) return sent
    return { events: [cleared(command)] }
  }
  const sentSeqs = sent.events.flatMap((event) => ('seq' in event ? [event.seq as MessageSeq] : []))
  return { events: [goneEvent(rows, chatId, senderId, [id], at, sentSeqs), ...sent.events] }
}

const isDue = ({ dueAt }: FireScheduled, wanted: number, at: At): boolean =>
  dueAt === wanted && (dueAt === WHEN_ONLINE || dueAt <= at.date)

/** What the rows were loaded for is what there is. */
function namesThat({ randomId, replyToSeq, threadSeq }: FireScheduled, send: SendMessage): boolean {
  return (
    randomId === send.randomId &&
    replyToSeq === send.replyToSeq &&
    threadSeq === (send.extra?.threadSeq ?? null)
  )
}

function cleared({ chatId, senderId, id, dueAt }: FireScheduled): AlarmsCleared {
  return { type: 'AlarmsCleared', chatId, what: 'scheduled', dueAt, ids: [id], ownerId: senderId }
}
