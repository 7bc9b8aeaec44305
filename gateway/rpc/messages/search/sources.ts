import { chatIdOf, isChannelPeer, type MessageSeq } from '@heliograph/schemas/avro'
import { pinnedMessages, threadMessages } from '@heliograph/storage'
import { tagSource } from '../../reactions/tag-source.ts'
import type { Services } from '../../services.ts'
import { entries, type Mailbox } from '../mailbox/history.ts'
import { leftGroups } from '../mailbox/left-groups.ts'
import { indexSource } from './index-source.ts'
import type { Query } from './query.ts'
import { entriesAt, type Source } from './source.ts'

type Reading = Pick<Services, 'tables' | 'keyring' | 'codec'>

/** The messages of one chat between the seqs `low` and `high`, as few as can be told by the tables that there are. */
export function sourceFor(
  services: Reading,
  mailbox: Mailbox,
  query: Query,
  low: number,
  high: number,
): Source {
  if (query.tags !== undefined && query.tags.length > 0) return tagSource(mailbox, query.tags, low, high)
  if (query.filter === 'pinned') return pinnedSource(mailbox, low, high)
  if (query.topSeq !== undefined && isChannelPeer(mailbox.peerId))
    return threadSource(mailbox, query.topSeq, low, high)
  const isTold = query.words.length > 0 || typeof query.filter === 'number'
  return isTold ? indexSource(services, mailbox, query, { low, high }) : chatSource(mailbox, low, high)
}

/** All messages of one chat from seq `high` down to `low`. */
export function chatSource(mailbox: Mailbox, low: number, high: number): Source {
  let to = high
  return async (limit) => {
    if (to < low) return undefined
    const page = await entries(mailbox, { from: low, to, descending: true }, limit)
    to = page.length < limit ? 0 : page[page.length - 1]!.seq - 1
    return { entries: page, isSure: false, scanned: page.length }
  }
}

/** The pinned messages of a chat; none of a basic group that the user has left. */
function pinnedSource(mailbox: Mailbox, low: number, high: number): Source {
  const { tables, userId, peerId } = mailbox
  const chatId = chatIdOf(userId, peerId)
  let to = high
  return async (limit) => {
    if (to < low) return undefined
    const range = { from: low, to, descending: true, limit }
    const rows = await tables.range(pinnedMessages, { chatId }, range)
    if (rows.length > 0 && (await leftGroups(tables, userId, [chatId])).has(chatId)) return undefined
    to = rows.length < limit ? 0 : rows[rows.length - 1]!.seq! - 1
    const seen = rows.filter(({ pinnedFor }) => !pinnedFor?.length || pinnedFor.includes(userId))
    return {
      entries: await entriesAt(
        mailbox,
        seen.map(({ seq }) => seq!),
      ),
      isSure: true,
      scanned: rows.length,
    }
  }
}

/** The messages of a thread. */
function threadSource(mailbox: Mailbox, topSeq: MessageSeq, low: number, high: number): Source {
  const { tables, userId, peerId } = mailbox
  let to = high
  return async (limit) => {
    if (to < low) return undefined
    const key = { chatId: chatIdOf(userId, peerId), topSeq }
    const rows = await tables.range(threadMessages, key, { from: low, to, descending: true, limit })
    to = rows.length < limit ? 0 : rows[rows.length - 1]!.seq! - 1
    const seqs = rows.map(({ seq }) => seq!)
    return { entries: await entriesAt(mailbox, seqs), isSure: false, scanned: rows.length }
  }
}
