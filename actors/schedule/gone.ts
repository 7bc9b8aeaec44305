import {
  type CancelScheduled,
  type ChatId,
  MAX_SCHEDULED,
  type MessageSeq,
  peerIdOf,
  type RecordHeader,
  type ScheduledGone,
  type UserId,
} from '@heliograph/schemas/avro'
import { type Mutation, type RowRef, scheduledMessages } from '@heliograph/storage'
import { accountUpdate, answered } from '../account/user-channel.ts'
import { releaseDocuments } from '../media/holding.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { extraOfText } from './extra-text.ts'
import { scheduledHolder } from './put.ts'
import { forgetDue, scheduledRef, shelfOf, shelfRef, shelfRow, without } from './shelf.ts'

const limitInvalid = { rejected: { code: 400, message: 'LIMIT_INVALID' } } as const

export function needsOfCancel({ chatId, senderId, ids }: CancelScheduled): RowRef[] {
  if (ids.length > MAX_SCHEDULED) return []
  return [shelfRef(chatId, senderId), ...ids.map((id) => scheduledRef(chatId, senderId, id))]
}

/** Gives up those that are there; no event where none is. Rejects with LIMIT_INVALID. */
export function decideCancel(rows: Rows, command: CancelScheduled, at: At): Decision<ScheduledGone> {
  const { chatId, senderId, ids } = command
  if (ids.length > MAX_SCHEDULED) return limitInvalid
  const gone = [...new Set(ids)].filter((id) => rows.get(scheduledMessages, { chatId, senderId, id }))
  if (gone.length === 0) return { events: [] }
  return { events: [goneEvent(rows, chatId, senderId, gone, at)] }
}

/** That they are there no more; `sentSeqs` where they were sent, and a message answers the caller. */
export function goneEvent(
  rows: Rows,
  chatId: ChatId,
  senderId: UserId,
  gone: readonly number[],
  at: At,
  sentSeqs: readonly MessageSeq[] = [],
): ScheduledGone {
  const found = gone.map((id) => ({ id, row: rows.get(scheduledMessages, { chatId, senderId, id }) }))
  const owned = found.flatMap(({ id, row }) =>
    (extraOfText(row?.extra)?.files ?? []).map((file) => ({ id, file })),
  )
  return {
    type: 'ScheduledGone',
    chatId,
    senderId,
    gone: [...gone],
    dueAts: found.map(({ row }) => row?.dueAt ?? 0),
    files: owned.map(({ file }) => file),
    fileOwners: owned.map(({ id }) => id),
    ...without(shelfOf(rows, chatId, senderId), gone),
    sentSeqs: [...sentSeqs],
    date: at.date,
    answers: sentSeqs.length === 0,
  }
}

export function projectGone(event: ScheduledGone): Mutation[] {
  const { chatId, senderId, gone, dueAts } = event
  return [
    shelfRow(event),
    ...gone.flatMap((id, index): Mutation[] => [
      { kind: 'delete', table: scheduledMessages, key: { chatId, senderId, id } },
      forgetDue({ chatId, senderId, id, dueAt: dueAts[index]! }),
    ]),
  ]
}

export function reactToGone(event: ScheduledGone, header: RecordHeader): Reaction[] {
  const { chatId, senderId, gone, sentSeqs, files, fileOwners, answers } = event
  const about = { peerId: peerIdOf(senderId, chatId), name: `gone/${gone.join(',')}/${sentSeqs.join(',')}` }
  return [
    ...(answers ? answered(header) : []),
    accountUpdate(senderId, 'scheduled', header, about),
    ...files.flatMap((file, index) =>
      releaseDocuments([file], scheduledHolder(chatId, senderId, fileOwners[index]!)),
    ),
  ]
}
