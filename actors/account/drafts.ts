import type { DraftSaved, RecordHeader, SaveDraft } from '@heliograph/schemas/avro'
import { drafts, type Mutation, type RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { accountUpdate, answered } from './user-channel.ts'

const nothing = { events: [] } as const

export function needsOfDraft({ userId, peerId }: SaveDraft): RowRef[] {
  return [{ table: drafts, key: { userId, peerId } }]
}

/** A draft without a body removes the one that is there. */
export function decideDraft(rows: Rows, command: SaveDraft, at: At): Decision<DraftSaved> {
  const { userId, peerId, sealed, replyToMsgId } = command
  const before = rows.get(drafts, { userId, peerId })
  if (sealed === null && before === undefined) return nothing
  if (sealed !== null && before?.sealed?.equals(sealed) && before.replyToMsgId === replyToMsgId)
    return nothing
  return { events: [{ type: 'DraftSaved', userId, peerId, sealed, replyToMsgId, date: at.date }] }
}

export function projectDraft({ userId, peerId, sealed, replyToMsgId, date }: DraftSaved): Mutation[] {
  if (sealed === null) return [{ kind: 'delete', table: drafts, key: { userId, peerId } }]
  return [{ kind: 'upsert', table: drafts, row: { userId, peerId, sealed, replyToMsgId, date } }]
}

export function reactToDraft({ userId, peerId }: DraftSaved, header: RecordHeader): Reaction[] {
  return [...answered(header), accountUpdate(userId, 'draft', header, { peerId })]
}
