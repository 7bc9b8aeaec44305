import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import { type GroupDeeds, type GroupPostChanged, groupText, parseGroupText } from '../clients/groups.ts'
import type { Testimony } from '../clients/testimony.ts'
import { during } from './club-annals.ts'
import { countsIn, isWithin, type Lag } from './clubs.ts'
import type { Facts } from './facts.ts'
import { type GroupAnnals, groupAnnalsOf } from './group-annals.ts'

/**
 * Whoever was in the group when something was posted has it, once, unless it was deleted, and as it was edited last; not what was
 * edited since it has left; nobody else was ever shown it, or told what is said to it; and what was acknowledged is there.
 */
export function auditGroups(
  deeds: GroupDeeds,
  testimonies: readonly Testimony[],
  facts: Facts,
  lag: Lag,
): void {
  const { chatId, posts } = deeds
  if (chatId === undefined) return
  const annals = groupAnnalsOf(facts, chatId)
  for (const { n, from, answeredMs } of posts) {
    const seq = annals.seqOf(n)
    if (answeredMs !== undefined) ok(seq !== undefined, `post ${n} to the group is not there`)
    if (seq !== undefined) assertChanged(deeds, n, from, annals)
    for (const testimony of testimonies) assertHad(testimony, -chatId, n, annals)
  }
  for (const testimony of testimonies) {
    assertEdits(testimony, -chatId, deeds, annals)
    assertReactions(testimony, annals)
    assertToldRightly(testimony, annals, lag)
  }
  assertReacted(deeds, annals)
}

/** What a client need not have heard of what the group says, or shows of it although the server does so no more. */
export interface Unheard {
  /** A text without that; undefined for a message that is hidden from the user. */
  wording(userId: number, text: string): string | undefined
  /** Messages of others that are hidden from the user. */
  hidden(userId: number): number
}

/**
 * Who was out when a message was edited last was not told so, and shows it as it was: until it reads it again, once it is back; while it
 * is not, the server shows it nothing.
 */
export function unheardIn({ chatId, posts }: GroupDeeds, facts: Facts): Unheard {
  if (chatId === undefined) return { wording: (_, text) => text, hidden: () => 0 }
  const { amended, seqOf, hiddenFrom } = groupAnnalsOf(facts, chatId)
  return {
    wording(userId, text) {
      const said = parseGroupText(text)
      const seq = said === undefined ? undefined : seqOf(said.n)
      if (seq === undefined || amended.get(seq)?.at(-1)?.includes(userId) !== false) return text
      return hiddenFrom(userId).has(seq) ? undefined : groupText(said!)
    },
    hidden(userId) {
      const hidden = hiddenFrom(userId)
      return posts.filter(({ n, from }) => from !== userId && hidden.has(seqOf(n) ?? 0)).length
    },
  }
}

function assertHad({ device, histories }: Testimony, peerId: number, n: number, annals: GroupAnnals): void {
  const { userId, life, everShown } = device
  const seq = annals.seqOf(n) ?? 0
  const isMeant = annals.meant.get(seq)?.includes(userId) === true
  const isLost = annals.lost.get(seq)?.has(userId) === true
  const isMine = (text: string) => parseGroupText(text)?.n === n
  const where = `post ${n} to the group at ${life.name}`
  const had = (histories.get(peerId) ?? []).filter(({ text }) => isMine(text)).length
  const isHidden = annals.hiddenFrom(userId).has(seq)
  strictEqual(had, isMeant && !isLost && !isHidden ? 1 : 0, `how often ${where} is there`)
  if (!isMeant) ok(![...everShown].some(isMine), `${where} was shown`)
}

/** What was acknowledged was done, and nothing was done that nobody asked for. */
function assertChanged({ changed }: GroupDeeds, n: number, from: number, annals: GroupAnnals): void {
  const seq = annals.seqOf(n)!
  const own = changed.filter((change) => change.n === n)
  const lost = annals.lost.get(seq) ?? new Set()
  for (const change of own.filter(({ acknowledged, kind }) => acknowledged && kind !== 'edit')) {
    ok(lost.has(change.by), `post ${n} to the group was deleted by ${change.by}`)
    if (change.kind !== 'revoke' || !isCertain(change, own)) continue
    deepStrictEqual([...lost].sort(), [...annals.meant.get(seq)!].sort(), `who lost post ${n} to the group`)
  }
  const isRevoked = own.some(({ kind }) => kind === 'revoke')
  for (const userId of lost) {
    const deleted = own.some(({ kind, by }) => kind === 'delete' && by === userId)
    ok(isRevoked || deleted, `post ${n} to the group was lost by ${userId}, and nobody deleted it`)
  }
  const edits = own.filter(({ kind }) => kind === 'edit')
  ok(edits.every(({ by }) => by === from))
  const isEdited = annals.amended.has(seq)
  if (edits.some(({ acknowledged }) => acknowledged)) ok(isEdited, `post ${n} to the group was edited`)
  if (edits.length === 0) ok(!isEdited, `post ${n} to the group was edited by nobody`)
}

/** Whoever no longer has a message cannot take it from others: to delete what is not there is no error. */
const isCertain = ({ by }: GroupPostChanged, own: readonly GroupPostChanged[]): boolean =>
  !own.some((other) => other.kind === 'delete' && other.by === by)

/** What is read of the server is as it was edited; what a client shows is, as far as it was told. */
function assertEdits(
  { device, histories }: Testimony,
  peerId: number,
  deeds: GroupDeeds,
  annals: GroupAnnals,
): void {
  const { life, userId, view } = device
  const check = (text: string, isTold: (told: readonly number[]) => boolean, where: string) => {
    const said = parseGroupText(text)
    if (said === undefined) return
    const edits = annals.amended.get(annals.seqOf(said.n)!) ?? []
    const named = `post ${said.n} to the group, ${where} ${life.name},`
    if (edits.some(isTold)) ok(said.edit > 0, `${named} is as it was before it was edited`)
    if (said.edit === 0) return
    const change = deeds.changed[said.edit - 1]
    ok(change?.kind === 'edit' && change.n === said.n, `${named} is as nobody edited it`)
    ok(edits.length > 0, `${named} is as it never was`)
  }
  for (const { text } of histories.get(peerId) ?? []) check(text, () => true, 'in the history for')
  for (const { text } of view.messages.values())
    check(text, (told) => told.includes(userId), 'as it is shown by')
}

/** Each message shows what all have said to it, counted once for each of them; to who has left, none of it. */
function assertReactions({ device, groupSaid }: Testimony, annals: GroupAnnals): void {
  const { userId, life } = device
  const has = (seq: number) =>
    annals.isIn(userId) &&
    annals.meant.get(seq)?.includes(userId) === true &&
    annals.lost.get(seq)?.has(userId) !== true
  const expected = [...annals.reactions].filter(([seq]) => has(seq)).flatMap(countsIn)
  const said = groupSaid.map(({ n, said }) => `${annals.seqOf(n)}: ${said}`)
  deepStrictEqual(said.sort(), expected.sort(), `reactions in the group for ${life.name}`)
}

/** Nobody hears of what was said to a message while it was not in. */
function assertToldRightly({ device }: Testimony, annals: GroupAnnals, lag: Lag): void {
  const { userId, life, groupReactions } = device
  const stays = annals.inside.get(userId) ?? []
  for (const n of groupReactions) {
    const places = annals.reacted.get(annals.seqOf(n)!) ?? []
    const isMeant = (place: number) =>
      during(stays, place) || stays.some((stay) => isWithin(stay, place, lag.push, annals))
    ok(places.some(isMeant), `${life.name} was told of reactions to post ${n} and was not in the group`)
  }
}

/** A reaction that was acknowledged stands, unless its author has thought better of it since. */
function assertReacted({ reacted }: GroupDeeds, { reactions, seqOf }: GroupAnnals): void {
  for (const { userId, n, reaction, acknowledged } of reacted) {
    const isOnly = reacted.filter((each) => each.userId === userId && each.n === n).length === 1
    if (!acknowledged || !isOnly) continue
    deepStrictEqual(reactions.get(seqOf(n)!)?.get(userId), [reaction], `reaction of ${userId} to post ${n}`)
  }
}
