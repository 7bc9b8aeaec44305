import { setImmediate } from 'node:timers/promises'
import { type ChatId, chatIdOf, isChannelPeer } from '@heliograph/schemas/avro'
import { messages } from '@heliograph/storage'
import { mayHave, type Sought, soughtBy, wordKeyOf } from '../../search-index/fingerprints.ts'
import type { Services } from '../../services.ts'
import { chatKey } from '../content.ts'
import { channelEntry, type HistoryEntry, type Mailbox, type MessageRow } from '../mailbox/history.ts'
import { kindBits } from './kind-bits.ts'
import type { Query } from './query.ts'
import { entriesAt, type Source } from './source.ts'

/** Rows that are read at a time. */
const PAGE_ROWS = 500
/** So many rows that are passed over unopened count as one message that is looked at. */
const ROWS_PER_MESSAGE = 5

interface Found {
  readonly rows: MessageRow[]
  isSure: boolean
}

/**
 * The messages of a chat between the seqs `low` and `high` that may have the words and the kind which are asked for: told by what
 * stands beside their bodies, unopened. Messages from before words were kept there are all handed out.
 */
export function indexSource(
  services: Pick<Services, 'tables' | 'keyring' | 'codec'>,
  mailbox: Mailbox,
  query: Query,
  { low, high }: { readonly low: number; readonly high: number },
): Source {
  const { tables, userId, peerId, floorSeq = 0 } = mailbox
  const chatId = chatIdOf(userId, peerId)
  const from = Math.max(low, floorSeq + 1)
  let to = high
  let sought: Sought | undefined
  return async (limit) => {
    if (to < from) return undefined
    sought ??= await soughtIn(services, chatId, query)
    const found: Found = { rows: [], isSure: true }
    let looked = 0
    while (to >= from && found.rows.length < limit) {
      const range = { from, to, descending: true, limit: PAGE_ROWS }
      const page = await tables.range(messages, { chatId }, range)
      const used = take(page, query, sought, found, limit)
      looked += used
      to = used === page.length && page.length < PAGE_ROWS ? 0 : page[used - 1]!.seq! - 1
      if (page.length === PAGE_ROWS) await setImmediate()
    }
    const entries = await entriesOf(mailbox, found.rows)
    const scanned = found.rows.length + Math.ceil(looked / ROWS_PER_MESSAGE)
    return { entries, isSure: found.isSure, scanned }
  }
}

/** Adds what may be meant to `found`, until there are `limit`; returns how many rows that took, at least one of any. */
function take(
  page: readonly MessageRow[],
  { filter }: Query,
  sought: Sought,
  found: Found,
  limit: number,
): number {
  for (const [i, row] of page.entries()) {
    if (found.rows.length >= limit) return i
    const isKnown = row.words !== null || row.service === true
    const isOfKind = typeof filter !== 'number' || hasKind(row, filter)
    if (!isOfKind && isKnown) continue
    if (!mayHave(wordsOf(row), sought)) continue
    found.rows.push(row)
    if (!isOfKind) found.isSure = false
  }
  return page.length
}

const NO_WORDS = Buffer.alloc(0)

/** Those of a copy which is sealed under the key of another chat follow from that key. */
function wordsOf({ service, sealedThere, words }: MessageRow): Buffer | null {
  if (service === true) return NO_WORDS
  return sealedThere === true ? null : words
}

const hasKind = ({ kinds }: MessageRow, bits: number): boolean =>
  kinds !== null && (kindBits(kinds) & bits) !== 0

/** In channels a message's row is all that there is; elsewhere each member has it by its mailbox, or has it no more. */
async function entriesOf(mailbox: Mailbox, rows: readonly MessageRow[]): Promise<HistoryEntry[]> {
  const { userId, peerId } = mailbox
  if (isChannelPeer(peerId)) return rows.map((row) => channelEntry(userId, peerId, row))
  const bySeq = new Map(rows.map((row) => [row.seq, row]))
  const entries = await entriesAt(mailbox, [...bySeq.keys()] as number[])
  return entries.map((entry) => ({ ...entry, row: bySeq.get(entry.seq)! }))
}

async function soughtIn(
  services: Pick<Services, 'keyring' | 'codec'>,
  chatId: ChatId,
  { words }: Query,
): Promise<Sought> {
  const key = words.length === 0 ? undefined : await chatKey(services, chatId)
  return key === undefined ? NOTHING_SOUGHT : soughtBy(wordKeyOf(key), words)
}

const NOTHING_SOUGHT: Sought = { values: new Int32Array(0), masks: new Int32Array(0) }
