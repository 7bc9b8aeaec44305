import { MAX_READ_PER_COMMAND, type ReactionsRead, type ReadReactions } from '@heliograph/schemas/avro'
import { type RowRef, unreadReactions } from '@heliograph/storage'
import type { At, Decision, Rejection, Rows } from '../runtime/decider.ts'

const limitInvalid: Rejection = { code: 400, message: 'LIMIT_INVALID' }

const keyOf = ({ chatId, userId, kind }: Pick<ReadReactions, 'chatId' | 'userId' | 'kind'>, seq: number) => ({
  userId,
  kind,
  chatId,
  seq,
})

export function needsOfRead(command: ReadReactions): RowRef[] {
  if (command.seqs.length > MAX_READ_PER_COMMAND) return []
  return command.seqs.map((seq) => ({ table: unreadReactions, key: keyOf(command, seq) }))
}

/** No event where the user has seen all of them. Rejects with LIMIT_INVALID. */
export function decideRead(rows: Rows, command: ReadReactions, at: At): Decision<ReactionsRead> {
  const { chatId, userId, kind } = command
  if (command.seqs.length > MAX_READ_PER_COMMAND) return { rejected: limitInvalid }
  const seqs = [...new Set(command.seqs)].filter(
    (seq) => rows.get(unreadReactions, keyOf(command, seq)) !== undefined,
  )
  if (seqs.length === 0) return { events: [] }
  return { events: [{ type: 'ReactionsRead', chatId, userId, kind, seqs, date: at.date }] }
}
