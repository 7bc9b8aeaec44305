import { ok, strictEqual } from 'node:assert/strict'
import { type GroupDeeds, groupRandomId, parseGroupText } from '../clients/groups.ts'
import type { Testimony } from '../clients/testimony.ts'
import type { Facts } from './facts.ts'

/** Whoever was in the group when something was posted has it, once; nobody else was ever shown it; and what was acknowledged is there. */
export function auditGroups(
  { chatId, posts }: GroupDeeds,
  testimonies: readonly Testimony[],
  facts: Facts,
): void {
  if (chatId === undefined) return
  const members = new Map<bigint, readonly number[]>()
  for (const { record } of facts.chatEvents)
    if (record.type === 'MessageSent' && record.chatId === `g${chatId}`)
      members.set(record.randomId, record.members)
  for (const posted of posts) {
    const meant = members.get(groupRandomId(posted))
    if (posted.answeredMs !== undefined) ok(meant !== undefined, `post ${posted.n} to the group is not there`)
    for (const { device, histories } of testimonies) {
      const where = `post ${posted.n} to the group at ${device.life.name}`
      const isMine = (text: string) => parseGroupText(text) === posted.n
      const isMeant = meant?.includes(device.userId) === true
      const had: number = (histories.get(-chatId) ?? []).filter(({ text }) => isMine(text)).length
      strictEqual(had, isMeant ? 1 : 0, `how often ${where} is there`)
      if (!isMeant) ok(![...device.everShown].some(isMine), `${where} was shown`)
    }
  }
}
