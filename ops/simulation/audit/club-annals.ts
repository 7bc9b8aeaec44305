import type { ChatEvent, ChatId } from '@heliograph/schemas/avro'
import type { Facts } from './facts.ts'

/** A stretch of a club's events, by their places: from when somebody was in until when it went. */
export interface Stay {
  readonly from: number
  until: number
  /** Messages up to this one were hidden from newcomers then; 0 none. */
  readonly hiddenUpTo: number
}
/** A message that somebody wrote, and how long who had written waited then; seconds, 0 not at all. */
export interface Written {
  readonly id: number
  readonly senderId: number
  readonly date: number
  readonly slowSeconds: number
}
/** What a club's events say, as far as members see it. */
export interface Annals {
  /** Place of the event that brought each message, by its id. */
  readonly sent: ReadonlyMap<number, number>
  /** Of each event, Unix seconds. */
  readonly dates: readonly number[]
  /** Places of the events that changed each. */
  readonly edited: ReadonlyMap<number, readonly number[]>
  /** Places of the events by which others said something to each; and what each user says to it in the end. */
  readonly reacted: ReadonlyMap<number, readonly number[]>
  readonly reactions: ReadonlyMap<number, ReadonlyMap<number, readonly string[]>>
  readonly byRandomId: ReadonlyMap<bigint, number>
  readonly gone: ReadonlySet<number>
  /** When each user was in; and when it might look in from outside, having not been thrown out. */
  readonly inside: ReadonlyMap<number, readonly Stay[]>
  readonly banned: ReadonlyMap<number, readonly Stay[]>
  readonly written: readonly Written[]
  /** Moves of the channel's pts, and one. */
  readonly pts: number
}

/** What the log says of a club. */
export function annalsOf({ chatEvents }: Facts, chatId: ChatId): Annals {
  const own = chatEvents.filter(({ record }) => record.chatId === chatId)
  const events = own.map(({ record }) => record)
  const sent = new Map<number, number>()
  const edited = new Map<number, number[]>()
  const reacted = new Map<number, number[]>()
  const reactions = new Map<number, Map<number, readonly string[]>>()
  const byRandomId = new Map<bigint, number>()
  const gone = new Set<number>()
  const stays = { inside: new Map<number, Stay[]>(), banned: new Map<number, Stay[]>() }
  const written: Written[] = []
  let pts = 1
  let slowSeconds = 0
  let lastId = 0
  for (const [place, event] of events.entries()) {
    pts = Math.max(pts, ptsOf(event))
    if ('info' in event) slowSeconds = event.info.slowModeSeconds
    if (event.type === 'MessageSent') {
      const { seq: id, senderId, date } = event
      lastId = id
      if (event.extra?.service !== true) written.push({ id, senderId, date, slowSeconds })
      sent.set(event.seq, place)
      byRandomId.set(event.randomId, event.seq)
    } else if (event.type === 'MessageEdited') note(edited, event.seq, place)
    else if (event.type === 'ReactionsChanged') {
      note(reacted, event.seq, place)
      const said = reactions.get(event.seq) ?? new Map<number, readonly string[]>()
      reactions.set(event.seq, said.set(event.userId, event.reactions))
    }
    if (event.type === 'MessagesDeleted') for (const { seq } of event.messages) gone.add(seq)
    else if (event.type === 'MembersChanged') {
      const hides = event.info.flags.includes('hiddenHistory') && event.info.username === null
      for (const { member } of event.changes) {
        step(stays.inside, member.peerId, place, member.isIn, hides ? lastId : 0)
        step(stays.banned, member.peerId, place, member.status === 'kicked')
      }
    }
  }
  const dates = own.map(({ date }) => date)
  return { sent, dates, edited, reacted, reactions, byRandomId, gone, ...stays, written, pts }
}

function note(places: Map<number, number[]>, id: number, place: number): void {
  places.set(id, [...(places.get(id) ?? []), place])
}

const ptsOf = (event: ChatEvent): number =>
  event.type !== 'SendRepeated' && 'pts' in event && typeof event.pts === 'number' ? event.pts : 0

function step(
  stays: Map<number, Stay[]>,
  userId: number,
  place: number,
  isSo: boolean,
  hiddenUpTo = 0,
): void {
  const own = stays.get(userId) ?? []
  stays.set(userId, own)
  const last = own.at(-1)
  const isOpen = last !== undefined && last.until === Infinity
  if (isSo && !isOpen) own.push({ from: place, until: Infinity, hiddenUpTo })
  else if (!isSo && isOpen) last.until = place
}

export const during = (stays: readonly Stay[] | undefined, place: number): boolean =>
  stays?.some(({ from, until }) => from < place && place < until) === true
