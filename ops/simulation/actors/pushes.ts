import { deepStrictEqual, ok } from 'node:assert/strict'
import type { MailboxUpdate } from '@heliograph/schemas/avro'
import type { MailboxModel } from '../audit/mailbox-model.ts'
import type { SimulatedGateway } from './gateway.ts'

/** Nothing was pushed that did not last, and each process pushed in the order of pts. */
export function auditPushes({ pushed }: SimulatedGateway, mailboxes: readonly MailboxModel[]): void {
  const reached = new Map<string, number>()
  for (const { process, update } of pushed) {
    const stream = `${process} ${update.userId}`
    ok(update.pts > (reached.get(stream) ?? 0), `${stream} went back to ${update.pts}`)
    reached.set(stream, update.pts)
    const mailbox = mailboxes.find(({ userId }) => userId === update.userId)
    const kept = mailbox?.updates.find(({ pts }) => pts === update.pts)
    deepStrictEqual(kept, keptOf(update), `what ${update.userId} was told of pts ${update.pts}`)
  }
}

/** The part of an update that `mailbox_updates` keeps. */
function keptOf(update: MailboxUpdate) {
  const { userId, pts, ptsCount, date, kind, peerId, msgId, seq, msgIds } = update
  return { userId, pts, ptsCount, date, kind, peerId, msgId, seq, msgIds }
}
