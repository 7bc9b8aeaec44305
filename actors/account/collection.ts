import {
  type ChangeCollection,
  type CollectionChange,
  type CollectionChanged,
  chatIdOf,
  isChannelPeer,
  MAX_ACTIVE_USERNAMES,
  MAX_COLLECTED_USERNAMES,
  type PeerId,
  type ProfileChanged,
  type RecordHeader,
  type UserId,
  usernameKey,
} from '@heliograph/schemas/avro'
import { type Mutation, presenceChannel, type RowRef, usernameCollections } from '@heliograph/storage'
import { publish } from '../message/channel.ts'
import type { At, Consequence, Decision, Publication, Reaction, Rows } from '../runtime/decider.ts'
import { accountUpdate, answered } from './user-channel.ts'

/** The usernames that one account or channel was given, and which of them it shows, in which order. */
type State = Pick<CollectionChanged, 'usernames' | 'order'>
type CollectionDecision = Decision<CollectionChanged>

const rejected = (message: string) => ({ rejected: { code: 400, message } }) as const
const notModified = rejected('USERNAME_NOT_MODIFIED')
const nothing = { events: [] } as const
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

export function needsOfCollection({ userId }: ChangeCollection): RowRef[] {
  return [{ table: usernameCollections, key: { userId } }]
}

/**
 * A name that is given is hidden until its owner shows it; one for which there is no room is freed again. Rejections:
 * USERNAME_INVALID for a name that the owner was not given, USERNAME_NOT_MODIFIED, USERNAMES_ACTIVE_TOO_MUCH, ORDER_INVALID for an
 * order that leaves a shown name out.
 */
export function decideCollection(rows: Rows, command: ChangeCollection, at: At): CollectionDecision {
  const { userId, change } = command
  const before = stateOf(rows, userId)
  const [username = ''] = command.usernames
  const to = (state: Partial<State>, former: string[] = []): CollectionDecision => ({
    events: [{ type: 'CollectionChanged', userId, change, ...before, ...state, former, date: at.date }],
  })
  switch (change) {
    case 'give':
      if (find(before, username) !== undefined) return nothing
      if (before.usernames.length >= MAX_COLLECTED_USERNAMES) return to({}, [username])
      return to({ usernames: [...before.usernames, { username, active: false }] })
    case 'take':
    case 'drop': {
      const gone = before.usernames.filter((each) => change === 'drop' || isSame(each.username, username))
      if (gone.length === 0) return nothing
      const usernames = before.usernames.filter((each) => !gone.includes(each))
      return to(
        { usernames },
        gone.map((each) => each.username),
      )
    }
    case 'order':
      return ordered(before, command.usernames, to)
    default:
      return shown(before, change, username, to)
  }
}

type To = (state: Partial<State>) => CollectionDecision

function shown(before: State, change: CollectionChange, username: string, to: To): CollectionDecision {
  const active = change === 'show'
  const isMeant = (name: string) => change === 'hide-all' || isSame(name, username)
  const meant = before.usernames.filter((each) => isMeant(each.username))
  if (change !== 'hide-all' && meant.length === 0) return rejected('USERNAME_INVALID')
  if (meant.every((each) => each.active === active)) return change === 'hide-all' ? nothing : notModified
  const usernames = before.usernames.map((each) => (meant.includes(each) ? { ...each, active } : each))
  if (usernames.filter((each) => each.active).length > MAX_ACTIVE_USERNAMES)
    return rejected('USERNAMES_ACTIVE_TOO_MUCH')
  return to({ usernames })
}

/** Which name is the chosen one is not known here: one more than those that were given may stand in the order. */
function ordered(before: State, names: readonly string[], to: To): CollectionDecision {
  const order = [...new Set(names.map((name) => name.toLowerCase()))]
  const active = before.usernames.filter((each) => each.active).map((each) => each.username.toLowerCase())
  const isWhole = order.length === names.length && active.every((name) => order.includes(name))
  if (!isWhole || order.length > active.length + 1) return rejected('ORDER_INVALID')
  return order.join(' ') === before.order.join(' ') ? notModified : to({ order })
}

const find = ({ usernames }: State, name: string) => usernames.find(({ username }) => isSame(username, name))

function stateOf(rows: Rows, userId: UserId): State {
  const row = rows.get(usernameCollections, { userId })
  const active = new Set(row?.active)
  return {
    usernames: (row?.usernames ?? []).map((username) => ({ username, active: active.has(username) })),
    order: [...(row?.ordered ?? [])],
  }
}

export function projectCollection({ userId, usernames, order }: CollectionChanged): Mutation[] {
  if (usernames.length === 0) return [{ kind: 'delete', table: usernameCollections, key: { userId } }]
  const row = {
    userId,
    usernames: usernames.map(({ username }) => username),
    active: usernames.filter(({ active }) => active).map(({ username }) => username),
    ordered: order,
  }
  return [{ kind: 'upsert', table: usernameCollections, row }]
}

/** Names that the owner has no more are freed; its sessions, and whoever shows it, are told. */
export function reactToCollection(event: CollectionChanged, header: RecordHeader): Reaction[] {
  const freed = event.former.map((username): Consequence => {
    const record = {
      type: 'ReleaseUsername',
      username: username.toLowerCase(),
      userId: event.userId,
    } as const
    return { kind: 'record', topic: 'account.commands', key: usernameKey(username), record, reply: null }
  })
  return [...answered(header), ...freed, ...tellings(event, header)]
}

function tellings({ userId, date }: CollectionChanged, header: RecordHeader): Publication[] {
  const peerId = userId as number as PeerId
  if (isChannelPeer(peerId)) return [publish({ chatId: chatIdOf(userId, peerId), kind: 'info', date }, {})]
  const record: ProfileChanged = { type: 'ProfileChanged', userId, change: 'username' }
  const profile: Publication = { kind: 'publication', channel: presenceChannel(userId), record }
  return [accountUpdate(userId, 'user', header), profile]
}
