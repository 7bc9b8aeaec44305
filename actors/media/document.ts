import {
  CREATE_WITHIN_SECONDS,
  type CreateDocument,
  DOCUMENT_GRACE_SECONDS,
  type DocumentCommand,
  type DocumentCreated,
  type DocumentDeleted,
  type DocumentEvent,
  type DocumentHeld,
  type DocumentReleased,
  type HoldDocument,
  type RecordHeader,
  type ReleaseDocument,
  type UserId,
} from '@heliograph/schemas/avro'
import { documentHolders, documentHolds, documents, type Mutation, type RowRef } from '@heliograph/storage'
import { answer } from '../answer.ts'
import type { At, Consequence, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { moveExpiry } from './expiry.ts'
import { blobName, contentKey, documentKey, parsedBlobName } from './keys.ts'

const nothing = { events: [] } as const
const tooLate = { rejected: { code: 500, message: 'UPLOAD_TOO_LATE' } } as const

export function needsOfDocument(command: DocumentCommand): RowRef[] {
  const { documentId } = command
  const refs: RowRef[] = [
    { table: documents, key: { documentId } },
    { table: documentHolds, key: { documentId } },
  ]
  if ('holder' in command) refs.push({ table: documentHolders, key: { documentId, holder: command.holder } })
  return refs
}

/**
 * A document is created once, held by whatever refers to it, each holder once, and deleted when its last holder and its
 * grace period are gone. Holding what is not there (any more) comes to nothing.
 */
export function decideDocument(rows: Rows, command: DocumentCommand, at: At): Decision<DocumentEvent> {
  const { documentId } = command
  const exists = rows.get(documents, { documentId }) !== undefined
  if (command.type === 'CreateDocument') return exists ? nothing : create(command, at)
  if (!exists) return nothing
  return command.type === 'SweepDocument' ? sweep(rows, documentId, at) : hold(rows, command, at)
}

/** What took too long may be made of contents that are given up by now; whoever uploads it again gets new ones. */
function create(command: CreateDocument, at: At): Decision<DocumentEvent> {
  const { reservedAt = 0 } = command
  return reservedAt > 0 && at.date - reservedAt > CREATE_WITHIN_SECONDS ? tooLate : created(command, at)
}

function created({ documentId, uploaderId, contents, sealed }: CreateDocument, at: At) {
  const event = { type: 'DocumentCreated', documentId, uploaderId, contents, sealed, date: at.date } as const
  return { events: [event] }
}

function hold(rows: Rows, command: HoldDocument | ReleaseDocument, at: At): Decision<DocumentEvent> {
  const { documentId, holder } = command
  const holds = command.type === 'HoldDocument'
  const isHeld = rows.get(documentHolders, { documentId, holder }) !== undefined
  if (holds === isHeld) return nothing
  const before = rows.get(documentHolds, { documentId })
  const holders = (before?.holders ?? 0) + (holds ? 1 : -1)
  const freeSince = holders > 0 ? 0 : at.date
  const state = { documentId, holder, holders, freeSince, freeBefore: before?.freeSince ?? 0, date: at.date }
  return { events: [{ type: holds ? 'DocumentHeld' : 'DocumentReleased', ...state }] }
}

function sweep(rows: Rows, documentId: bigint, at: At): Decision<DocumentEvent> {
  const row = rows.get(documents, { documentId })
  const hold = rows.get(documentHolds, { documentId })
  const freeSince = hold?.freeSince ?? 0
  if ((hold?.holders ?? 0) > 0 || at.date < freeSince + DOCUMENT_GRACE_SECONDS) return nothing
  const contents = (row?.contents ?? []).map(parsedBlobName)
  return { events: [{ type: 'DocumentDeleted', documentId, contents, freeSince }] }
}

export function projectDocument(event: DocumentEvent): Mutation[] {
  switch (event.type) {
    case 'DocumentCreated':
      return projectCreated(event)
    case 'DocumentDeleted':
      return projectDeleted(event)
    default:
      return projectHold(event)
  }
}

function projectCreated({ documentId, uploaderId, contents, sealed, date }: DocumentCreated): Mutation[] {
  const blobs = contents.map(({ name, generation }) => blobName(name, generation))
  const row = { documentId, uploaderId, contents: blobs, sealed, createdAt: date }
  return [
    { kind: 'upsert', table: documents, row },
    { kind: 'upsert', table: documentHolds, row: { documentId, holders: 0, freeSince: date } },
    ...moveExpiry(documentKey(documentId), 0, date, DOCUMENT_GRACE_SECONDS),
  ]
}

function projectHold(event: DocumentHeld | DocumentReleased): Mutation[] {
  const { documentId, holder, holders, freeSince, freeBefore, date } = event
  return [
    event.type === 'DocumentHeld'
      ? { kind: 'upsert', table: documentHolders, row: { documentId, holder, date } }
      : { kind: 'delete', table: documentHolders, key: { documentId, holder } },
    { kind: 'upsert', table: documentHolds, row: { documentId, holders, freeSince } },
    ...moveExpiry(documentKey(documentId), freeBefore, freeSince, DOCUMENT_GRACE_SECONDS),
  ]
}

function projectDeleted({ documentId, freeSince }: DocumentDeleted): Mutation[] {
  return [
    { kind: 'delete', table: documents, key: { documentId } },
    { kind: 'delete', table: documentHolds, key: { documentId } },
    ...moveExpiry(documentKey(documentId), freeSince, 0, DOCUMENT_GRACE_SECONDS),
  ]
}

/** A document holds each content that it is made of for as long as it is there. */
export function reactToDocument(event: DocumentEvent, { reply }: RecordHeader): Reaction[] {
  const answers = reply === null ? [] : [answer(reply)]
  if (event.type === 'DocumentCreated') {
    const { documentId, uploaderId } = event
    const hold = { type: 'HoldContent', documentId, uploaderId: uploaderId as UserId } as const
    return [...answers, ...event.contents.map((each) => toContent(each.name, { ...hold, ...each }))]
  }
  if (event.type !== 'DocumentDeleted') return answers
  const release = { type: 'ReleaseContent', documentId: event.documentId } as const
  return [...answers, ...event.contents.map((each) => toContent(each.name, { ...release, ...each }))]
}

function toContent(name: string, record: Consequence['record']): Consequence {
  return { kind: 'record', topic: 'media.commands', key: contentKey(name), record, reply: null }
}
