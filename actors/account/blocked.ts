import type { BlockedSet, PeerId, RecordHeader, SetBlocked } from '@heliograph/schemas/avro'
import { blocked, type Mutation, type RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { accountUpdate, answered } from './user-channel.ts'

const peerIdInvalid = { rejected: { code: 400, message: 'PEER_ID_INVALID' } } as const
const nothing = { events: [] } as const

export function needsOfBlocked({ userId, peerId }: SetBlocked): RowRef[] {
  return [{ table: blocked, key: { userId, peerId } }]
}

/** Nobody blocks oneself: PEER_ID_INVALID. */
export function decideBlocked(rows: Rows, command: SetBlocked, at: At): Decision<BlockedSet> {
  const { userId, peerId } = command
  if (peerId === (userId as number as PeerId)) return peerIdInvalid
  const before = rows.get(blocked, { userId, peerId }) !== undefined
  if (before === command.blocked) return nothing
  return { events: [{ type: 'BlockedSet', userId, peerId, blocked: command.blocked, date: at.date }] }
}

export function projectBlocked({ userId, peerId, date, blocked: isBlocked }: BlockedSet): Mutation[] {
  if (!isBlocked) return [{ kind: 'delete', table: blocked, key: { userId, peerId } }]
  return [{ kind: 'upsert', table: blocked, row: { userId, peerId, date } }]
}

export function reactToBlocked({ userId, peerId }: BlockedSet, header: RecordHeader): Reaction[] {
  return [...answered(header), accountUpdate(userId, 'blocked', header, { peerId })]
}
