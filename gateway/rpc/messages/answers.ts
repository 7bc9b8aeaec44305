import type { PeerId, Reply, UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { mailboxCounters } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { renderChats } from '../render/chat.ts'
import { addPeersOf, addUsersOf } from '../render/message-peers.ts'
import { type RenderedUser, renderUsers } from '../render/user.ts'

/** What the caller's mailbox counted for one command. */
export type MailboxAnswer = NonNullable<Reply['mailbox']>

/** pts of an account that nothing has happened to yet. */
export const FIRST_PTS = 1

/** The mailbox's part of an actor's answer, which it owes to every call that must have changed the mailbox. */
export function mailboxOf(reply: Reply): MailboxAnswer {
  if (reply.mailbox === null) throw new RpcError(500, 'INTERNAL')
  return reply.mailbox
}

/** What a command did to a user's mailbox, or to a channel, which counts by itself. */
export interface Counted {
  readonly msgId: number
  readonly date: number
  readonly pts: number
  readonly ptsCount: number
  /** When the message goes, Unix seconds; 0 where it stays, and absent for channels, which say so themselves. */
  readonly expiresAt?: number
}

/** As `mailboxOf`, whichever kind of chat the command was for. */
export function countedOf(reply: Reply): Counted {
  const { channel } = reply
  if (channel === null) return mailboxOf(reply)
  return { msgId: channel.seq, date: channel.date, pts: channel.pts, ptsCount: channel.ptsCount }
}

/** The users that these messages name, and some more, as the caller sees them. */
export function usersOf(
  context: CallContext,
  messages: readonly TlType<'Message'>[],
  more: Iterable<UserId> = [],
): RenderedUser[] | Promise<RenderedUser[]> {
  const ids = new Set<UserId>(more)
  for (const message of messages) addUsersOf(ids, message)
  return renderUsers(context.services.directory, context.user, [...ids], context.now)
}

/** Users, groups and channels of an answer. */
export interface Named {
  readonly users: RenderedUser[]
  readonly chats: TlType<'Chat'>[]
}

const NO_CHATS: TlType<'Chat'>[] = []

/** Everybody that these messages name, and some more peers, as the caller sees them. */
export function namedIn(
  context: CallContext,
  messages: readonly TlType<'Message'>[],
  more: Iterable<PeerId | UserId> = [],
): Named | Promise<Named> {
  const peers = new Set<PeerId>(more as Iterable<PeerId>)
  for (const message of messages) addPeersOf(peers, message)
  return renderNamed(context, peers)
}

/** These peers as the caller sees them, at once where all are at hand. */
export function renderNamed(
  {
    services,
    user,
    now,
  }: Pick<CallContext, 'user' | 'now'> & {
    services: Pick<CallContext['services'], 'directory' | 'chats'>
  },
  peers: Iterable<PeerId>,
): Named | Promise<Named> {
  const userIds: UserId[] = []
  const chatPeers: PeerId[] = []
  for (const peer of peers) {
    if (peer > 0) userIds.push(peer as number as UserId)
    else if (peer < 0) chatPeers.push(peer)
  }
  const users = renderUsers(services.directory, user, userIds, now)
  const chats = chatPeers.length === 0 ? NO_CHATS : renderChats(services, user, chatPeers, now)
  if (users instanceof Promise || chats instanceof Promise) return together(users, chats)
  return { users, chats }
}

async function together(
  users: RenderedUser[] | Promise<RenderedUser[]>,
  chats: TlType<'Chat'>[] | Promise<TlType<'Chat'>[]>,
): Promise<Named> {
  const [renderedUsers, renderedChats] = await Promise.all([users, chats])
  return { users: renderedUsers, chats: renderedChats }
}

/** Updates in the full form, outside the sequence of `seq`. */
export function updatesOf(
  updates: TlType<'Update'>[],
  users: RenderedUser[],
  date: number,
  chats: TlType<'Chat'>[] = [],
): Tl<'updates'> {
  return { _: 'updates', updates, users, chats, date, seq: 0 }
}

/** An answer for what changed nothing: the mailbox as it stands. */
export async function unaffected(context: CallContext): Promise<Tl<'messages.affectedMessages'>> {
  return { _: 'messages.affectedMessages', pts: (await countersOf(context)).pts, ptsCount: 0 }
}

export interface Counters {
  readonly pts: number
  readonly msgId: number
}

/** The caller's counters; those of a new account where there are none. */
export async function countersOf({ services, user }: CallContext): Promise<Counters> {
  const row = await services.tables.get(mailboxCounters, { userId: user })
  return { pts: row?.pts ?? FIRST_PTS, msgId: row?.msgId ?? 0 }
}
