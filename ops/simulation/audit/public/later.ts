import type {
  CancelScheduled,
  EditScheduled,
  ExpireMessages,
  FireScheduled,
  MessageSeq,
  ScheduleMessage,
  UserId,
} from '@heliograph/schemas/avro'
import { mayPost, send, sentBefore } from './posts.ts'
import type { Post, PublicChat, Shelf } from './state.ts'
import { textOf } from './told.ts'

/** What is to happen later: scheduled messages (core.telegram.org/api/scheduled-messages), and the timers of messages. */

function shelfOf({ shelves }: PublicChat, userId: UserId): Shelf {
  const shelf = shelves.get(userId) ?? { lastId: 0, waiting: new Map() }
  shelves.set(userId, shelf)
  return shelf
}

export function schedule(chat: PublicChat, command: ScheduleMessage, date: number): string[] {
  const { senderId, randomId, replyToSeq, dueAt } = command
  const known = [...(chat.shelves.get(senderId)?.waiting ?? [])].find(
    ([, each]) => each.randomId === randomId,
  )
  if (known !== undefined) return [`scheduled ${known[0]} by ${senderId} again`]
  if (sentBefore(chat, senderId, randomId)) return [`scheduled 0 by ${senderId} again`]
  if (!mayPost(chat, senderId, false, date)) return []
  const shelf = shelfOf(chat, senderId)
  const id = ++shelf.lastId
  shelf.waiting.set(id, { randomId, replyToSeq, dueAt, body: textOf(command.sealed), hasAlarm: true })
  return [scheduledLine(chat, senderId, id)]
}

export function editScheduled(chat: PublicChat, { senderId, id, dueAt, sealed }: EditScheduled): string[] {
  const waiting = chat.shelves.get(senderId)?.waiting.get(id)
  if (waiting === undefined) return []
  Object.assign(waiting, { dueAt, body: textOf(sealed), hasAlarm: true })
  return [scheduledLine(chat, senderId, id)]
}

function scheduledLine(chat: PublicChat, userId: UserId, id: number): string {
  const { waiting } = shelfOf(chat, userId)
  const { body, dueAt } = waiting.get(id)!
  return `scheduled ${id} by ${userId}: ${body} due ${dueAt} of [${[...waiting.keys()]}]`
}

export function cancel(chat: PublicChat, { senderId, ids }: CancelScheduled): string[] {
  const { waiting } = shelfOf(chat, senderId)
  const gone = [...new Set(ids)].filter((id) => waiting.delete(id))
  return gone.length === 0 ? [] : [goneLine(chat, senderId, gone, [])]
}

const goneLine = (chat: PublicChat, userId: UserId, gone: readonly number[], sent: readonly number[]) =>
  `unscheduled [${gone}] by ${userId} as [${sent}] leaves [${[...shelfOf(chat, userId).waiting.keys()]}]`

/** A message that may only have to wait keeps its alarm; one that may not be sent any more loses it, and stays with its sender. */
export function fire(
  chat: PublicChat,
  command: FireScheduled,
  date: number,
  line: (post: Post) => string,
): string[] {
  const { senderId, id, dueAt, randomId, replyToSeq } = command
  const { waiting } = shelfOf(chat, senderId)
  const kept = waiting.get(id)
  const isCall = dueAt === 0
  if (kept === undefined || kept.randomId !== randomId || kept.replyToSeq !== replyToSeq) return []
  if (!isCall && (kept.dueAt !== dueAt || dueAt > date)) return []
  const message = { senderId, randomId, replyToSeq, sealed: Buffer.from(kept.body, 'latin1'), extra: null }
  const sent = send(chat, message, date)
  if (sent === undefined) {
    const waits = isCall || mayPost(chat, senderId, false, date)
    if (waits) return []
    kept.hasAlarm = false
    return [`cleared scheduled ${dueAt} [${id}] of ${senderId}`]
  }
  const post = 'again' in sent ? sent.again : sent
  waiting.delete(id)
  const gone = goneLine(chat, senderId, [id], [post.seq])
  return 'again' in sent
    ? [gone, `repeated ${post.seq} by ${senderId} pts ${chat.isChannel ? chat.pts : 0}`]
    : [gone, line(post)]
}

/** Those of the messages whose time is over and whose alarm is set: the messages that go, and the line that ends the alarms. */
export function expire(
  chat: PublicChat,
  { dueAt, seqs }: ExpireMessages,
  date: number,
): { readonly gone: readonly MessageSeq[]; readonly line: string } | undefined {
  const due = seqs.filter((seq) => chat.posts[seq - 1]?.expiresAt === dueAt && chat.timers.has(seq))
  if (due.length === 0 || dueAt > date) return undefined
  for (const seq of due) chat.timers.delete(seq)
  const gone = due.filter((seq) => chat.posts[seq - 1]?.isGone === false)
  return { gone, line: `cleared expire ${dueAt} [${due}] of 0` }
}
