import { type ChatId, chatIdOf, numberOfChat, type PeerId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { type Person, type RefusingSystem, startSystem } from './system.ts'

/** How a person names a user, a basic group or a channel. */
export async function userOf(viewer: Person, other: Person): Promise<Tl<'inputUser'>> {
  const [view] = await viewer.system.services.directory.views(viewer.id, [other.id])
  return { _: 'inputUser', userId: other.id, accessHash: view!.relation.accessHash }
}
export async function peerOf(viewer: Person, other: Person): Promise<Tl<'inputPeerUser'>> {
  return { ...(await userOf(viewer, other)), _: 'inputPeerUser' }
}
export function channelOf(viewer: Person, chatId: ChatId): Tl<'inputChannel'> {
  const accessHash = viewer.system.services.chats.accessHash(viewer.id, chatId)
  return { _: 'inputChannel', channelId: numberOfChat(chatId), accessHash }
}
export function channelPeerOf(viewer: Person, chatId: ChatId): Tl<'inputPeerChannel'> {
  return { ...channelOf(viewer, chatId), _: 'inputPeerChannel' }
}

type Created = 'supergroup' | 'broadcast'

/** A new channel or supergroup of somebody. */
export async function found(creator: Person, title: string, kind: Created = 'supergroup'): Promise<ChatId> {
  const type = kind === 'supergroup' ? { megagroup: true } : { broadcast: true }
  return chatOf(await creator.call('channels.createChannel', { title, about: '', ...type }))
}

function chatOf(updates: TlType<'Updates'>): ChatId {
  const chat = 'chats' in updates ? updates.chats[0] : undefined
  if (chat?._ !== 'channel') throw new Error('no channel was made')
  return chatIdOf(0 as never, (-1_000_000_000_000 - chat.id) as PeerId)
}

/** Gives a channel a public name. */
export async function publish(creator: Person, chatId: ChatId, username: string): Promise<void> {
  await creator.call('channels.updateUsername', { channel: channelOf(creator, chatId), username })
}

export async function invite(by: Person, chatId: ChatId, ...people: readonly Person[]): Promise<void> {
  for (const person of people) {
    const users = [await userOf(by, person)]
    await by.call('channels.inviteToChannel', { channel: channelOf(by, chatId), users })
  }
}

/** Removes somebody from a channel for good. */
export async function ban(by: Person, chatId: ChatId, person: Person): Promise<void> {
  await by.call('channels.editBanned', {
    channel: channelOf(by, chatId),
    participant: await peerOf(by, person),
    bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 },
  })
}

export async function promote(
  by: Person,
  chatId: ChatId,
  person: Person,
  rights: Omit<Tl<'chatAdminRights'>, '_'>,
): Promise<void> {
  await by.call('channels.editAdmin', {
    channel: channelOf(by, chatId),
    userId: await userOf(by, person),
    adminRights: { _: 'chatAdminRights', ...rights },
    rank: '',
  })
}

/** Sends a text, and tells the id that it got in a channel. */
export async function say(by: Person, peer: TlType<'InputPeer'>, message: string): Promise<number> {
  const randomId = by.system.services.random(8).readBigInt64LE()
  const updates = await by.call('messages.sendMessage', { peer, message, randomId })
  if (updates._ === 'updateShortSentMessage') return updates.id
  const told = 'updates' in updates ? updates.updates : []
  for (const update of told) if (update._ === 'updateMessageID') return update.id
  throw new Error('nothing was sent')
}

/** Who and what most refusals are about. */
export interface Town {
  readonly system: RefusingSystem
  /** Made everything. */
  readonly alice: Person
  /** In everything. */
  readonly bob: Person
  /** In nothing. */
  readonly carol: Person
  /** Removed from everything. */
  readonly dave: Person
  /** A private supergroup, and one with a name. */
  readonly square: ChatId
  readonly market: ChatId
  /** A private channel, and one with a name. */
  readonly letter: ChatId
  readonly paper: ChatId
}

export async function foundTown(): Promise<Town> {
  const system = await startSystem()
  const [alice, bob, carol, dave] = [
    await system.signUp('Alice'),
    await system.signUp('Bob'),
    await system.signUp('Carol'),
    await system.signUp('Dave'),
  ]
  const chats = {
    square: await found(alice, 'Square'),
    market: await found(alice, 'Market'),
    letter: await found(alice, 'Letter', 'broadcast'),
    paper: await found(alice, 'Paper', 'broadcast'),
  }
  for (const chatId of Object.values(chats)) {
    await invite(alice, chatId, bob, dave)
    await ban(alice, chatId, dave)
  }
  await publish(alice, chats.market, 'town_market')
  await publish(alice, chats.paper, 'town_paper')
  return { system, alice, bob, carol, dave, ...chats }
}
