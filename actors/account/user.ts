import {
  ACTIVITY_INTERVAL_SECONDS,
  type ChangePhone,
  type CreateUser,
  type DeleteUser,
  type RecordHeader,
  type SetPrivacy,
  type SetUsername,
  type TouchUser,
  type UpdateProfile,
  type UserChange,
  type UserChanged,
  type UserId,
} from '@heliograph/schemas/avro'
import { type Mutation, type RowOf, type RowRef, users } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { answered } from './user-channel.ts'
import { releases, tellings } from './user-effects.ts'

type ProfileCommand =
  | CreateUser
  | UpdateProfile
  | SetUsername
  | ChangePhone
  | SetPrivacy
  | TouchUser
  | DeleteUser
type State = Omit<UserChanged, 'change'>
type UserDecision = Decision<UserChanged>

const userIdInvalid = { rejected: { code: 400, message: 'USER_ID_INVALID' } } as const
/** The writer has not seen the latest settings: it reads them again. */
export const PRIVACY_CHANGED = 'PRIVACY_CHANGED'
const privacyChanged = { rejected: { code: 409, message: PRIVACY_CHANGED } } as const
const nothing = { events: [] } as const
const NO_BYTES = Buffer.alloc(0)
/** What only some changes say. */
const UNSAID = { formerPhoneHmac: null, formerUsername: null, changed: null } as const

export function needsOfUser({ userId }: ProfileCommand): RowRef[] {
  return [{ table: users, key: { userId } }]
}

/**
 * A user is created once, and an id is never used again; what changes a user that is not there, or no more, is rejected with
 * USER_ID_INVALID.
 */
export function decideUser(rows: Rows, command: ProfileCommand, at: At): UserDecision {
  const row = rows.get(users, { userId: command.userId })
  if (command.type === 'CreateUser') return row === undefined ? created(command, at) : nothing
  if (row === undefined) return userIdInvalid
  const user = stateOf(row)
  if (command.type === 'DeleteUser') return deleted(user, command, at)
  return user.deletedAt === null ? changed(user, command, at) : userIdInvalid
}

function created({ userId, phoneHmac, profile }: CreateUser, at: At): UserDecision {
  const dates = { createdAt: at.date, activeAt: at.date, deletedAt: null }
  const user = { type: 'UserChanged', userId, phoneHmac, profile, username: null, privacy: null } as const
  return to({ ...user, ...dates, ...UNSAID }, 'create')
}

function changed(
  user: State,
  command: Exclude<ProfileCommand, CreateUser | DeleteUser>,
  at: At,
): UserDecision {
  switch (command.type) {
    case 'UpdateProfile':
      return user.profile.equals(command.profile)
        ? nothing
        : to({ ...user, profile: command.profile }, 'profile')
    case 'SetUsername':
      if (user.username === command.username) return nothing
      return to({ ...user, username: command.username }, 'username')
    case 'ChangePhone':
      return phoneChanged(user, command)
    case 'SetPrivacy':
      return privacySet(user, command)
    case 'TouchUser':
      return touched(user, at)
  }
}

function phoneChanged(user: State, { phoneHmac, profile }: ChangePhone): UserDecision {
  if (user.phoneHmac === phoneHmac) return nothing
  return to({ ...user, phoneHmac, profile, formerPhoneHmac: user.phoneHmac }, 'phone')
}

function privacySet(user: State, { privacy, previous, name }: SetPrivacy): UserDecision {
  const isLatest = user.privacy === null ? previous === null : (previous?.equals(user.privacy) ?? false)
  return isLatest ? to({ ...user, privacy, changed: name }, 'privacy') : privacyChanged
}

function touched(user: State, { date }: At): UserDecision {
  if (user.activeAt !== null && date - user.activeAt < ACTIVITY_INTERVAL_SECONDS) return nothing
  return to({ ...user, activeAt: date }, 'active')
}

/** A user that was active after `idleSince`, or of whom nothing is known, stays. */
function deleted(user: State, { idleSince }: DeleteUser, { date }: At): UserDecision {
  if (user.deletedAt !== null) return nothing
  if (idleSince !== null && (user.activeAt === null || user.activeAt > idleSince)) return nothing
  const former = { formerPhoneHmac: user.phoneHmac, formerUsername: user.username }
  const empty = { phoneHmac: '', profile: NO_BYTES, username: null, privacy: null }
  return to({ ...user, ...empty, ...former, deletedAt: date }, 'delete')
}

const to = (state: State, change: UserChange): UserDecision => ({ events: [{ ...state, change }] })

function stateOf(row: RowOf<typeof users>): State {
  return {
    type: 'UserChanged',
    userId: row.userId as UserId,
    phoneHmac: row.phoneHmac as string,
    profile: row.profile as Buffer,
    username: row.username,
    createdAt: row.createdAt as number,
    privacy: row.privacy,
    activeAt: row.activeAt,
    deletedAt: row.deletedAt,
    ...UNSAID,
  }
}

export function projectUser(event: UserChanged): Mutation[] {
  const { userId, phoneHmac, profile, username, createdAt, privacy, activeAt, deletedAt } = event
  const row = { userId, phoneHmac, profile, username, createdAt, privacy, activeAt, deletedAt }
  return [{ kind: 'upsert', table: users, row }]
}

/** What the user gives up is freed; the user's other sessions and whoever shows the user are told. */
export function reactToUser(event: UserChanged, header: RecordHeader): Reaction[] {
  return [...answered(header), ...releases(event), ...tellings(event, header)]
}
