import { setImmediate } from 'node:timers/promises'
import { type ChatId, chatIdOf } from '@heliograph/schemas/avro'
import { type RowOf, searchWords } from '@heliograph/storage'
import { mayHave, type Sought, soughtBy, wordKeyOf } from '../../search-index/fingerprints.ts'
import type { Services } from '../../services.ts'
import { chatKey } from '../content.ts'
import type { Mailbox } from '../mailbox/history.ts'
import type { Query } from './query.ts'
import { entriesAt, type Source } from './source.ts'

/** Rows that are read at a time; they are some tens of bytes each. */
const PAGE_ROWS = 1_000
/** So many rows of the index count as one message that is looked at. */
const ROWS_PER_MESSAGE = 20
/** Rows that are looked at for the first that did not come with an edit. */
const MAX_EDITED_AT_START = 100

type WordsRow = RowOf<typeof searchWords>

interface Found {
  readonly seqs: number[]
  isSure: boolean
}

/**
 * The messages of a chat that may have the words and the kind which are asked for, by the index; messages from before there was
 * one come from `older`, which is given the last of them.
 */
export function indexSource(
  services: Pick<Services, 'tables' | 'keyring' | 'codec'>,
  mailbox: Mailbox,
  query: Query,
  { low, high }: { readonly low: number; readonly high: number },
  older: (to: number) => Source,
): Source {
  const { tables, userId, peerId } = mailbox
  const chatId = chatIdOf(userId, peerId)
  let to = high
  let begin: { readonly first: number; readonly sought: Sought } | undefined
  let before: Source | undefined
  return async (limit) => {
    begin ??= { first: await firstIndexed(services, chatId), sought: await soughtIn(services, chatId, query) }
    const from = Math.max(low, begin.first)
    const found: Found = { seqs: [], isSure: true }
    let rows = 0
    while (to >= from && found.seqs.length < limit) {
      const page = await tables.range(
        searchWords,
        { chatId },
        { from, to, descending: true, limit: PAGE_ROWS },
      )
      const used = take(page, query, begin.sought, found, limit)
      rows += used
      to = used === page.length && page.length < PAGE_ROWS ? 0 : page[used - 1]!.seq! - 1
      if (page.length === PAGE_ROWS) await setImmediate()
    }
    if (rows > 0) {
      const scanned = found.seqs.length + Math.ceil(rows / ROWS_PER_MESSAGE)
      return { entries: await entriesAt(mailbox, found.seqs), isSure: found.isSure, scanned }
    }
    before ??= older(Math.min(high, begin.first - 1))
    return before(limit)
  }
}

/** Adds what may be meant to `found`, until there are `limit`; returns how many rows that took. */
function take(
  page: readonly WordsRow[],
  { filter }: Query,
  sought: Sought,
  found: Found,
  limit: number,
): number {
  for (const [i, { seq, words, kinds }] of page.entries()) {
    if (found.seqs.length >= limit) return i
    const isOfKind = typeof filter !== 'number' || ((kinds ?? 0) & filter) !== 0
    // From before anybody gave words: what kind it is was not always told either.
    const isUnknown = words === null && kinds === 0
    if (!isOfKind && !isUnknown) continue
    if (!mayHave(words, sought)) continue
    found.seqs.push(seq!)
    if (!isOfKind || typeof filter !== 'number') found.isSure = false
  }
  return page.length
}

/** From here on every message that can be found has a row; beyond all seqs where none has. */
async function firstIndexed({ tables }: Pick<Services, 'tables'>, chatId: ChatId): Promise<number> {
  const rows = await tables.range(searchWords, { chatId }, { limit: MAX_EDITED_AT_START })
  return rows.find(({ edited }) => edited !== true)?.seq ?? Number.MAX_SAFE_INTEGER
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
