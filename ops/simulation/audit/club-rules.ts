import { ok } from 'node:assert/strict'
import type { ClubDeeds, Posted } from '../clients/clubs.ts'
import type { Annals, Written } from './club-annals.ts'

/** The rules under which a club is founded, as far as they say who may come in and write. */
export function assertRules(deeds: ClubDeeds, annals: Annals): void {
  const { club, approved, posts } = deeds
  if (club === undefined) return
  const byUser = new Map<number, Written[]>()
  for (const each of annals.written)
    if (each.slowSeconds > 0) byUser.set(each.senderId, [...(byUser.get(each.senderId) ?? []), each])
  for (const [userId, written] of byUser) if (userId !== club.founder) assertWaited(userId, written)
  for (const posted of posts) assertRefusedRightly(posted, byUser)
  if (!club.rules.includes('approval')) return
  for (const [userId, stays] of annals.inside) {
    if (userId === club.founder) continue
    const times = approved.filter((each) => each === userId).length
    ok(stays.length <= times, `${userId} came in ${stays.length} times, and was let in ${times} times`)
  }
}

/** Who writes while a club is slow has waited since it last did; administrators need not. */
function assertWaited(userId: number, written: readonly Written[]): void {
  for (const [i, { id, date, slowSeconds }] of written.entries()) {
    const last = written[i - 1]
    if (last === undefined) continue
    const where = `${userId} wrote ${id} ${date - last.date} s after ${last.id}, in a club that is slow`
    ok(date - last.date >= slowSeconds, `${where} (${slowSeconds} s)`)
  }
}

/** Nobody is told to wait who has never written while the club was slow. */
function assertRefusedRightly({ n, from, refused }: Posted, byUser: ReadonlyMap<number, unknown>): void {
  if (refused?.startsWith('SLOWMODE_WAIT_') !== true) return
  ok(byUser.has(from), `post ${n} of ${from} was refused (${refused}), who had written nothing`)
}
