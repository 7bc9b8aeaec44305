import {
  type ChatId,
  chatIdOf,
  isChannelPeer,
  type MessageSeq,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { mailboxHistory, type RowOf, scheduledMessages } from '@heliograph/storage'
import { type Content, chatKey, openBody } from '../messages/content.ts'
import { renderMessage } from '../render/message.ts'
import type { Services } from '../services.ts'

/** A user's scheduled message in one chat. */
export interface Scheduled {
  readonly id: number
  readonly dueAt: number
  readonly randomId: bigint
  readonly replyToSeq: MessageSeq | null
  readonly threadSeq: MessageSeq | null
  readonly postAs: PeerId | null
  readonly silent: boolean
  readonly editDate: number
  /** Undefined where it cannot be read any more. */
  readonly content: Content | undefined
  /** The actor's `MessageExtra` of it. */
  readonly row: RowOf<typeof scheduledMessages>
}

type Reading = Pick<Services, 'tables' | 'keyring' | 'codec'>

const MAX_LISTED = 100

/** All of one user in one chat, by id. */
export async function listScheduled(services: Reading, user: UserId, peerId: PeerId): Promise<Scheduled[]> {
  const chatId = chatIdOf(user, peerId)
  const rows = await services.tables.range(
    scheduledMessages,
    { chatId, senderId: user },
    { limit: MAX_LISTED },
  )
  return opened(services, chatId, rows)
}

/** Those of these ids that there are, in order. */
export async function findScheduled(
  services: Reading,
  user: UserId,
  peerId: PeerId,
  ids: readonly number[],
): Promise<Scheduled[]> {
  const chatId = chatIdOf(user, peerId)
  const rows = await services.tables.getMany(
    ids.slice(0, MAX_LISTED).map((id) => ({ table: scheduledMessages, key: { chatId, senderId: user, id } })),
  )
  const found = rows.filter((row) => row !== undefined) as RowOf<typeof scheduledMessages>[]
  return opened(services, chatId, found)
}

async function opened(
  services: Reading,
  chatId: ChatId,
  rows: readonly RowOf<typeof scheduledMessages>[],
): Promise<Scheduled[]> {
  if (rows.length === 0) return []
  const key = await chatKey(services, chatId)
  return rows.map((row) => {
    const place = placeOf(row.extra)
    return {
      id: row.id ?? 0,
      dueAt: row.dueAt ?? 0,
      randomId: row.randomId ?? 0n,
      replyToSeq: row.replyToSeq as MessageSeq | null,
      silent: row.silent === true,
      editDate: row.editDate ?? 0,
      content: openBody(services, chatId, key, row.sealed),
      row,
      ...place,
    }
  })
}

/** Where it will stand: what readers need of the `MessageExtra` that the column has in JSON. */
function placeOf(extra: string | null): Pick<Scheduled, 'threadSeq' | 'postAs'> {
  if (extra === null) return { threadSeq: null, postAs: null }
  const { threadSeq, postAs } = JSON.parse(extra) as Pick<Scheduled, 'threadSeq' | 'postAs'>
  return { threadSeq, postAs }
}

/** As their sender sees them: under their own ids, dated when they are due. */
export async function renderScheduled(
  services: Pick<Services, 'tables'>,
  user: UserId,
  peerId: PeerId,
  scheduled: readonly Scheduled[],
): Promise<TlType<'Message'>[]> {
  const answered = await answeredIds(services, user, peerId, scheduled)
  return scheduled.map((message, index) => {
    const { id: msgId, dueAt: date, editDate, silent, content, postAs, threadSeq } = message
    const head = { msgId, peerId, senderId: user, out: true, date, editDate, silent }
    const place = {
      replyToMsgId: answered[index]!,
      postAs,
      isPost: postAs === peerId,
      ...(threadSeq === null ? {} : { threadMsgId: threadSeq }),
    }
    return renderMessage(user, { ...head, ...place }, content)
  })
}

/** The sender's ids of the messages that they answer; 0 for none. */
async function answeredIds(
  { tables }: Pick<Services, 'tables'>,
  userId: UserId,
  peerId: PeerId,
  scheduled: readonly Scheduled[],
): Promise<number[]> {
  if (isChannelPeer(peerId)) return scheduled.map(({ replyToSeq }) => replyToSeq ?? 0)
  const seqs = scheduled.flatMap(({ replyToSeq }) => (replyToSeq === null ? [] : [replyToSeq]))
  const rows = await tables.getMany(
    seqs.map((seq) => ({ table: mailboxHistory, key: { userId, peerId, seq } })),
  )
  const ids = new Map(seqs.map((seq, index) => [seq, Number(rows[index]?.msgId ?? 0)]))
  return scheduled.map(({ replyToSeq }) => (replyToSeq === null ? 0 : (ids.get(replyToSeq) ?? 0)))
}
