import {
  type AccountCommand,
  type AccountKey,
  collectionKey,
  type ProfileChanged,
  phoneKey,
  type RecordHeader,
  type UserChanged,
  type UserId,
  usernameKey,
} from '@heliograph/schemas/avro'
import { presenceChannel } from '@heliograph/storage'
import type { Consequence, Publication } from '../runtime/decider.ts'
import { accountUpdate } from './user-channel.ts'

/** The actors of a number and a name that the user no longer has are told to free them. */
export function releases({ userId, change, formerPhoneHmac, formerUsername }: UserChanged): Consequence[] {
  const orders: Consequence[] = []
  if (formerPhoneHmac !== null)
    orders.push(
      order(phoneKey(formerPhoneHmac), { type: 'ReleasePhone', phoneHmac: formerPhoneHmac, userId }),
    )
  if (formerUsername !== null) {
    const username = formerUsername.toLowerCase()
    orders.push(order(usernameKey(username), { type: 'ReleaseUsername', username, userId }))
  }
  if (change === 'delete') orders.push(dropCollection(userId))
  return orders
}

/** Whoever is gone gives up the usernames that it was given. */
export const dropCollection = (owner: UserId): Consequence =>
  order(collectionKey(owner), { type: 'ChangeCollection', userId: owner, change: 'drop', usernames: [] })

function order(key: AccountKey, record: AccountCommand): Consequence {
  return { kind: 'record', topic: 'account.commands', key, record, reply: null }
}

/** Nobody knows a new user yet, and nobody sees when one was last active to the day. */
export function tellings(event: UserChanged, header: RecordHeader): Publication[] {
  const { userId, change } = event
  if (change === 'create' || change === 'active') return []
  const record: ProfileChanged = { type: 'ProfileChanged', userId, change }
  const profile: Publication = { kind: 'publication', channel: presenceChannel(userId), record }
  if (change === 'delete') return [profile]
  const name = event.changed === null ? '' : `privacy:${event.changed}`
  const own =
    change === 'privacy'
      ? accountUpdate(userId, 'setting', header, { name })
      : accountUpdate(userId, 'user', header, { name: change === 'phone' ? 'phone' : '' })
  return [own, profile]
}
