import type {
  CreateUser,
  ProfileChanged,
  RecordHeader,
  SetUsername,
  UpdateProfile,
  UserChanged,
  UserId,
} from '@heliograph/schemas/avro'
import { type Mutation, presenceChannel, type RowOf, type RowRef, users } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { accountUpdate, answered } from './user-channel.ts'

type ProfileCommand = CreateUser | UpdateProfile | SetUsername

const userIdInvalid = { rejected: { code: 400, message: 'USER_ID_INVALID' } } as const
const nothing = { events: [] } as const

export function needsOfUser({ userId }: ProfileCommand): RowRef[] {
  return [{ table: users, key: { userId } }]
}

/** A user is created once; what changes a user that is not there is rejected with USER_ID_INVALID. */
export function decideUser(rows: Rows, command: ProfileCommand, at: At): Decision<UserChanged> {
  const row = rows.get(users, { userId: command.userId })
  if (command.type === 'CreateUser') return row === undefined ? created(command, at) : nothing
  if (row === undefined) return userIdInvalid
  const user = stateOf(row)
  if (command.type === 'UpdateProfile') {
    if (user.profile.equals(command.profile)) return nothing
    return { events: [{ ...user, profile: command.profile, change: 'profile' }] }
  }
  if (user.username === command.username) return nothing
  return { events: [{ ...user, username: command.username, change: 'username' }] }
}

function created({ userId, phoneHmac, profile }: CreateUser, at: At): Decision<UserChanged> {
  const createdAt = at.date
  return {
    events: [
      { type: 'UserChanged', userId, phoneHmac, profile, username: null, createdAt, change: 'create' },
    ],
  }
}

function stateOf(row: RowOf<typeof users>): Omit<UserChanged, 'change'> {
  return {
    type: 'UserChanged',
    userId: row.userId as UserId,
    phoneHmac: row.phoneHmac as string,
    profile: row.profile as Buffer,
    username: row.username,
    createdAt: row.createdAt as number,
  }
}

export function projectUser(event: UserChanged): Mutation[] {
  const { userId, phoneHmac, profile, username, createdAt } = event
  return [{ kind: 'upsert', table: users, row: { userId, phoneHmac, profile, username, createdAt } }]
}

/** The user's other sessions and whoever shows the user are told; nobody knows a new one yet. */
export function reactToUser(event: UserChanged, header: RecordHeader): Reaction[] {
  const { userId, change } = event
  if (change === 'create') return answered(header)
  const record: ProfileChanged = { type: 'ProfileChanged', userId }
  return [
    ...answered(header),
    accountUpdate(userId, 'user', header),
    { kind: 'publication', channel: presenceChannel(userId), record },
  ]
}
