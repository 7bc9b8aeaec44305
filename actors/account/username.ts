import type { UsernameClaimed, UsernameCommand, UsernameReleased } from '@heliograph/schemas/avro'
import {
  type Mutation,
  type RowRef,
  USERNAME_PREFIX_LENGTH,
  usernamePrefixes,
  usernames,
} from '@heliograph/storage'
import type { Decision, Rows } from '../runtime/decider.ts'

const occupied = { rejected: { code: 400, message: 'USERNAME_OCCUPIED' } } as const
const nothing = { events: [] } as const

/** Usernames differ by more than case: the key of actor and row is in lower case, whatever the command has. */
export function needsOfUsername({ username }: UsernameCommand): RowRef[] {
  return [{ table: usernames, key: { username: username.toLowerCase() } }]
}

/**
 * First come, first served: rejects a claim with USERNAME_OCCUPIED where another user has the name. Only who has a name
 * can release it; anything else has nothing to do.
 */
export function decideUsername(
  rows: Rows,
  command: UsernameCommand,
): Decision<UsernameClaimed | UsernameReleased> {
  const username = command.username.toLowerCase()
  const { userId } = command
  const owner = rows.get(usernames, { username })?.userId
  if (command.type === 'ReleaseUsername') {
    return owner === userId ? { events: [{ type: 'UsernameReleased', username, userId }] } : nothing
  }
  if (owner === userId) return nothing
  return owner === undefined ? { events: [{ type: 'UsernameClaimed', username, userId }] } : occupied
}

export function projectClaimed({ username, userId }: UsernameClaimed): Mutation[] {
  return [
    { kind: 'upsert', table: usernames, row: { username, userId } },
    { kind: 'upsert', table: usernamePrefixes, row: { ...prefixKey(username), userId } },
  ]
}

export function projectReleased({ username }: UsernameReleased): Mutation[] {
  return [
    { kind: 'delete', table: usernames, key: { username } },
    { kind: 'delete', table: usernamePrefixes, key: prefixKey(username) },
  ]
}

function prefixKey(username: string): { prefix: string; username: string } {
  return { prefix: username.slice(0, USERNAME_PREFIX_LENGTH), username }
}
