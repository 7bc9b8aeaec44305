import { isUsername, MIN_COLLECTED_LENGTH } from '@heliograph/gateway/rpc'
import {
  type AccountCommand,
  type AccountKey,
  type ChatId,
  channelChatId,
  collectionKey,
  peerIdOfChat,
  type RecordCodec,
  type UserId,
  usernameKey,
} from '@heliograph/schemas/avro'
import { chatInfos, usernames as owners, type Tables, usernameCollections, users } from '@heliograph/storage'
import { type Log, partitionOf } from '@heliograph/topics'
import { InvalidOption } from '../../start/options/fields.ts'
import { type Auditing, audit } from '../audit.ts'

const USER_ID = /^[1-9]\d*$/
const CHANNEL_ID = /^c([1-9]\d*)$/

/** What usernames are given on. */
export interface Naming extends Auditing {
  readonly log: Log
  readonly tables: Tables
  readonly codec: RecordCodec
}
export interface Given {
  readonly username: string
  readonly active: boolean
}

/**
 * The owner that an operator means: a user by its id, a channel or supergroup as `c<id>`.
 * @throws InvalidOption for an id of another form
 */
export function ownerOf(id: string): UserId {
  const channel = CHANNEL_ID.exec(id)?.[1]
  if (channel !== undefined) return peerIdOfChat(channelChatId(Number(channel))) as number as UserId
  if (USER_ID.test(id)) return Number(id) as UserId
  throw new InvalidOption(`${id}: neither a user id, such as 1000000001, nor a channel id, such as c1000`)
}

/**
 * Gives a free name to an account or channel, which shows it when it likes. Carried out by the actors, when they run.
 * @throws InvalidOption for a name that is none, or is taken, or an owner that is not there
 */
export async function grant(stores: Naming, id: string, username: string, reason: string): Promise<void> {
  const userId = ownerOf(id)
  if (!isUsername(username, MIN_COLLECTED_LENGTH))
    throw new InvalidOption(`${username}: cannot be a username`)
  if (!(await isThere(stores, id, userId))) throw new InvalidOption(`${id}: no such account or channel`)
  const row = await stores.tables.get(owners, { username: username.toLowerCase() })
  if (row !== undefined) throw new InvalidOption(`${username}: is taken`)
  await audit(stores, `grant username ${username} to ${id}`, reason)
  await tell(stores, usernameKey(username), { type: 'GrantUsername', username, userId })
}

/**
 * Takes a name back that was given: it is free then. Carried out by the actors, when they run.
 * @throws InvalidOption where the owner was not given it
 */
export async function revoke(stores: Naming, id: string, username: string, reason: string): Promise<void> {
  const userId = ownerOf(id)
  const known = (await givenTo(stores, id)).find(
    (each) => each.username.toLowerCase() === username.toLowerCase(),
  )
  if (known === undefined) throw new InvalidOption(`${username}: was not given to ${id}`)
  await audit(stores, `revoke username ${username} from ${id}`, reason)
  const usernames = [known.username]
  await tell(stores, collectionKey(userId), { type: 'ChangeCollection', userId, change: 'take', usernames })
}

/** The names that the owner was given, in the order in which it got them. */
export async function givenTo({ tables }: Pick<Naming, 'tables'>, id: string): Promise<Given[]> {
  const row = await tables.get(usernameCollections, { userId: ownerOf(id) })
  return (row?.usernames ?? []).map((username) => ({
    username,
    active: row?.active?.includes(username) ?? false,
  }))
}

async function isThere({ tables }: Naming, id: string, userId: UserId): Promise<boolean> {
  if (userId > 0) return (await tables.get(users, { userId }))?.deletedAt === null
  const chat = await tables.get(chatInfos, { chatId: id as ChatId })
  return chat !== undefined && !chat.flags?.includes('deactivated')
}

async function tell({ log, codec, nowMs }: Naming, key: AccountKey, command: AccountCommand): Promise<void> {
  const topic = 'account.commands'
  const value = codec.encode({ cause: null, epoch: 0, reply: null }, command)
  await log.append(topic, partitionOf(key, log.partitions(topic)), [{ key, value, timestampMs: nowMs() }])
  await log.barrier()
}
