import type { Tl } from '@heliograph/schemas/tl'
import type { Person } from './person.ts'

/** For tests: what people do in chats. Chats are named by their bare ids. */

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

type Chat = Tl<'inputPeerUser'> | Tl<'inputPeerChat'> | Tl<'inputPeerChannel'> | Tl<'inputPeerSelf'>

/** Sends a text; resolves to the sender's id of the message. */
export async function say(sender: Person, peer: Chat, message = 'words', more: object = {}): Promise<number> {
  const sent = await sender.call('messages.sendMessage', { peer, message, randomId: randomId(), ...more })
  const told = (sent as Tl<'updates'>).updates.find(({ _ }) => _ === 'updateMessageID')
  return (told as Tl<'updateMessageID'>).id
}

export const groupPeer = (chatId: number): Tl<'inputPeerChat'> => ({ _: 'inputPeerChat', chatId })

/** The reader's id of the last message of a chat. */
export async function lastIn(reader: Person, peer: Chat): Promise<number> {
  const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n } as const
  const found = await reader.call('messages.getHistory', { ...page, peer })
  return 'messages' in found ? (found.messages[0]?.id ?? 0) : 0
}

/** The argument of calls about a channel. */
export const at = (who: Person, channelId: number): { readonly channel: Tl<'inputChannel'> } => ({
  channel: who.channel(channelId),
})

/** Gives a channel a public name. */
export async function publish(creator: Person, channelId: number, username: string): Promise<void> {
  await creator.call('channels.updateUsername', { channel: creator.channel(channelId), username })
}

export async function invite(by: Person, channelId: number, ...people: readonly Person[]): Promise<void> {
  const users = people.map((person) => by.user(person))
  await by.call('channels.inviteToChannel', { channel: by.channel(channelId), users })
}

/** Removes somebody from a channel for good. */
export async function ban(by: Person, channelId: number, person: Person): Promise<void> {
  await by.call('channels.editBanned', {
    channel: by.channel(channelId),
    participant: by.peer(person),
    bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 },
  })
}

export async function promote(
  by: Person,
  channelId: number,
  person: Person,
  rights: Omit<Tl<'chatAdminRights'>, '_'>,
): Promise<void> {
  await by.call('channels.editAdmin', {
    channel: by.channel(channelId),
    userId: by.user(person),
    adminRights: { _: 'chatAdminRights', ...rights },
    rank: '',
  })
}
