import { deepStrictEqual } from 'node:assert/strict'
import { chatIdOf, isGroupPeer, type PeerId, type UserId } from '@heliograph/schemas/avro'
import {
  mailboxMessages,
  mailboxUpdates,
  messageKeepers,
  messages,
  type RowOf,
  type Tables,
} from '@heliograph/storage'
import type { MailboxModel, Shown } from './mailbox-model.ts'

const ALL = { limit: 1_000_000 }

/** Whoever knows the mailbox as of any pts, and reads the updates since, knows it as it is. */
export async function auditDifferences(mailboxes: readonly MailboxModel[], tables: Tables): Promise<void> {
  for (const { userId, pts: end, shown, letters } of mailboxes) {
    const updates = await tables.range(mailboxUpdates, { userId }, ALL)
    const bodies = await bodiesNow(tables, userId, letters)
    for (const [since, then] of shown) {
      const client: Shown = { bodies: new Map(then.bodies), reads: new Map(then.reads) }
      let pts = since
      for (const update of updates.filter((each) => (each.pts ?? 0) > since)) {
        pts += update.ptsCount ?? 0
        deepStrictEqual(update.pts, pts, `pts of ${userId} behind ${since}`)
        follow(client, update, bodies)
      }
      deepStrictEqual(pts, end, `pts of ${userId} since ${since}`)
      deepStrictEqual(client, shown.get(end), `mailbox of ${userId} since ${since}`)
    }
  }
}

/**
 * The body, as it is now, of every message that the user still has; in groups, where whoever has left does not hear of edits, as
 * the user was told it.
 */
async function bodiesNow(
  tables: Tables,
  userId: UserId,
  letters: MailboxModel['letters'],
): Promise<Map<number, string>> {
  const bodies = new Map<number, string>()
  for (const { msgId, peerId, seq } of await tables.range(mailboxMessages, { userId }, ALL)) {
    const key = { chatId: chatIdOf(userId, peerId as PeerId), seq: seq as number }
    const message = await tables.get(messages, key)
    const keptBy = (await tables.get(messageKeepers, key))?.keptBy ?? message?.members
    if (keptBy?.includes(userId) !== true) continue
    const isShared = isGroupPeer(peerId as PeerId)
    bodies.set(msgId as number, isShared ? bodyTold(letters, msgId as number) : String(message?.sealed))
  }
  return bodies
}

const bodyTold = (letters: MailboxModel['letters'], msgId: number): string =>
  letters.find((letter) => letter.msgId === msgId)?.body ?? ''

function follow(
  client: Shown,
  update: RowOf<typeof mailboxUpdates>,
  bodies: ReadonlyMap<number, string>,
): void {
  const { kind, peerId } = update
  const msgId = update.msgId as number
  const body = bodies.get(msgId)
  if (kind === 'message' || kind === 'edit') {
    if (body !== undefined) client.bodies.set(msgId, body)
  } else if (kind === 'delete') for (const gone of update.msgIds ?? []) client.bodies.delete(gone)
  else if (kind?.startsWith('read-')) client.reads.set(`${kind?.slice('read-'.length)} ${peerId}`, msgId)
}
