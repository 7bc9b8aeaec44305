import {
  ACTIVITY_INTERVAL_SECONDS,
  type AuthKeyChanged,
  type AuthKeyCommand,
  type AuthKeyDestroyed,
  type BindAuthKey,
  type DescribeAuthKey,
  type LogInAuthKey,
  type RegisterAuthKey,
} from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import type { At, Decision, Rows } from '../runtime/decider.ts'
import { type AuthKeyState, authKeyRef, authKeyState, changed, isTemporary } from './auth-key-state.ts'

type AuthKeyDecision = Decision<AuthKeyChanged | AuthKeyDestroyed>

const idTaken = { rejected: { code: 400, message: 'AUTH_KEY_ID_TAKEN' } } as const
const unregistered = { rejected: { code: 401, message: 'AUTH_KEY_UNREGISTERED' } } as const
const permanentEmpty = { rejected: { code: 401, message: 'AUTH_KEY_PERM_EMPTY' } } as const
const encryptedMessageInvalid = { rejected: { code: 400, message: 'ENCRYPTED_MESSAGE_INVALID' } } as const
const alreadyBound = { rejected: { code: 400, message: 'TEMP_AUTH_KEY_ALREADY_BOUND' } } as const
const nothing = { events: [] } as const

export function needsOfAuthKey(command: AuthKeyCommand): RowRef[] {
  const own = authKeyRef(command.authKeyId)
  return command.type === 'BindAuthKey' ? [own, authKeyRef(command.permanentKeyId)] : [own]
}

/**
 * A key is registered before anything else happens to it: all but its registration is rejected with
 * AUTH_KEY_UNREGISTERED where it is unknown, but that a log-out or destruction has nothing to do then.
 */
export function decideAuthKey(rows: Rows, command: AuthKeyCommand, at: At): AuthKeyDecision {
  const state = authKeyState(rows, command.authKeyId)
  if (command.type === 'RegisterAuthKey') return register(state, command, at)
  if (command.type === 'LogOutAuthKey') return logOut(state)
  if (command.type === 'DestroyAuthKey') return destroy(state)
  if (state === undefined) return unregistered
  switch (command.type) {
    case 'BindAuthKey':
      return bind(rows, state, command)
    case 'DescribeAuthKey':
      return describe(state, command)
    case 'LogInAuthKey':
      return logIn(state, command, at)
    case 'TouchAuthKey':
      return touch(state, at)
  }
}

/** Another key with the same 64-bit id is rejected with AUTH_KEY_ID_TAKEN: the exchange has to give another key. */
function register(state: AuthKeyState | undefined, command: RegisterAuthKey, at: At): AuthKeyDecision {
  if (state !== undefined) return state.sealedKey.equals(command.sealedKey) ? nothing : idTaken
  const { authKeyId, sealedKey, firstSalt, expiresAt } = command
  const unbound = { permanentKeyId: null, userId: null, layer: null, client: null }
  const unused = { ...unbound, loggedInAt: null, activeAt: null }
  return changed({ authKeyId, sealedKey, firstSalt, expiresAt, ...unused, createdAt: at.date }, 'register')
}

function bind(rows: Rows, state: AuthKeyState, { permanentKeyId }: BindAuthKey): AuthKeyDecision {
  if (state.permanentKeyId === permanentKeyId) return nothing
  if (state.permanentKeyId !== null) return alreadyBound
  const permanent = authKeyState(rows, permanentKeyId)
  if (!isTemporary(state) || permanent === undefined || isTemporary(permanent)) return encryptedMessageInvalid
  return changed({ ...state, permanentKeyId }, 'bind')
}

/** A description without a client keeps the one before. */
function describe(state: AuthKeyState, { layer, client }: DescribeAuthKey): AuthKeyDecision {
  const sameClient = client === null || (state.client?.equals(client) ?? false)
  if (state.layer === layer && sameClient) return nothing
  return changed({ ...state, layer, client: client ?? state.client }, 'describe')
}

/** Ends the authorization of another user on the same key. Temporary keys act through their permanent one. */
function logIn(state: AuthKeyState, { userId }: LogInAuthKey, at: At): AuthKeyDecision {
  if (isTemporary(state)) return permanentEmpty
  if (state.userId === userId) return nothing
  return changed({ ...state, userId, loggedInAt: at.date, activeAt: at.date }, 'log-in', state.userId)
}

/** Who is not logged in has no idle time to be measured. */
function touch(state: AuthKeyState, { date }: At): AuthKeyDecision {
  const { userId, activeAt } = state
  if (userId === null || (activeAt !== null && date - activeAt < ACTIVITY_INTERVAL_SECONDS)) return nothing
  return changed({ ...state, activeAt: date }, 'active')
}

function logOut(state: AuthKeyState | undefined): AuthKeyDecision {
  if (state === undefined || state.userId === null) return nothing
  const loggedOut = { userId: null, loggedInAt: null, activeAt: null }
  return changed({ ...state, ...loggedOut }, 'log-out', state.userId)
}

function destroy(state: AuthKeyState | undefined): AuthKeyDecision {
  if (state === undefined) return nothing
  return { events: [{ type: 'AuthKeyDestroyed', authKeyId: state.authKeyId, userId: state.userId }] }
}
