import type { ChatId } from '@heliograph/schemas/avro'
import { messages, type Tables } from '@heliograph/storage'

/** What statistics look at of a message; deleted ones are not there any more. */
export interface Written {
  readonly seq: number
  /** Unix seconds. */
  readonly date: number
  readonly senderId: number
  /** In its own name. */
  readonly isOwn: boolean
}
export interface WrittenSince {
  /** Newest first, without service messages. */
  readonly messages: readonly Written[]
  /** From when on nothing is missing: what was asked for, or later where there was too much. Unix seconds. */
  readonly since: number
  /** The first message that may be of that time. */
  readonly firstSeq: number
}

/** Messages that one call looks at. */
export const MAX_WRITTEN = 20_000
const PAGE = 500

/** What has been written in a channel since a date. */
export async function writtenSince(tables: Tables, chatId: ChatId, since: number): Promise<WrittenSince> {
  const found: Written[] = []
  let to = Number.MAX_SAFE_INTEGER
  let firstSeq = 1
  for (let seen = 0; seen < MAX_WRITTEN; seen += PAGE) {
    const range = { descending: true, limit: PAGE, ...(seen > 0 && { to }) }
    const page = await tables.range(messages, { chatId }, range)
    for (const row of page) {
      if (row.date! < since) return { messages: found, since, firstSeq: row.seq! + 1 }
      firstSeq = row.seq!
      if (row.service === true) continue
      const { seq, date, senderId, postAs } = row
      found.push({ seq: seq!, date: date!, senderId: senderId!, isOwn: postAs === null })
    }
    if (page.length < PAGE) return { messages: found, since, firstSeq: 1 }
    to = page[page.length - 1]!.seq! - 1
  }
  return { messages: found, since: found[found.length - 1]?.date ?? since, firstSeq }
}
