import { chatIdOf } from '@heliograph/schemas/avro'
import { messageTags } from '@heliograph/storage'
import type { Mailbox } from '../messages/mailbox/history.ts'
import { entriesAt, type Source } from '../messages/search/source.ts'

/** The saved messages with all of these tags (at least one, reactions as they are kept), for the search. */
export function tagSource(mailbox: Mailbox, tags: readonly string[], low: number, high: number): Source {
  const { tables, userId, peerId } = mailbox
  const chatId = chatIdOf(userId, peerId)
  const [first = '', ...others] = tags
  let to = high
  return async (limit) => {
    if (to < low) return undefined
    const range = { from: low, to, descending: true, limit }
    const rows = await tables.range(messageTags, { chatId, reaction: first }, range)
    to = rows.length < limit ? 0 : rows[rows.length - 1]!.seq! - 1
    let seqs = rows.map(({ seq }) => seq!)
    for (const reaction of others) {
      const found = await tables.getMany(
        seqs.map((seq) => ({ table: messageTags, key: { chatId, reaction, seq } })),
      )
      seqs = seqs.filter((_, i) => found[i] !== undefined)
    }
    return { entries: await entriesAt(mailbox, seqs), isSure: false, scanned: rows.length }
  }
}
