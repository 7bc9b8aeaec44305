import type {
  ClearReactions,
  ClosePoll,
  CountViews,
  ReactionsChanged,
  ReadReactions,
  SetReactions,
  UserId,
  VotePoll,
} from '@heliograph/schemas/avro'
import { hasPower, isFree, isInside, runsChat } from './rules.ts'
import type { Membership, Poll, Post, PublicChat } from './state.ts'

/** What people say to messages: reactions and votes. Each returns the lines that its events must come to, none for a refusal. */

/** Of one user at one message (core.telegram.org/api/reactions), and different ones at a message unless the chat has fewer. */
const MOST_OF_ONE = 3
const MOST_KINDS = 11

/** A message that somebody sees and may say something to. */
function heard(chat: PublicChat, who: Membership | undefined, seq: number, userId: UserId): Post | undefined {
  if (!chat.isOpen || !isInside(who)) return undefined
  const post = chat.post(seq, userId)
  if (post === undefined || post.service) return undefined
  return chat.isChannel && seq <= who.minSeq ? undefined : post
}

/** Who is told of what others say to a message: its author, where it has one that shows. */
const authorOf = (post: Post): number => (post.asChat ? 0 : post.senderId)

export function react(chat: PublicChat, command: SetReactions, date: number): string[] {
  const { userId, seq } = command
  const who = chat.member(userId)
  const post = heard(chat, who, seq, userId)
  if (post === undefined || !(runsChat(who) || isFree(chat, who, 'sendReactions', date))) return []
  const said = [...new Set(command.reactions)]
  const before = post.reactions.get(userId)?.said ?? []
  if (said.length > MOST_OF_ONE || `${said}` === `${before}`) return []
  const fresh = said.filter((each) => !before.includes(each))
  if (chat.reactions !== null && fresh.some((each) => !chat.reactions?.includes(each))) return []
  const isNewKind = fresh.some((each) => !kindsOf(post).includes(each))
  const others = [...post.reactions].filter(([id]) => id !== userId).flatMap(([, saying]) => saying.said)
  const kinds = new Set([...others, ...said]).size
  if (isNewKind && kinds > (chat.reactionsLimit || MOST_KINDS)) return []
  return [say(chat, post, userId, said, date)]
}

/** Different reactions, in the order in which they came to the message. */
const kindsOf = ({ tally }: Post): readonly string[] => [...tally]

/** Takes away what somebody has said; who may delete messages may. */
export function clear(chat: PublicChat, command: ClearReactions, date: number): string[] {
  const by = chat.member(command.byUserId)
  if (!chat.isOpen || !hasPower(by, 'deleteMessages')) return []
  return [...new Set(command.seqs)].flatMap((seq) => {
    const post = chat.posts[seq - 1]
    const said = post?.reactions.get(command.userId)?.said ?? []
    return post === undefined || post.isGone || said.length === 0
      ? []
      : [say(chat, post, command.userId, [], date)]
  })
}

function say(chat: PublicChat, post: Post, userId: UserId, said: readonly string[], date: number): string {
  if (said.length === 0) post.reactions.delete(userId)
  else post.reactions.set(userId, { said, date })
  const all = [...post.reactions.values()].flatMap((saying) => saying.said)
  for (const kind of said) post.tally.add(kind)
  for (const kind of post.tally) if (!all.includes(kind)) post.tally.delete(kind)
  const author = authorOf(post)
  const unseen = `${author} reactions ${post.seq}`
  if (author !== 0 && all.length === 0) chat.unheard.delete(unseen)
  else if (author !== 0 && author !== userId && said.length > 0) chat.unheard.add(unseen)
  return `said ${said} to ${post.seq} by ${userId} at ${date}: ${countsOf(post)} author ${author}`
}

/** As `count:reaction`, in the order in which they came. */
export function countsOf(post: Post): string[] {
  const all = [...post.reactions.values()].flatMap(({ said }) => said)
  return kindsOf(post).map((kind) => `${all.filter((each) => each === kind).length}:${kind}`)
}

/** In a broadcast nobody sees who reacts; elsewhere those shown have said what is shown. */
export function assertShown(chat: PublicChat, { seq, recent, userId }: ReactionsChanged): string | undefined {
  if (chat.kind === 'broadcast') return recent.length === 0 ? undefined : `a reader of ${seq} was shown`
  const said = chat.posts[seq - 1]?.reactions
  const liar = recent.find((each) => said?.get(each.userId)?.said.includes(each.reaction) !== true)
  if (liar !== undefined) return `${liar.userId} is shown with ${liar.reaction} at ${seq}`
  const isLost = (said?.get(userId)?.said.length ?? 0) > 0 && recent[0]?.userId !== userId
  return isLost ? `what ${userId} said last to ${seq} is not shown` : undefined
}

export function hear(chat: PublicChat, { userId, kind, seqs }: ReadReactions): string[] {
  const seen = [...new Set(seqs)].filter((seq) => chat.unheard.delete(`${userId} ${kind} ${seq}`))
  return seen.length === 0 ? [] : [`heard ${kind} by ${userId}: [${seen}]`]
}

export function vote(chat: PublicChat, command: VotePoll, date: number): string[] {
  const { userId, seq } = command
  const post = heard(chat, chat.member(userId), seq, userId)
  const poll = post?.poll
  if (post === undefined || poll === undefined || isOver(poll, date)) return []
  const options = [...new Set(command.options.map((each) => each.toString('hex')))]
  if (options.length > 1 && !poll.multiple) return []
  const places = options.map((each) => poll.options.indexOf(each)).sort((a, b) => a - b)
  const before = poll.votes.get(userId)?.said ?? []
  if (places.includes(-1) || (before.length > 0 && poll.isFinal) || `${places}` === `${before}`) return []
  if (places.length === 0) poll.votes.delete(userId)
  else poll.votes.set(userId, { said: places, date })
  const author = authorOf(post)
  const isNews = poll.isPublic && places.length > 0 && author !== 0 && author !== userId
  if (isNews) chat.unheard.add(`${author} votes ${seq}`)
  poll.isTouched = true
  return [`voted ${places} in ${seq} by ${userId} at ${date}: ${votesOf(poll)} of ${poll.votes.size}`]
}

const isOver = ({ closedAt, closeDate }: Poll, date: number): boolean =>
  closedAt > 0 || (closeDate > 0 && closeDate <= date)

/** Votes for each option. */
export function votesOf({ options, votes }: Poll): number[] {
  const all = [...votes.values()].flatMap(({ said }) => said)
  return options.map((_, place) => all.filter((each) => each === place).length)
}

export function close(chat: PublicChat, command: ClosePoll, date: number): string[] {
  const who = chat.member(command.userId)
  const post = heard(chat, who, command.seq, command.userId)
  if (post?.poll === undefined || isOver(post.poll, date)) return []
  const isOwn = post.senderId === command.userId
  if (!isOwn && !(chat.kind === 'broadcast' && hasPower(who, 'editMessages'))) return []
  post.poll.closedAt = date
  return [`closed ${post.seq} by ${command.userId}`]
}

/** Of messages that are there. */
export function view(chat: PublicChat, { posts }: CountViews): string[] {
  const totals = posts.flatMap(({ seq, views, forwards }) => {
    const post = chat.posts[seq - 1]
    if (post === undefined || post.isGone) return []
    const before = post.views ?? { views: 0, forwards: 0 }
    post.views = { views: before.views + views, forwards: before.forwards + forwards }
    return [`${seq}: ${post.views.views} ${post.views.forwards}`]
  })
  return totals.length === 0 ? [] : [`viewed ${totals.join(', ')}`]
}
