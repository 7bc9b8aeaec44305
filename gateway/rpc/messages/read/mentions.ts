import {
  type ChatId,
  chatIdOf,
  GENERAL_TOPIC,
  isChannelPeer,
  MAX_MENTIONS_PER_COMMAND,
  type MessageSeq,
} from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { mailboxHistory, type RowOf, unreadMentions } from '@heliograph/storage'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { countersOf } from '../answers.ts'
import { topOf } from '../mailbox/extent.ts'
import { entryOf, type HistoryEntry, type Mailbox } from '../mailbox/history.ts'
import { locateIn } from '../mailbox/locate.ts'
import { openMailbox } from '../mailbox/open.ts'
import { clampLimit, type PageRequest } from '../mailbox/paging.ts'
import { renderEntries } from '../mailbox/rendered.ts'
import { answerChannelPage, answerPage } from './history.ts'

/** Unread mentions of one chat that are looked at. */
const MAX_MENTIONS = 1_000

/** `messages.getUnreadMentions`: the caller's mentions in a group or channel that it has not seen, newest first. */
export const getUnreadMentions: Handler<'messages.getUnreadMentions'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const mailbox = await openMailbox(context, peerId)
  return answerUnseen(call, context, mailbox, await unreadIn(context, chatIdOf(context.user, peerId)))
}

/** The part that a call asks for of messages with something unseen, whose seqs are given from the newest. */
export async function answerUnseen(
  call: Omit<PageRequest, 'offsetDate'> & { readonly topMsgId?: number | undefined },
  context: CallContext,
  mailbox: Mailbox,
  seqs: readonly MessageSeq[],
): Promise<TlType<'messages.Messages'>> {
  const { peerId } = mailbox
  const all = await entriesAt(mailbox, seqs)
  const shown = all.filter(
    ({ msgId, row }) =>
      (call.maxId <= 0 || msgId < call.maxId) &&
      (call.minId <= 0 || msgId > call.minId) &&
      (call.topMsgId === undefined || isIn(row, call.topMsgId)),
  )
  const newer = call.offsetId > 0 ? shown.filter(({ msgId }) => msgId >= call.offsetId).length : 0
  const start = Math.max(0, newer + call.addOffset)
  const page = shown.slice(start, start + clampLimit(call.limit))
  const messages = await renderEntries(context.services, context.user, page)
  if (!isChannelPeer(peerId)) return answerPage(context, messages, shown.length, true, [peerId])
  const { pts } = await topOf(mailbox)
  return answerChannelPage(context, messages, { count: shown.length, exact: true }, pts, peerId)
}

/** `messages.readMentions`: in chunks; `offset` above 0 tells the client to call again. */
export const readMentions: Handler<'messages.readMentions'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const mailbox = await openMailbox(context, peerId)
  const { services, user, caller } = context
  const chatId = chatIdOf(user, peerId)
  const unread = await inTopic(mailbox, await unreadIn(context, chatId), call.topMsgId)
  const seqs = unread.slice(0, MAX_MENTIONS_PER_COMMAND)
  if (seqs.length === 0) {
    const { pts } = isChannelPeer(peerId) ? await topOf(mailbox) : await countersOf(context)
    return { _: 'messages.affectedHistory', pts, ptsCount: 0, offset: 0 }
  }
  const command = { type: 'ReadMentions', chatId, userId: user, seqs } as const
  const reply = await services.commands.ask('chat.commands', chatId, command, caller)
  const { pts, ptsCount } = reply.channel ??
    reply.mailbox ?? { pts: (await countersOf(context)).pts, ptsCount: 0 }
  return { _: 'messages.affectedHistory', pts, ptsCount, offset: unread.length - seqs.length }
}

/** Those of these messages that stand in one topic; all where none is named. */
export async function inTopic(
  mailbox: Mailbox,
  seqs: readonly MessageSeq[],
  topMsgId: number | undefined,
): Promise<MessageSeq[]> {
  if (topMsgId === undefined) return [...seqs]
  return (await entriesAt(mailbox, seqs)).filter(({ row }) => isIn(row, topMsgId)).map(({ seq }) => seq)
}

const isIn = (row: HistoryEntry['row'], topMsgId: number): boolean =>
  (row?.threadSeq ?? GENERAL_TOPIC) === topMsgId

/** Newest first. */
async function unreadIn({ services, user }: CallContext, chatId: ChatId): Promise<MessageSeq[]> {
  const range = { descending: true, limit: MAX_MENTIONS }
  const rows = await services.tables.range(unreadMentions, { userId: user, chatId }, range)
  return rows.map(({ seq }) => seq as MessageSeq)
}

async function entriesAt(mailbox: Mailbox, seqs: readonly MessageSeq[]): Promise<HistoryEntry[]> {
  const { tables, userId, peerId } = mailbox
  if (isChannelPeer(peerId)) return present(await locateIn(mailbox, seqs))
  const refs = seqs.map((seq) => ({ table: mailboxHistory, key: { userId, peerId, seq } }))
  const rows = (await tables.getMany(refs)) as (RowOf<typeof mailboxHistory> | undefined)[]
  return present(rows.map((row) => row && entryOf(row))).filter(({ deleted }) => !deleted)
}

const present = (entries: readonly (HistoryEntry | undefined)[]): HistoryEntry[] =>
  entries.filter((entry) => entry !== undefined)
