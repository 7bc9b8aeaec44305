import type { Reply, UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { mailboxCounters } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { addUsersOf } from '../render/message.ts'
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

/** Updates in the full form, outside the sequence of `seq`. */
export function updatesOf(updates: TlType<'Update'>[], users: RenderedUser[], date: number): Tl<'updates'> {
  return { _: 'updates', updates, users, chats: [], date, seq: 0 }
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
