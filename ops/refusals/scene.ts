import type { Tl } from '@heliograph/schemas/tl'
import { type Person, World } from './world.ts'

/**
 * For tests: people and chats in which most refusals can be brought about. Bob is a member of Alice's chats; Carol knows them all,
 * and is in none any more; Dave has deleted his account; Erin has nothing to do with anybody.
 */
export interface Scene {
  readonly world: World
  readonly alice: Person
  readonly bob: Person
  readonly carol: Person
  readonly dave: Person
  readonly erin: Person
  /** Ids of a basic group, a supergroup, a broadcast channel and a forum, all Alice's and without a name. */
  readonly group: number
  readonly town: number
  readonly news: number
  readonly forum: number
}

export const NOBODY = { _: 'inputPeerEmpty' } as const
/** A basic group that does not exist. */
export const NO_GROUP = { _: 'inputPeerChat', chatId: 987_654 } as const
/** A channel under an access hash that nobody was told. */
export const NO_CHANNEL = { _: 'inputPeerChannel', channelId: 987_654, accessHash: 1n } as const
export const NO_USER = { _: 'inputUser', userId: 987_654, accessHash: 1n } as const
/** No chat has so many messages. */
export const NO_MESSAGE = 987_654

export async function startScene(config?: Parameters<typeof World.start>[0]): Promise<Scene> {
  const world = await World.start(config)
  const [alice, bob, carol, dave, erin] = (await Promise.all(
    ['Alice', 'Bob', 'Carol', 'Dave', 'Erin'].map((name) => world.person(name)),
  )) as [Person, Person, Person, Person, Person]
  await alice.meets(bob, carol, dave)
  await bob.meets(carol, dave)
  const group = await newGroup(alice, [bob, carol])
  const town = await newChannel(alice, { megagroup: true }, [bob, carol])
  const news = await newChannel(alice, { broadcast: true }, [bob, carol])
  const forum = await newChannel(alice, { megagroup: true, forum: true }, [bob])
  await carol.call('messages.deleteChatUser', { chatId: group, userId: { _: 'inputUserSelf' } })
  for (const left of [town, news]) await carol.call('channels.leaveChannel', { channel: carol.channel(left) })
  await dave.call('account.deleteAccount', { reason: 'a test' })
  return { world, alice, bob, carol, dave, erin, group, town, news, forum }
}

/** A basic group of `creator`; resolves to its bare id. */
export async function newGroup(
  creator: Person,
  members: readonly Person[],
  title = 'Group',
): Promise<number> {
  const users = members.map((member) => creator.user(member))
  const made = await creator.call('messages.createChat', { users, title })
  const { chats } = made.updates as Tl<'updates'>
  return chats[0]!.id
}

/** A channel of `creator` that `members` have joined; resolves to its bare id. */
export async function newChannel(
  creator: Person,
  kind: { readonly megagroup?: true; readonly broadcast?: true; readonly forum?: true },
  members: readonly Person[] = [],
): Promise<number> {
  const made = (await creator.call('channels.createChannel', {
    ...kind,
    title: 'Channel',
    about: '',
  })) as Tl<'updates'>
  const { id } = made.chats[0]!
  const link = await linkTo(creator, id)
  for (const member of members) await member.call('messages.importChatInvite', { hash: link })
  return id
}

/** The hash of a new link of invitation to a channel. */
export async function linkTo(
  admin: Person,
  channelId: number,
  more: { readonly requestNeeded?: true; readonly usageLimit?: number } = {},
): Promise<string> {
  const invite = await admin.call('messages.exportChatInvite', {
    ...more,
    peer: admin.channelPeer(channelId),
  })
  return (invite as Tl<'chatInviteExported'>).link.replace(/^.*\+/, '')
}

let lastRandomId = 1n << 40n
/** A number that no other call has. */
export const randomId = (): bigint => ++lastRandomId

/** Sends a text; resolves to the sender's id of the message. */
export async function say(
  sender: Person,
  peer: Parameters<typeof sayIn>[1],
  message = 'words',
  more: object = {},
): Promise<number> {
  return sayIn(sender, peer, message, more)
}

async function sayIn(
  sender: Person,
  peer: Tl<'inputPeerUser'> | Tl<'inputPeerChat'> | Tl<'inputPeerChannel'> | Tl<'inputPeerSelf'>,
  message: string,
  more: object,
): Promise<number> {
  const sent = await sender.call('messages.sendMessage', { peer, message, randomId: randomId(), ...more })
  const told = (sent as Tl<'updates'>).updates.find(({ _ }) => _ === 'updateMessageID')
  return (told as Tl<'updateMessageID'>).id
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

export const groupPeer = (chatId: number): Tl<'inputPeerChat'> => ({ _: 'inputPeerChat', chatId })

/** The reader's id of the last message of a chat. */
export async function lastIn(reader: Person, peer: Parameters<typeof sayIn>[1]): Promise<number> {
  const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n } as const
  const found = await reader.call('messages.getHistory', { ...page, peer })
  return 'messages' in found ? (found.messages[0]?.id ?? 0) : 0
}
