import type {
  DeleteMessages,
  EditMessage,
  MessageSeq,
  PinMessages,
  RaiseRead,
  ReadHistory,
  ReadMentions,
  SendMessage,
  UserId,
} from '@heliograph/schemas/avro'
import { hasPower, isInside, mayAsk, mayPin, mayWrite, runsChat } from './rules.ts'
import type { Poll, Post, PublicChat } from './state.ts'
import { marksLine, textOf } from './told.ts'

/** What commands about messages come to: what they say of it in `telling.ts`, or undefined for a refusal, or nothing to do. */

export interface Draft {
  readonly senderId: UserId
  readonly randomId: bigint
  readonly body: string
  readonly date: number
  readonly service: boolean
  readonly replyToSeq: MessageSeq | null
  readonly mentioned?: readonly UserId[]
  /** Who gets it although it is not in any more. */
  readonly alsoTo?: readonly UserId[]
  readonly isSlowed?: boolean
  readonly poll?: Poll | undefined
}

export function post(chat: PublicChat, draft: Draft): Post {
  const { alsoTo = [], mentioned = [], isSlowed = false, poll, ...rest } = draft
  const members = chat.isChannel ? [] : [...new Set([...chat.order, ...alsoTo])]
  const made: Post = {
    ...rest,
    seq: (chat.lastSeq + 1) as MessageSeq,
    asChat: chat.kind === 'broadcast',
    members,
    keptBy: [...members],
    mentioned,
    isSlowed,
    editDate: 0,
    isGone: false,
    isPinned: false,
    expiresAt: chat.ttlSeconds > 0 ? draft.date + chat.ttlSeconds : 0,
    reactions: new Map(),
    tally: new Set(),
    poll,
    views: undefined,
  }
  chat.posts.push(made)
  if (made.expiresAt > 0) chat.timers.add(made.seq)
  chat.move('message', [made.seq])
  for (const userId of mentioned) chat.unseen.add(`${userId} ${made.seq}`)
  return made
}

/** A message by its sender's own number. */
export const sentBefore = (chat: PublicChat, senderId: UserId, randomId: bigint): Post | undefined =>
  chat.posts.find((each) => each.senderId === senderId && each.randomId === randomId)

/** But for slow mode. */
export function mayPost(chat: PublicChat, senderId: UserId, isPoll: boolean, date: number): boolean {
  const may = isPoll ? mayAsk : mayWrite
  return chat.isOpen && may(chat, chat.member(senderId), date)
}

const isSlow = (chat: PublicChat, senderId: UserId): boolean =>
  chat.kind === 'supergroup' && chat.slowModeSeconds > 0 && !runsChat(chat.member(senderId))

/** Seconds of slow mode that a sender still has to wait. */
export function mustWait(chat: PublicChat, senderId: UserId, date: number): boolean {
  return isSlow(chat, senderId) && (chat.slowed.get(senderId) ?? 0) + chat.slowModeSeconds > date
}

type Sending = Pick<SendMessage, 'senderId' | 'randomId' | 'extra' | 'replyToSeq' | 'sealed'>

export function send(chat: PublicChat, command: Sending, date: number): Post | { again: Post } | undefined {
  const { senderId, randomId, extra } = command
  const same = sentBefore(chat, senderId, randomId)
  if (same !== undefined) return { again: same }
  const isPoll = extra !== null && extra.poll !== null
  if (!mayPost(chat, senderId, isPoll, date) || mustWait(chat, senderId, date)) return undefined
  const who = chat.member(senderId)
  const isSlowed = isSlow(chat, senderId)
  if (isSlowed) chat.slowed.set(senderId, date)
  const answered = command.replyToSeq === null ? undefined : chat.post(command.replyToSeq, senderId)
  const isSeen = answered !== undefined && (!chat.isChannel || answered.seq > (who?.minSeq ?? 0))
  const author = isSeen && !answered.asChat ? [answered.senderId] : []
  const named = [...new Set([...(extra?.mentions ?? []), ...author])].filter((id) => id !== senderId)
  const reached = chat.isChannel ? named : named.filter((id) => chat.order.includes(id))
  return post(chat, {
    senderId,
    randomId,
    body: textOf(command.sealed),
    date,
    service: false,
    replyToSeq: isSeen ? answered.seq : null,
    mentioned: chat.kind === 'broadcast' ? [] : reached,
    isSlowed,
    poll: pollIn(command),
  })
}

function pollIn({ extra }: Sending): Poll | undefined {
  if (extra === null || extra.poll === null) return undefined
  const { options, multiple, quiz, publicVoters, noRevote, closeDate } = extra.poll
  return {
    options: options.map((each) => each.toString('hex')),
    multiple,
    isPublic: publicVoters,
    isFinal: quiz || noRevote,
    closeDate,
    closedAt: 0,
    isTouched: false,
    votes: new Map(),
  }
}

export function edit(chat: PublicChat, command: EditMessage, editDate: number): Post | undefined {
  const { editorId, seq } = command
  const who = chat.member(editorId)
  const post = chat.post(seq, editorId)
  if (!chat.isOpen || !isInside(who) || post === undefined || post.service) return undefined
  if (!mayEdit(chat, who, post)) return undefined
  // Who may not send something may not edit a message into it.
  const isPoll = command.extra?.kinds.includes('poll') === true
  if (chat.kind !== 'broadcast' && !mayPost(chat, editorId, isPoll, editDate)) return undefined
  Object.assign(post, { body: textOf(command.sealed), editDate })
  chat.move('edit', [seq])
  return post
}

function mayEdit(chat: PublicChat, who: ReturnType<PublicChat['known']>, post: Post): boolean {
  const isOwn = post.senderId === who.peerId
  if (chat.kind !== 'broadcast') return isOwn
  return hasPower(who, 'editMessages') || (isOwn && hasPower(who, 'postMessages'))
}

export interface Deleted {
  readonly post: Post
  readonly lostBy: readonly UserId[]
}

export function remove(chat: PublicChat, command: DeleteMessages): readonly Deleted[] {
  const { userId, seqs } = command
  const forAll = command.forAll || chat.isChannel
  const found = [...new Set(seqs)].sort((a, b) => a - b).flatMap((seq) => chat.post(seq, userId) ?? [])
  const who = chat.member(userId)
  if (forAll && !(chat.isOpen && isInside(who) && found.every((post) => mayDelete(chat, who, post))))
    return []
  return lose(chat, found, forAll ? undefined : userId)
}

/** Messages are gone, for one user or for all. */
export function lose(chat: PublicChat, found: readonly Post[], userId?: UserId): readonly Deleted[] {
  if (found.length === 0) return []
  const gone = found.map((post) => {
    const lostBy = userId === undefined ? post.keptBy : [userId]
    post.keptBy = post.keptBy.filter((keeper) => !lostBy.includes(keeper))
    post.isGone = post.keptBy.length === 0
    const forget = post.isGone ? post.mentioned : lostBy
    for (const each of forget) chat.unseen.delete(`${each} ${post.seq}`)
    if (post.isGone) forgetSayings(chat, post)
    return { post, lostBy }
  })
  chat.move(
    'delete',
    found.map(({ seq }) => seq),
  )
  return gone
}

/** Nobody is told any more of what was said to it. */
function forgetSayings(chat: PublicChat, { seq, senderId }: Post): void {
  for (const kind of ['reactions', 'votes']) chat.unheard.delete(`${senderId} ${kind} ${seq}`)
}

function mayDelete(chat: PublicChat, who: ReturnType<PublicChat['known']>, post: Post): boolean {
  if (hasPower(who, 'deleteMessages')) return true
  return post.senderId === who.peerId && (chat.kind !== 'broadcast' || hasPower(who, 'postMessages'))
}

/** Of basic groups. */
export function read(chat: PublicChat, command: ReadHistory, date: number): boolean {
  const { readerId, upToSeq } = command
  const who = chat.member(readerId)
  if (chat.isChannel || who === undefined || upToSeq > chat.lastSeq) return false
  const before = chat.reads.get(readerId)?.upToSeq ?? 0
  if (upToSeq <= before || chat.lastNotBy(readerId) <= before) return false
  chat.reads.set(readerId, { upToSeq, date })
  return true
}

/** How far anybody but `userId` has read: what it sees as read of its own messages. */
export function readOf(chat: PublicChat, userId: number): number {
  const others = [...chat.readers].filter(([reader]) => reader !== userId)
  return others.reduce((furthest, [, seq]) => Math.max(furthest, seq), 0)
}

/** Channels: whoever has read furthest, and the furthest of the others. */
export function raise(chat: PublicChat, { readerId, upToSeq }: RaiseRead): boolean {
  if (!chat.isOpen || !chat.isChannel || !isInside(chat.member(readerId))) return false
  const reached = Math.min(upToSeq, chat.lastSeq)
  const before = marksOf(chat)
  chat.readers.set(readerId, Math.max(chat.readers.get(readerId) ?? 0, reached))
  return marksOf(chat) !== before
}

/** As text: the two furthest. */
export function marksOf(chat: PublicChat): string {
  const [first = [0, 0], second = [0, 0]] = [...chat.readers].sort(([, a], [, b]) => b - a)
  return marksLine(first[0], first[1], second[1])
}

export function pin(chat: PublicChat, command: PinMessages, date: number): readonly Post[] {
  const { userId, seqs, pinned } = command
  const who = chat.member(userId)
  if (!chat.isOpen || !isInside(who) || !mayPin(chat, who, date)) return []
  const posts = [...new Set(seqs)].map((seq) => chat.post(seq, userId))
  if (posts.some((post) => post === undefined || post.service)) return []
  const changed = (posts as Post[]).filter((post) => post.isPinned !== pinned)
  for (const post of changed) post.isPinned = pinned
  if (changed.length > 0)
    chat.move(
      pinned ? 'pin' : 'unpin',
      changed.map(({ seq }) => seq),
    )
  return changed
}

export function readMentions(chat: PublicChat, { userId, seqs }: ReadMentions): readonly number[] {
  const seen = [...new Set(seqs)].filter((seq) => chat.unseen.has(`${userId} ${seq}`))
  for (const seq of seen) chat.unseen.delete(`${userId} ${seq}`)
  return seen
}
