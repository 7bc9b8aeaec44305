import type { Tl } from '@heliograph/schemas/tl'
import { afterAll, beforeAll } from 'vitest'
import { ban, newChannel, newGroup, publish } from './chats.ts'
import type { Person } from './person.ts'
import { World } from './world.ts'

/**
 * For tests: people and chats in which most refusals can be brought about. Bob is a member of Alice's chats; Carol knows them all,
 * and is in none any more; Dave has deleted his account; Erin has nothing to do with anybody; Fred was removed from all channels.
 */
export interface Scene {
  readonly world: World
  readonly alice: Person
  readonly bob: Person
  readonly carol: Person
  readonly dave: Person
  readonly erin: Person
  readonly fred: Person
  /** Ids of a basic group, a supergroup, a broadcast channel and a forum, all Alice's and without a name. */
  readonly group: number
  readonly town: number
  readonly news: number
  readonly forum: number
  /** A supergroup and a channel, both Alice's, with a name. */
  readonly market: number
  readonly paper: number
}

export const NOBODY = { _: 'inputPeerEmpty' } as const
/** A basic group that does not exist. */
export const NO_GROUP = { _: 'inputPeerChat', chatId: 987_654 } as const
/** A channel under an access hash that nobody was told. */
export const NO_CHANNEL = { _: 'inputPeerChannel', channelId: 987_654, accessHash: 1n } as const
export const NO_USER = { _: 'inputUser', userId: 987_654, accessHash: 1n } as const
/** No chat has so many messages. */
export const NO_MESSAGE = 987_654

/** Of the tests of a file, or of a `describe`: there when they run, and gone after them. */
export function ownScene(): Scene {
  const scene = {} as Scene
  beforeAll(async () => {
    Object.assign(scene, await startScene())
  })
  afterAll(() => scene.world?.stop())
  return scene
}

async function startScene(): Promise<Scene> {
  const world = await World.start()
  const [alice, bob, carol, dave, erin, fred] = (await Promise.all(
    ['Alice', 'Bob', 'Carol', 'Dave', 'Erin', 'Fred'].map((name) => world.person(name)),
  )) as [Person, Person, Person, Person, Person, Person]
  await alice.meets(bob, carol, dave)
  await bob.meets(carol, dave)
  const group = await newGroup(alice, [bob, carol])
  const channels = {
    town: await newChannel(alice, { megagroup: true }, [bob, carol, fred]),
    news: await newChannel(alice, { broadcast: true }, [bob, carol, fred]),
    market: await newChannel(alice, { megagroup: true }, [bob, carol, fred]),
    paper: await newChannel(alice, { broadcast: true }, [bob, carol, fred]),
  }
  const forum = await newChannel(alice, { megagroup: true, forum: true }, [bob])
  await carol.call('messages.deleteChatUser', { chatId: group, userId: { _: 'inputUserSelf' } })
  for (const left of Object.values(channels)) {
    await carol.call('channels.leaveChannel', { channel: carol.channel(left) })
    await ban(alice, left, fred)
  }
  await publish(alice, channels.market, 'the_market')
  await publish(alice, channels.paper, 'the_paper')
  await dave.call('account.deleteAccount', { reason: 'a test' })
  return { world, alice, bob, carol, dave, erin, fred, group, forum, ...channels }
}

/** Somebody named by a message that does not exist. */
export function byMessage({ town, carol }: Scene, who: Person): Tl<'inputPeerUserFromMessage'> {
  const peer = who.channelPeer(town)
  return { _: 'inputPeerUserFromMessage', peer, msgId: NO_MESSAGE, userId: carol.id }
}

export function userByMessage({ town, carol }: Scene, who: Person): Tl<'inputUserFromMessage'> {
  const peer = who.channelPeer(town)
  return { _: 'inputUserFromMessage', peer, msgId: NO_MESSAGE, userId: carol.id }
}
