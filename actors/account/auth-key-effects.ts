import type {
  AuthKeyChanged,
  AuthKeyDestroyed,
  AuthKeySignal,
  RecordHeader,
  UserId,
} from '@heliograph/schemas/avro'
import { AUTH_KEYS_CHANNEL, authKeys, authorizations, type Mutation, userChannel } from '@heliograph/storage'
import type { Publication, Reaction } from '../runtime/decider.ts'
import { answered } from './user-channel.ts'

export function projectAuthKeyChanged(event: AuthKeyChanged): Mutation[] {
  const mutations: Mutation[] = [{ kind: 'upsert', table: authKeys, row: authKeyRow(event) }]
  if (event.previousUserId !== null)
    mutations.push(authorizationDelete(event.previousUserId, event.authKeyId))
  if (event.userId !== null) mutations.push(authorizationUpsert(event))
  return mutations
}

function authKeyRow(event: AuthKeyChanged) {
  const { authKeyId, sealedKey, firstSalt, expiresAt, permanentKeyId } = event
  const { userId, layer, client, createdAt, loggedInAt, activeAt } = event
  return {
    authKeyId,
    sealedKey,
    firstSalt,
    expiresAt,
    permanentKeyId,
    userId,
    layer,
    client,
    createdAt,
    loggedInAt,
    activeAt,
  }
}

/** An authorization is as old as the log-in. */
function authorizationUpsert(event: AuthKeyChanged): Mutation {
  const { userId, authKeyId, layer, client, loggedInAt, activeAt } = event
  const row = { userId, authKeyId, layer, client, createdAt: loggedInAt, activeAt }
  return { kind: 'upsert', table: authorizations, row }
}

function authorizationDelete(userId: UserId, authKeyId: string): Mutation {
  return { kind: 'delete', table: authorizations, key: { userId, authKeyId } }
}

export function projectAuthKeyDestroyed({ authKeyId, userId }: AuthKeyDestroyed): Mutation[] {
  const key: Mutation = { kind: 'delete', table: authKeys, key: { authKeyId } }
  return userId === null ? [key] : [key, authorizationDelete(userId, authKeyId)]
}

/** Those who lose the key are told of a log-out, those who get it of a log-in. */
export function reactToAuthKeyChanged(event: AuthKeyChanged, header: RecordHeader): Reaction[] {
  const { authKeyId, change, userId, previousUserId } = event
  const reactions = answered(header)
  if (previousUserId !== null) reactions.push(signal(authKeyId, 'log-out', previousUserId))
  if (change === 'log-in' && userId !== null) reactions.push(signal(authKeyId, 'log-in', userId))
  return reactions
}

export function reactToAuthKeyDestroyed(event: AuthKeyDestroyed, header: RecordHeader): Reaction[] {
  const { authKeyId, userId } = event
  return [...answered(header), signal(authKeyId, 'destroy', userId)]
}

/** Gateways follow the channel of the user who is logged in on a key; that of all keys where there is none. */
function signal(
  authKeyId: string,
  change: 'log-in' | 'log-out' | 'destroy',
  userId: UserId | null,
): Publication {
  const record: AuthKeySignal = { type: 'AuthKeySignal', authKeyId, change, userId }
  const channel = userId === null ? AUTH_KEYS_CHANNEL : userChannel(userId)
  return { kind: 'publication', channel, record }
}
