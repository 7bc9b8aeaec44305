import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import { peerIdOf, type Shown } from '../clients/counted-view.ts'
import { parseText } from '../clients/deeds.ts'
import type { Device } from '../clients/device.ts'
import type { Testimony } from '../clients/testimony.ts'
import type { MailboxView } from '../clients/view.ts'
import type { Unheard } from './groups.ts'

/**
 * What each client shows is what the server says of its account, and nobody was told what was not for them.
 */
export function auditClients(testimonies: readonly Testimony[], unheard: Unheard): void {
  for (const testimony of testimonies) {
    const { device, pts, fresh, histories } = testimony
    const { name } = device.life
    strictEqual(device.view.pts, pts, `pts of ${name}`)
    strictEqual(fresh.pts, pts, `pts of ${name} by the difference from the start`)
    const messages = [...histories.values()].flatMap((history) => [...history].reverse())
    const worded = (each: Shown) => ({ ...each, text: unheard.wording(device.userId, each.text) })
    deepStrictEqual(
      shownBy(device.view)
        .map(worded)
        .filter(({ text }) => text !== undefined),
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
    auditDialogs(testimony, unheard)
    auditMembership(device)
  }
}

function auditDialogs({ device, dialogs, histories }: Testimony, { hidden }: Unheard): void {
  for (const dialog of dialogs) {
    if (dialog.peer._ === 'peerChannel') continue
    const peerId = peerIdOf(dialog.peer)
    const { readInboxMaxId, readOutboxMaxId, unreadCount } = dialog
    const where = `${device.life.name} with ${peerId}`
    const incoming = (histories.get(peerId) ?? []).filter(({ out }) => !out)
    const unread = incoming.filter(({ id }) => id > readInboxMaxId).length
    const most = unread + (dialog.peer._ === 'peerChat' ? hidden(device.userId) : 0)
    ok(unread <= unreadCount && unreadCount <= most, `${unreadCount} unread messages of ${where}: ${unread}`)
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
