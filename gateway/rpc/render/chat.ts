import {
  BANNED_RIGHTS,
  type ChatId,
  CREATOR_RIGHTS,
  chatIdOf,
  hasRight,
  numberOfChat,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { ChatFacts, MemberFacts } from '../directory/chat-facts.ts'
import type { ChatDirectory, ChatView } from '../directory/chats.ts'
import { usernameFields } from '../directory/usernames.ts'
import { adminRights, bannedRights } from '../rights.ts'
import { chatPhoto } from './chat-photo.ts'
import type { Draft } from './message.ts'

export type RenderedChat = TlType<'Chat'>
interface Rendering {
  readonly chats: ChatDirectory
}

/**
 * The groups and channels as the viewer sees them, in order and without repetition; unknown ones as empty.
 * @param now Unix seconds
 */
export function renderChats(
  services: Rendering,
  viewer: UserId,
  peers: readonly PeerId[],
  now: number,
): RenderedChat[] | Promise<RenderedChat[]> {
  const different = peers.length > 1 ? [...new Set(peers)] : peers
  return renderCachedChats(services, viewer, different, now) ?? load(services, viewer, different, now)
}

/** As `renderChats` when everything is at hand, otherwise undefined; the hot path. */
export function renderCachedChats(
  services: Rendering,
  viewer: UserId,
  peers: readonly PeerId[],
  now: number,
): RenderedChat[] | undefined {
  const rendered: RenderedChat[] = []
  for (const peer of peers) {
    const view = services.chats.cachedView(viewer, chatIdOf(viewer, peer))
    if (view === undefined) return undefined
    rendered.push(renderChat(services, viewer, peer, view, now))
  }
  return rendered
}

async function load(services: Rendering, viewer: UserId, peers: readonly PeerId[], now: number) {
  const ids = peers.map((peer) => chatIdOf(viewer, peer))
  const views = await services.chats.views(viewer, ids)
  return peers.map((peer, i) => renderChat(services, viewer, peer, views[i]!, now))
}

/** One chat as the viewer sees it. */
export function renderChat(
  services: Rendering,
  viewer: UserId,
  peer: PeerId,
  view: ChatView,
  now: number,
): RenderedChat {
  const { facts } = view
  if (facts === undefined) return { _: 'chatEmpty', id: numberOfChat(chatIdOf(viewer, peer)) }
  if (facts.kind === 'group') return renderGroup(services, viewer, facts, view)
  return isShutOut(facts, view.member, now)
    ? forbiddenChannel(facts, view)
    : channelFor(services, viewer, facts, view, now)
}

/** Whether a restriction holds at `now`. */
export function holds(member: Pick<MemberFacts, 'banned' | 'untilDate'>, now: number): boolean {
  return member.banned !== 0 && (member.untilDate === 0 || member.untilDate > now)
}

/** Removed and not let in again, or the channel is gone. */
export function isShutOut(facts: ChatFacts, member: MemberFacts | undefined, now: number): boolean {
  if (facts.flags.has('deactivated')) return true
  return (
    member?.status === 'kicked' && hasRight(member.banned, BANNED_RIGHTS.viewMessages) && holds(member, now)
  )
}

function renderGroup(
  services: Rendering,
  viewer: UserId,
  facts: ChatFacts,
  { member }: ChatView,
): RenderedChat {
  const id = numberOfChat(facts.chatId)
  if (member === undefined || member.status === 'kicked')
    return { _: 'chatForbidden', id, title: member === undefined ? '' : facts.profile.title }
  const chat: Draft<Tl<'chat'>> = {
    _: 'chat',
    id,
    title: facts.profile.title,
    photo: photoOf(services, facts),
    participantsCount: member.isIn ? facts.participants : 0,
    date: member.date,
    version: facts.version,
    defaultBannedRights: bannedRights(facts.defaultBanned),
  }
  if (facts.creatorId === viewer) chat.creator = true
  if (!member.isIn) chat.left = true
  if (facts.flags.has('deactivated')) chat.deactivated = true
  if (facts.flags.has('noForwards')) chat.noforwards = true
  if (member.isIn && member.status === 'creator')
    chat.adminRights = adminRights(member.rights || CREATOR_RIGHTS)
  else if (member.isIn && member.status === 'admin') chat.adminRights = adminRights(member.rights)
  if (facts.migratedTo !== undefined) chat.migratedTo = migratedTo(services, viewer, facts.migratedTo)
  return chat
}

function migratedTo({ chats }: Rendering, viewer: UserId, to: ChatId) {
  return { _: 'inputChannel', channelId: numberOfChat(to), accessHash: chats.accessHash(viewer, to) } as const
}

function forbiddenChannel(facts: ChatFacts, { member, accessHash: hash }: ChatView): RenderedChat {
  return {
    _: 'channelForbidden',
    ...(facts.kind === 'broadcast' ? { broadcast: true } : { megagroup: true }),
    id: numberOfChat(facts.chatId),
    accessHash: hash,
    title: facts.profile.title,
    ...(member?.untilDate && { untilDate: member.untilDate }),
  }
}

function channelFor(
  services: Rendering,
  viewer: UserId,
  facts: ChatFacts,
  { member, accessHash: hash }: ChatView,
  now: number,
): RenderedChat {
  const channel: Draft<Tl<'channel'>> = { ...neutral(services, facts) }
  channel.accessHash = hash
  channel.date = member?.isIn ? member.date : facts.createdAt
  if (member?.isIn || facts.username !== undefined) channel.participantsCount = facts.participants
  if (facts.creatorId === viewer)
    Object.assign(channel, { creator: true, username: undefined }, usernameFields(facts, true))
  if (!member?.isIn) channel.left = true
  if (member === undefined) return channel
  if (member.status === 'creator') channel.adminRights = adminRights(member.rights || CREATOR_RIGHTS)
  else if (member.status === 'admin') channel.adminRights = adminRights(member.rights)
  if (holds(member, now)) channel.bannedRights = bannedRights(member.banned, member.untilDate)
  return channel
}

/** A channel as everybody sees it, without anything that differs between viewers; always the same object until it changes. */
function neutral({ chats }: Rendering, facts: ChatFacts): Tl<'channel'> {
  return chats.memo(facts, 'neutral', () => renderNeutral(chats.dataCentreId, facts))
}

/** As `neutral`, marked as such for clients, which then only learn what is in it. */
export function minChannel(services: Rendering, facts: ChatFacts): Tl<'channel'> {
  return services.chats.memo(facts, 'min', () => ({ ...neutral(services, facts), min: true }))
}

function renderNeutral(dataCentreId: number, facts: ChatFacts): Tl<'channel'> {
  const { profile, flags } = facts
  const channel: Draft<Tl<'channel'>> = {
    _: 'channel',
    id: numberOfChat(facts.chatId),
    title: profile.title,
    photo: chatPhoto(facts.photo, dataCentreId),
    date: facts.createdAt,
  }
  if (facts.kind === 'broadcast') channel.broadcast = true
  else {
    channel.megagroup = true
    channel.defaultBannedRights = bannedRights(facts.defaultBanned)
  }
  Object.assign(channel, usernameFields(facts, false))
  if (facts.linkedChatId !== undefined) channel.hasLink = true
  if (facts.slowModeSeconds > 0) channel.slowmodeEnabled = true
  if (facts.color !== undefined) channel.color = facts.color
  if (facts.profileColor !== undefined) channel.profileColor = facts.profileColor
  for (const [flag, field] of SHOWN_FLAGS) if (flags.has(flag)) channel[field] = true
  return channel
}

const SHOWN_FLAGS = [
  ['signatures', 'signatures'],
  ['signatureProfiles', 'signatureProfiles'],
  ['noForwards', 'noforwards'],
  ['joinToSend', 'joinToSend'],
  ['joinRequest', 'joinRequest'],
  ['forum', 'forum'],
  ['forumTabs', 'forumTabs'],
  ['gigagroup', 'gigagroup'],
  ['autotranslation', 'autotranslation'],
] as const

function photoOf({ chats }: Rendering, facts: ChatFacts): TlType<'ChatPhoto'> {
  return chats.memo(facts, 'photo', () => chatPhoto(facts.photo, chats.dataCentreId))
}
