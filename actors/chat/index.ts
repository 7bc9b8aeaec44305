import type { GroupCommand, GroupEvent, RecordHeader } from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'

/** What happens to groups and channels themselves, as part of the message actor: members, rights, links. */

export function needsOfGroup(_command: GroupCommand): RowRef[] {
  return []
}

export function decideGroup(_rows: Rows, _command: GroupCommand, _at: At): Decision<GroupEvent> {
  return { rejected: { code: 400, message: 'CHAT_ID_INVALID' } }
}

export function projectGroup(_event: GroupEvent): Mutation[] {
  return []
}

export function reactToGroup(_event: GroupEvent, _header: RecordHeader, _at: At): Reaction[] {
  return []
}
