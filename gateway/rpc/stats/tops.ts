import { type ChatId, type PeerId, peerIdOfChat, type UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { messages } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { channelEntry, type MessageRow } from '../messages/mailbox/history.ts'
import { openMessages } from '../messages/mailbox/rendered.ts'
import type { Deed, Move } from './measured.ts'
import type { Written } from './written.ts'

/** How many of each are named. */
const MAX_TOP = 10
/** Messages of one poster whose length is looked at, the newest. */
const MAX_MEASURED = 50

/** Those who wrote most in their own names. */
export async function topPosters(
  context: CallContext,
  chatId: ChatId,
  written: readonly Written[],
): Promise<Tl<'statsGroupTopPoster'>[]> {
  const bySender = new Map<number, Written[]>()
  for (const message of written) {
    if (!message.isOwn) continue
    const own = bySender.get(message.senderId)
    if (own === undefined) bySender.set(message.senderId, [message])
    else own.push(message)
  }
  const top = [...bySender].sort(([, a], [, b]) => b.length - a.length).slice(0, MAX_TOP)
  return Promise.all(
    top.map(async ([userId, own]) => ({
      _: 'statsGroupTopPoster' as const,
      userId,
      messages: own.length,
      avgChars: await averageLength(context, chatId, own.slice(0, MAX_MEASURED)),
    })),
  )
}

async function averageLength(
  { services, user }: CallContext,
  chatId: ChatId,
  written: readonly Written[],
): Promise<number> {
  const refs = written.map(({ seq }) => ({ table: messages, key: { chatId, seq } }))
  const rows = (await services.tables.getMany(refs)).filter((row) => row !== undefined) as MessageRow[]
  const peerId: PeerId = peerIdOfChat(chatId)
  const opened = await openMessages(
    services,
    user,
    rows.map((row) => channelEntry(user, peerId, row)),
  )
  const lengths = opened.flatMap(({ content }) => (content === undefined ? [] : [content.text.length]))
  if (lengths.length === 0) return 0
  return Math.round(lengths.reduce((sum, length) => sum + length, 0) / lengths.length)
}

/** Administrators by what they did to others. */
export function topAdmins(deeds: readonly Deed[]): Tl<'statsGroupTopAdmin'>[] {
  const byAdmin = new Map<number, { deleted: number; kicked: number; banned: number }>()
  for (const { userId, deed, count } of deeds) {
    const done = byAdmin.get(userId!) ?? { deleted: 0, kicked: 0, banned: 0 }
    done[deed as keyof typeof done] += count ?? 0
    byAdmin.set(userId!, done)
  }
  const total = ({ deleted, kicked, banned }: { deleted: number; kicked: number; banned: number }) =>
    deleted + kicked + banned
  return [...byAdmin]
    .sort(([, a], [, b]) => total(b) - total(a))
    .slice(0, MAX_TOP)
    .map(([userId, done]) => ({ _: 'statsGroupTopAdmin', userId, ...done }))
}

/** Who brought in most others, by hand or by its links. */
export function topInviters(moves: readonly Move[]): Tl<'statsGroupTopInviter'>[] {
  const invited = new Map<number, number>()
  for (const { move, userId, inviterId } of moves) {
    if (move !== 'in' || !inviterId || inviterId === userId) continue
    invited.set(inviterId, (invited.get(inviterId) ?? 0) + 1)
  }
  return [...invited]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_TOP)
    .map(([userId, invitations]) => ({ _: 'statsGroupTopInviter', userId: userId as UserId, invitations }))
}
