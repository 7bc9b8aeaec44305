import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { ChatEvent, ChatId } from '@heliograph/schemas/avro'
import type { ClubTestimony } from '../clients/club-testimony.ts'
import { type Club, type ClubDeeds, type Posted, parsePost, randomIdOf } from '../clients/clubs.ts'
import type { Shown } from '../clients/view.ts'
import type { Plan } from '../plan.ts'
import type { Facts } from './facts.ts'

/** A stretch of a club's events, by their places: from when somebody was in until when it went. */
interface Stay {
  readonly from: number
  until: number
}
/**
 * How far behind the rules gateways may be, in seconds: they learn by publications, and believe nothing for longer than 30 s, in case the
 * bus has lost one. A call may have been let in just before.
 */
interface Lag {
  readonly push: number
  readonly read: number
}
const KEEPING_UP: Lag = { push: 0, read: 2 }
const NEWS_LOST: Lag = { push: 35, read: 35 }
/** A clock that jumps makes belief longer. */
const NO_CLOCK: Lag = { push: Infinity, read: Infinity }

export function lagOf({ loseOneIn, faults }: Pick<Plan, 'loseOneIn' | 'faults'>): Lag {
  const has = (...kinds: readonly string[]) => faults.some(({ kind }) => kinds.includes(kind))
  if (loseOneIn === 0 && !has('deaf', 'slow', 'pause')) return KEEPING_UP
  return has('clock') ? NO_CLOCK : NEWS_LOST
}

/** What a club's events say, as far as members see it. */
interface Annals {
  /** Place of the event that brought each message, by its id. */
  readonly sent: ReadonlyMap<number, number>
  /** Of each event, Unix seconds. */
  readonly dates: readonly number[]
  /** Places of the events that changed each. */
  readonly edited: ReadonlyMap<number, readonly number[]>
  readonly byRandomId: ReadonlyMap<bigint, number>
  readonly gone: ReadonlySet<number>
  /** When each user was in; and when it might look in from outside, having not been thrown out. */
  readonly inside: ReadonlyMap<number, readonly Stay[]>
  readonly banned: ReadonlyMap<number, readonly Stay[]>
  /** Moves of the channel's pts, and one. */
  readonly pts: number
}

/**
 * What each client shows of the club is what its events come to for who may see it; nobody was told what the rules of that moment
 * deny; and what was acknowledged is there, once and in order.
 */
export function auditClubs(
  deeds: ClubDeeds,
  testimonies: readonly ClubTestimony[],
  facts: Facts,
  lag: Lag,
): void {
  const { club } = deeds
  if (club === undefined) return
  const annals = annalsOf(facts, `c${club.channelId}` as ChatId)
  for (const testimony of testimonies) {
    assertToldRightly(club, testimony, annals, lag)
    const isOpen = mayReadNow(club, testimony, annals)
    const { name } = testimony.device.life
    if (testimony.device.channel.input === undefined) continue
    strictEqual(testimony.history !== undefined, isOpen, `whether ${name} may read the club`)
    if (isOpen) assertShows(testimony, annals, deeds)
  }
  for (const posted of deeds.posts) assertPost(club, deeds, posted, annals)
  assertOrder(deeds)
}

function annalsOf({ chatEvents }: Facts, chatId: ChatId): Annals {
  const own = chatEvents.filter(({ record }) => record.chatId === chatId)
  const events = own.map(({ record }) => record)
  const sent = new Map<number, number>()
  const edited = new Map<number, number[]>()
  const byRandomId = new Map<bigint, number>()
  const gone = new Set<number>()
  const stays = { inside: new Map<number, Stay[]>(), banned: new Map<number, Stay[]>() }
  let pts = 1
  for (const [place, event] of events.entries()) {
    pts = Math.max(pts, ptsOf(event))
    if (event.type === 'MessageSent') {
      sent.set(event.seq, place)
      byRandomId.set(event.randomId, event.seq)
    } else if (event.type === 'MessageEdited')
      edited.set(event.seq, [...(edited.get(event.seq) ?? []), place])
    else if (event.type === 'MessagesDeleted') for (const { seq } of event.messages) gone.add(seq)
    else if (event.type === 'MembersChanged')
      for (const { member } of event.changes) {
        step(stays.inside, member.peerId, place, member.isIn)
        step(stays.banned, member.peerId, place, member.status === 'kicked')
      }
  }
  const dates = own.map(({ date }) => date)
  return { sent, dates, edited, byRandomId, gone, ...stays, pts }
}

const ptsOf = (event: ChatEvent): number =>
  event.type !== 'SendRepeated' && 'pts' in event && typeof event.pts === 'number' ? event.pts : 0

function step(stays: Map<number, Stay[]>, userId: number, place: number, isSo: boolean): void {
  const own = stays.get(userId) ?? []
  stays.set(userId, own)
  const last = own.at(-1)
  const isOpen = last !== undefined && last.until === Infinity
  if (isSo && !isOpen) own.push({ from: place, until: Infinity })
  else if (!isSo && isOpen) last.until = place
}

const during = (stays: readonly Stay[] | undefined, place: number): boolean =>
  stays?.some(({ from, until }) => from < place && place < until) === true

/** Nobody hears of what was said while it was not in, but for the message of its own going, which stands right behind that. */
function assertToldRightly(club: Club, { device }: ClubTestimony, annals: Annals, lag: Lag): void {
  const { userId, channel, life } = device
  const stays = annals.inside.get(userId) ?? []
  const isFarewell = (place: number) => stays.some(({ until }) => until + 1 === place)
  for (const { id, text, edited, pushed } of channel.told) {
    const place = annals.sent.get(id)
    ok(place !== undefined, `${life.name} was told of ${id}, which nobody sent`)
    const where = `${life.name} was ${pushed ? 'told' : 'shown'} message ${id} ("${text}")`
    const places = edited ? (annals.edited.get(id) ?? []) : [place]
    const isMeant = (at: number) =>
      during(stays, at) || isFarewell(at) || stays.some((stay) => isWithin(stay, at, lag.push, annals))
    const mayRead = couldReadAfter(club, annals, userId, place, lag.read)
    if (pushed) ok(places.some(isMeant), `${where} and was not in the club`)
    else ok(mayRead || isFarewell(place), `${where} and never was let in since`)
  }
}

/** Whether a stay had ended, but so little before an event that a gateway need not have known. */
const isWithin = ({ from, until }: Stay, place: number, lagSeconds: number, { dates }: Annals): boolean =>
  lagSeconds > 0 && from < place && until < place && dates[place]! - dates[until]! <= lagSeconds

/** Whether there was a time behind an event at which a user might read. */
function couldReadAfter(
  { way }: Club,
  annals: Annals,
  userId: number,
  place: number,
  lagSeconds: number,
): boolean {
  const stays = annals.inside.get(userId) ?? []
  if (stays.some((stay) => stay.until > place || isWithin(stay, place, lagSeconds, annals))) return true
  if (!('username' in way)) return false
  const last = annals.banned.get(userId)?.at(-1)
  if (last === undefined || last.until < Infinity || last.from > place) return true
  return annals.dates[place]! - annals.dates[last.from]! <= lagSeconds
}

function mayReadNow({ way }: Club, { device: { userId } }: ClubTestimony, annals: Annals): boolean {
  if (annals.inside.get(userId)?.at(-1)?.until === Infinity) return true
  return 'username' in way && annals.banned.get(userId)?.at(-1)?.until !== Infinity
}

function assertShows(
  { device, history, fresh, dialog }: ClubTestimony,
  annals: Annals,
  deeds: ClubDeeds,
): void {
  const { life, channel, userId } = device
  const { view } = channel
  const live = [...annals.sent.keys()].filter((id) => !annals.gone.has(id))
  const had = history!.map(({ id }) => id)
  deepStrictEqual(had, live.toReversed(), `history of the club for ${life.name}`)
  strictEqual(view.pts, annals.pts, `pts of the club for ${life.name}`)
  strictEqual(fresh?.pts, annals.pts, `pts of the club for ${life.name} by the difference from the start`)
  const messages = [...history!].reverse()
  deepStrictEqual(
    byId(view.messages.values()),
    messages,
    `what ${life.name} shows of the club, and its history`,
  )
  deepStrictEqual(
    byId(fresh!.messages.values()),
    messages,
    `the difference of ${life.name} from the club's start, and its history`,
  )
  const isIn = annals.inside.get(userId)?.at(-1)?.until === Infinity
  strictEqual(dialog !== undefined, isIn, `whether ${life.name} has the club among its dialogs`)
  if (dialog === undefined) return
  const { readInboxMaxId, unreadCount } = dialog
  ok(readInboxMaxId >= (deeds.reads.get(userId) ?? 0), `${life.name} had read more of the club`)
  const own = messages.findLast(({ out }) => out)?.id ?? 0
  const unread = messages.filter(({ id }) => id > Math.max(readInboxMaxId, own)).length
  strictEqual(unreadCount, unread, `unread messages of the club for ${life.name}`)
}

const byId = (messages: Iterable<Shown>): Shown[] => [...messages].sort((a, b) => a.id - b.id)

/** What was acknowledged stands in the log and is there once; who may not write does not, and nobody else is refused. */
function assertPost(club: Club, deeds: ClubDeeds, posted: Posted, annals: Annals): void {
  const { n, from, msgId, refused } = posted
  const id = annals.byRandomId.get(randomIdOf(posted))
  if (msgId !== undefined) strictEqual(id, msgId, `id of post ${n}`)
  const stays = annals.inside.get(from) ?? []
  const wasAlwaysIn = from === club.founder
  if (refused !== undefined) ok(!wasAlwaysIn, `post ${n} was refused to the founder: ${refused}`)
  if (id === undefined) return
  ok(during(stays, annals.sent.get(id)!), `post ${n} of ${from} came from outside`)
  const changes = deeds.changed.filter((change) => change.n === n)
  const deletions = changes.filter(({ kind }) => kind === 'delete')
  if (deletions.some(({ acknowledged }) => acknowledged)) ok(annals.gone.has(id), `post ${n} was deleted`)
  else if (deletions.length === 0) ok(!annals.gone.has(id), `post ${n} was deleted by nobody`)
}

/** What was begun when something else had been acknowledged to the same user stands behind it. */
function assertOrder({ posts }: ClubDeeds): void {
  for (const later of posts)
    for (const earlier of posts) {
      if (earlier.msgId === undefined || later.msgId === undefined) continue
      const isLater = (earlier.answeredMs ?? Infinity) < later.begunMs
      if (isLater) ok(earlier.msgId < later.msgId, `post ${later.n} stands before ${earlier.n}`)
    }
}

/** An edit that was acknowledged shows; what nobody edited does not look edited. */
export function assertEdits(deeds: ClubDeeds, testimonies: readonly ClubTestimony[]): void {
  for (const { history, device } of testimonies)
    for (const { text } of history ?? []) {
      const said = parsePost(text)
      if (said === undefined) continue
      const edits = deeds.changed.filter(({ kind, n }) => kind === 'edit' && n === said.n)
      const where = `post ${said.n} for ${device.life.name}`
      if (edits.length === 0) strictEqual(said.edit, 0, `${where} was edited by nobody`)
      if (edits.some(({ acknowledged }) => acknowledged)) ok(said.edit > 0, `${where} was edited`)
    }
}
