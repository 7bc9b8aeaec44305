import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import { peerIdOf, type Shown } from '../clients/counted-view.ts'
import { parseText } from '../clients/deeds.ts'
import type { Device } from '../clients/device.ts'
import type { Testimony } from '../clients/testimony.ts'
import type { MailboxView } from '../clients/view.ts'

/**
 * What each client shows is what the server says of its account, and nobody was told what was not for them.
 * @param wording a text without what this user need not have heard of it
 */
export function auditClients(
  testimonies: readonly Testimony[],
  wording: (userId: number, text: string) => string,
): void {
  for (const testimony of testimonies) {
    const { device, pts, fresh, histories } = testimony
    const { name } = device.life
    strictEqual(device.view.pts, pts, `pts of ${name}`)
    strictEqual(fresh.pts, pts, `pts of ${name} by the difference from the start`)
    const messages = [...histories.values()].flatMap((history) => [...history].reverse())
    const worded = (each: Shown) => ({ ...each, text: wording(device.userId, each.text) })
    deepStrictEqual(
      shownBy(device.view).map(worded),
      byId(messages).map(worded),
      `what ${name} shows, and its history`,
    )
    deepStrictEqual(
      shownBy(fresh),
      byId(messages),
      `the difference of ${name} from the start, and its history`,
    )
    deepStrictEqual(readsOf(device.view), readsOf(fresh), `what ${name} shows as read`)
    for (const history of histories.values()) assertDescending(history, name)
    auditDialogs(testimony)
    auditMembership(device)
  }
}

function auditDialogs({ device, dialogs, histories }: Testimony): void {
  for (const dialog of dialogs) {
    if (dialog.peer._ === 'peerChannel') continue
    const peerId = peerIdOf(dialog.peer)
    const { readInboxMaxId, readOutboxMaxId, unreadCount } = dialog
    const where = `${device.life.name} with ${peerId}`
    const incoming = (histories.get(peerId) ?? []).filter(({ out }) => !out)
    const unread = incoming.filter(({ id }) => id > readInboxMaxId).length
    strictEqual(unreadCount, unread, `unread messages of ${where}`)
    strictEqual(readInboxMaxId, device.view.reads.get(`in ${peerId}`) ?? 0, `read by ${where}`)
    strictEqual(readOutboxMaxId, device.view.reads.get(`out ${peerId}`) ?? 0, `read of ${where}`)
  }
}

function auditMembership({ userId, everShown, life }: Device): void {
  for (const text of everShown) {
    const said = parseText(text)
    if (said !== undefined) ok([said.from, said.to].includes(userId), `${life.name} was told "${text}"`)
  }
}

function assertDescending(history: readonly Shown[], name: string): void {
  for (let i = 1; i < history.length; i++)
    ok(history[i]!.id < history[i - 1]!.id, `history of ${name} is not in order`)
}

const byId = (messages: readonly Shown[]): Shown[] => [...messages].sort((a, b) => a.id - b.id)
const shownBy = (view: MailboxView): Shown[] => byId([...view.messages.values()])
const readsOf = (view: MailboxView): string[] => [...view.reads].map(([way, id]) => `${way} ${id}`).sort()
