import {
  CONTENT_GRACE_SECONDS,
  type ContentChanged,
  type ContentCommand,
  type ContentEvent,
  type ContentGivenUp,
  type HoldContent,
  type RecordHeader,
  type ReleaseContent,
  type StoreContent,
} from '@heliograph/schemas/avro'
import {
  contentHolders,
  contents,
  ERASE_DAY,
  type Mutation,
  mediaExpiries,
  type RowOf,
  type RowRef,
} from '@heliograph/storage'
import { answer } from '../answer.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { moveExpiry } from './expiry.ts'
import { blobName, contentKey } from './keys.ts'

const nothing = { events: [] } as const
const contentGone = { rejected: { code: 500, message: 'CONTENT_GONE' } } as const

export function needsOfContent(command: ContentCommand): RowRef[] {
  const { name } = command
  if (command.type !== 'EraseBlob') return [{ table: contents, key: { name } }]
  const key = `blob:${blobName(name, command.generation)}`
  return [{ table: mediaExpiries, key: { day: ERASE_DAY, key } }]
}

/**
 * A content is reserved, stored, held by documents and, when its last holder and its grace period are gone, given up. The
 * generation of a content is the place of its reservation in the log, so that no blob is ever used again: what is being
 * erased cannot be what is being stored. Rejects with 500 CONTENT_GONE for a generation that is not there (any more).
 */
export function decideContent(rows: Rows, command: ContentCommand, at: At): Decision<ContentEvent> {
  const { name } = command
  if (command.type === 'EraseBlob') return erase(rows, command.name, command.generation)
  const row = rows.get(contents, { name })
  if (command.type === 'ReserveContent') {
    const before = row === undefined ? unknown(name, command.sizeBytes, at) : stateOf(row)
    const freeSince = before.holders > 0 ? 0 : at.date
    return changed({ ...before, freeSince, freeBefore: row?.freeSince ?? 0, change: 'reserve' })
  }
  if (command.type === 'SweepContent') return sweep(row, at)
  if (row === undefined || row.generation !== command.generation) return missing(command)
  if (command.type === 'StoreContent') return store(row)
  return hold(row, command, at)
}

/** What holds or releases is another actor, which nobody answers. */
function missing(command: StoreContent | HoldContent | ReleaseContent): Decision<ContentEvent> {
  return command.type === 'StoreContent' ? contentGone : nothing
}

type State = Omit<ContentChanged, 'freeBefore' | 'change'>

function unknown(name: string, sizeBytes: number, at: At): State {
  return {
    type: 'ContentChanged',
    name,
    generation: at.offset,
    sizeBytes,
    stored: false,
    holders: 0,
    freeSince: at.date,
    documentId: null,
    uploaderId: null,
  }
}

function stateOf(row: RowOf<typeof contents>): State {
  return {
    type: 'ContentChanged',
    name: row.name as string,
    generation: row.generation as number,
    sizeBytes: row.sizeBytes as number,
    stored: row.stored === true,
    holders: row.holders ?? 0,
    freeSince: row.freeSince ?? 0,
    documentId: null,
    uploaderId: null,
  }
}

const changed = (event: ContentChanged): Decision<ContentEvent> => ({ events: [event] })

function store(row: RowOf<typeof contents>): Decision<ContentEvent> {
  const state = stateOf(row)
  if (state.stored) return nothing
  return changed({ ...state, stored: true, freeBefore: state.freeSince, change: 'store' })
}

function hold(
  row: RowOf<typeof contents>,
  command: HoldContent | ReleaseContent,
  at: At,
): Decision<ContentEvent> {
  const state = stateOf(row)
  const holds = command.type === 'HoldContent'
  const holders = state.holders + (holds ? 1 : -1)
  return changed({
    ...state,
    holders,
    freeSince: holders > 0 ? 0 : at.date,
    freeBefore: state.freeSince,
    documentId: command.documentId,
    uploaderId: holds ? command.uploaderId : null,
    change: holds ? 'hold' : 'release',
  })
}

function sweep(row: RowOf<typeof contents> | undefined, at: At): Decision<ContentEvent> {
  if (row === undefined) return nothing
  const { name, generation, sizeBytes, holders, freeSince } = stateOf(row)
  if (holders > 0 || at.date < freeSince + CONTENT_GRACE_SECONDS) return nothing
  return { events: [{ type: 'ContentGivenUp', name, generation, sizeBytes, freeSince }] }
}

function erase(rows: Rows, name: string, generation: number): Decision<ContentEvent> {
  const key = `blob:${blobName(name, generation)}`
  if (rows.get(mediaExpiries, { day: ERASE_DAY, key }) === undefined) return nothing
  return { events: [{ type: 'BlobErased', name, generation }] }
}

export function projectContent(event: ContentEvent): Mutation[] {
  switch (event.type) {
    case 'ContentChanged':
      return projectChanged(event)
    case 'ContentGivenUp':
      return projectGivenUp(event)
    case 'BlobErased': {
      const key = `blob:${blobName(event.name, event.generation)}`
      return [{ kind: 'delete', table: mediaExpiries, key: { day: ERASE_DAY, key } }]
    }
  }
}

function projectChanged(event: ContentChanged): Mutation[] {
  const { name, generation, sizeBytes, stored, holders, freeSince, freeBefore } = event
  return [
    { kind: 'upsert', table: contents, row: { name, generation, sizeBytes, stored, holders, freeSince } },
    ...moveExpiry(contentKey(name), freeBefore, freeSince, CONTENT_GRACE_SECONDS),
    ...projectHolder(event),
  ]
}

function projectHolder({ name, documentId, uploaderId, change }: ContentChanged): Mutation[] {
  if (documentId === null) return []
  if (change === 'release') return [{ kind: 'delete', table: contentHolders, key: { name, documentId } }]
  return [{ kind: 'upsert', table: contentHolders, row: { name, documentId, uploaderId } }]
}

function projectGivenUp({ name, generation, freeSince }: ContentGivenUp): Mutation[] {
  const row = { day: ERASE_DAY, key: `blob:${blobName(name, generation)}` }
  return [
    { kind: 'delete', table: contents, key: { name } },
    ...moveExpiry(contentKey(name), freeSince, 0, CONTENT_GRACE_SECONDS),
    { kind: 'upsert', table: mediaExpiries, row },
  ]
}

/** Whoever reserves learns which blob is meant. */
export function reactToContent(event: ContentEvent, { reply }: RecordHeader): Reaction[] {
  if (reply === null) return []
  const plain = answer(reply)
  if (event.type !== 'ContentChanged') return [plain]
  const { generation, stored } = event
  return [{ ...plain, record: { ...plain.record, content: { generation, stored } } as typeof plain.record }]
}
