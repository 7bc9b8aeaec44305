import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { ChatId } from '@heliograph/schemas/avro'
import type { Told } from '../clients/channel-feed.ts'
import type { ClubTestimony } from '../clients/club-testimony.ts'
import { type Club, type ClubDeeds, type Posted, parsePost, randomIdOf } from '../clients/clubs.ts'
import type { Shown } from '../clients/counted-view.ts'
import type { Plan } from '../plan.ts'
import { type Annals, annalsOf, during, type Stay } from './club-annals.ts'
import { assertRules } from './club-rules.ts'
import type { Facts } from './facts.ts'

/**
 * How far behind the rules gateways may be, in seconds: they learn by publications, and believe nothing for longer than 30 s, in case the
 * bus has lost one. A call may have been let in just before.
 */
export interface Lag {
  readonly push: number
  readonly read: number
}
const KEEPING_UP: Lag = { push: 0, read: 2 }
const NEWS_LOST: Lag = { push: 35, read: 35 }
/** What is said to a message is told again as it stands when this is over (`COALESCE_MS`), in dates of whole seconds. */
const GATHERED_SECONDS = 1
/** A clock that jumps makes belief longer. */
const NO_CLOCK: Lag = { push: Infinity, read: Infinity }

export function lagOf({ loseOneIn, faults }: Pick<Plan, 'loseOneIn' | 'faults'>): Lag {
  const has = (...kinds: readonly string[]) => faults.some(({ kind }) => kinds.includes(kind))
  if (loseOneIn === 0 && !has('deaf', 'slow', 'pause')) return KEEPING_UP
  return has('clock') ? NO_CLOCK : NEWS_LOST
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
  assertRules(deeds, annals)
}

/**
 * Nobody hears of what was said while it was not in, but for the message of its own going, which stands right behind that; nor of
 * what is hidden from it, nor of changes to that.
 */
function assertToldRightly(club: Club, { device }: ClubTestimony, annals: Annals, lag: Lag): void {
  const { userId, channel, life } = device
  const stays = annals.inside.get(userId) ?? []
  const isFarewell = (place: number) => stays.some(({ until }) => until + 1 === place)
  for (const { id, text, as, pushed } of channel.told) {
    const place = annals.sent.get(id)
    ok(place !== undefined, `${life.name} was told of ${id}, which nobody sent`)
    const where = `${life.name} was ${pushed ? 'told' : 'shown'} message ${id} ("${text}", ${as})`
    const places = as === 'message' ? [place] : (annals[as].get(id) ?? [])
    const isMeant = (at: number) =>
      isFarewell(at) || stays.some((stay) => id > stay.hiddenUpTo && mayHear(stay, at, as, lag.push, annals))
    const mayRead = couldReadAfter(club, annals, userId, id, lag.read)
    if (pushed) ok(places.some(isMeant), `${where} and was not in the club`)
    else ok(mayRead || isFarewell(place), `${where} and never was let in since`)
  }
}

/** Whether news of an event is for somebody who was in for a stay. */
function mayHear(stay: Stay, place: number, as: Told['as'], lagSeconds: number, annals: Annals): boolean {
  if (during([stay], place) || isWithin(stay, place, lagSeconds, annals)) return true
  if (as !== 'reacted' || stay.from < place) return false
  const { dates } = annals
  return dates[stay.from]! - dates[place]! <= Math.max(GATHERED_SECONDS, lagSeconds)
}

/** Whether a stay had ended, but so little before an event that a gateway need not have known. */
export const isWithin = (
  { from, until }: Stay,
  place: number,
  lagSeconds: number,
  { dates }: Annals,
): boolean => lagSeconds > 0 && from < place && until < place && dates[place]! - dates[until]! <= lagSeconds

/** Whether there was a time at which a user might read a message. */
function couldReadAfter(
  { way }: Club,
  annals: Annals,
  userId: number,
  id: number,
  lagSeconds: number,
): boolean {
  const place = annals.sent.get(id)!
  const stays = (annals.inside.get(userId) ?? []).filter(({ hiddenUpTo }) => id > hiddenUpTo)
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
  { device, history, fresh, dialog, said }: ClubTestimony,
  annals: Annals,
  deeds: ClubDeeds,
): void {
  const { life, channel, userId } = device
  const { view } = channel
  const stays = annals.inside.get(userId) ?? []
  const hiddenUpTo = stays.at(-1)?.hiddenUpTo ?? 0
  // What it was not told of then it has not asked for since, and what it had then is hidden now.
  const hiddenOnce = Math.max(0, ...stays.map((stay) => stay.hiddenUpTo))
  const live = [...annals.sent.keys()].filter((id) => id > hiddenUpTo && !annals.gone.has(id))
  const had = history!.map(({ id }) => id)
  deepStrictEqual(had, live.toReversed(), `history of the club for ${life.name}`)
  strictEqual(view.pts, annals.pts, `pts of the club for ${life.name}`)
  strictEqual(fresh?.pts, annals.pts, `pts of the club for ${life.name} by the difference from the start`)
  const messages = [...history!].reverse()
  deepStrictEqual(
    byId(view.messages.values()).filter(({ id }) => id > hiddenOnce),
    messages.filter(({ id }) => id > hiddenOnce),
    `what ${life.name} shows of the club, and its history`,
  )
  deepStrictEqual(
    byId(fresh!.messages.values()),
    messages,
    `the difference of ${life.name} from the club's start, and its history`,
  )
  assertReactions(life.name, said, annals, hiddenUpTo)
  const isIn = stays.at(-1)?.until === Infinity
  strictEqual(dialog !== undefined, isIn, `whether ${life.name} has the club among its dialogs`)
  if (dialog === undefined) return
  const { readInboxMaxId, unreadCount } = dialog
  ok(readInboxMaxId >= (deeds.reads.get(userId) ?? 0), `${life.name} had read more of the club`)
  const own = messages.findLast(({ out }) => out)?.id ?? 0
  const unread = messages.filter(({ id }) => id > Math.max(readInboxMaxId, own)).length
  strictEqual(unreadCount, unread, `unread messages of the club for ${life.name}`)
}

/** Each message shows what all have said to it, counted once for each of them. */
function assertReactions(
  name: string,
  said: ClubTestimony['said'],
  { gone, reactions }: Annals,
  hiddenUpTo: number,
): void {
  const expected = [...reactions].filter(([id]) => id > hiddenUpTo && !gone.has(id)).flatMap(countsIn)
  deepStrictEqual([...said].sort(), expected.sort(), `reactions in the club for ${name}`)
}

/** What all have said to a message, as `id: count reaction`. */
export function countsIn([id, byUser]: readonly [number, ReadonlyMap<number, readonly string[]>]): string[] {
  const counts = new Map<string, number>()
  for (const each of [...byUser.values()].flat()) counts.set(each, (counts.get(each) ?? 0) + 1)
  return [...counts].map(([reaction, count]) => `${id}: ${count} ${reaction}`)
}

/** A reaction that was acknowledged stands, unless its author has thought better of it since. */
export function assertReacted(deeds: ClubDeeds, facts: Facts): void {
  const { club, reacted } = deeds
  if (club === undefined) return
  const { reactions } = annalsOf(facts, `c${club.channelId}` as ChatId)
  for (const { userId, msgId, reaction, acknowledged } of reacted) {
    const isOnly = reacted.filter((each) => each.userId === userId && each.msgId === msgId).length === 1
    if (!acknowledged || !isOnly) continue
    deepStrictEqual(reactions.get(msgId)?.get(userId), [reaction], `reaction of ${userId} to ${msgId}`)
  }
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
