import {
  type ChangeCollection,
  collectionKey,
  type RecordHeader,
  type UsernameClaimed,
  type UsernameCommand,
  type UsernameGranted,
  type UsernameReleased,
} from '@heliograph/schemas/avro'
import {
  type Mutation,
  type RowRef,
  USERNAME_PREFIX_LENGTH,
  usernamePrefixes,
  usernames,
} from '@heliograph/storage'
import type { Decision, Reaction, Rows } from '../runtime/decider.ts'
import { answered } from './user-channel.ts'

const occupied = { rejected: { code: 400, message: 'USERNAME_OCCUPIED' } } as const
const nothing = { events: [] } as const

/** Usernames differ by more than case: the key of actor and row is in lower case, whatever the command has. */
export function needsOfUsername({ username }: UsernameCommand): RowRef[] {
  return [{ table: usernames, key: { username: username.toLowerCase() } }]
}

/**
 * First come, first served: rejects a claim with USERNAME_OCCUPIED where another user has the name. Only who has a name
 * can release it; anything else has nothing to do. What the operator grants is claimed like any other name.
 */
export function decideUsername(
  rows: Rows,
  command: UsernameCommand,
): Decision<UsernameClaimed | UsernameGranted | UsernameReleased> {
  const username = command.username.toLowerCase()
  const { userId } = command
  const owner = rows.get(usernames, { username })?.userId
  if (command.type === 'ReleaseUsername') {
    return owner === userId ? { events: [{ type: 'UsernameReleased', username, userId }] } : nothing
  }
  if (command.type === 'GrantUsername') {
    const granted = { type: 'UsernameGranted', username: command.username, userId } as const
    return owner === undefined ? { events: [granted] } : occupied
  }
  if (owner === userId) return nothing
  return owner === undefined ? { events: [{ type: 'UsernameClaimed', username, userId }] } : occupied
}

export function projectClaimed(event: UsernameClaimed | UsernameGranted): Mutation[] {
  const { userId } = event
  const username = event.username.toLowerCase()
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

/** A name that was granted goes into its owner's collection. */
export function reactToGranted({ username, userId }: UsernameGranted, header: RecordHeader): Reaction[] {
  const record: ChangeCollection = { type: 'ChangeCollection', userId, change: 'give', usernames: [username] }
  const key = collectionKey(userId)
  return [...answered(header), { kind: 'record', topic: 'account.commands', key, record, reply: null }]
}

function prefixKey(username: string): { prefix: string; username: string } {
  return { prefix: username.slice(0, USERNAME_PREFIX_LENGTH), username }
}
