import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { mailboxHistory, type RowOf, type RowRef } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

export interface Conversation {
  readonly userId: UserId
  readonly peerId: PeerId
}
/**
 * A row of a user's history. All but `deleted` is the same for ever, so that counting a record once more after a crash
 * gives what it gave.
 */
export type HistoryRow = {
  [C in keyof RowOf<typeof mailboxHistory>]: NonNullable<RowOf<typeof mailboxHistory>[C]>
}

export function historyRef({ userId, peerId }: Conversation, seq: number): RowRef {
  return { table: mailboxHistory, key: { userId, peerId, seq } }
}

export function historyRow(
  rows: Rows,
  { userId, peerId }: Conversation,
  seq: number,
): HistoryRow | undefined {
  return rows.get(mailboxHistory, { userId, peerId, seq }) as HistoryRow | undefined
}

/** The row of a message that the chat says was delivered to this user; asserts that it was. */
export function deliveredRow(rows: Rows, conversation: Conversation, seq: number): HistoryRow {
  const row = historyRow(rows, conversation, seq)
  if (row === undefined) {
    throw new Error(`message ${seq} never reached peer ${conversation.peerId} of user ${conversation.userId}`)
  }
  return row
}
