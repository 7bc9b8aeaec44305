import type {
  ChatCounts,
  ChatId,
  ChatUpdate,
  MessageSeq,
  RecordHeader,
  Reply,
  UserId,
} from '@heliograph/schemas/avro'
import { channelUpdates, chatChannel, chats, type Mutation, type RowOf } from '@heliograph/storage'
import { answer } from '../answer.ts'
import type { Publication, Reaction, Rows } from '../runtime/decider.ts'

/**
 * Channels (supergroups and broadcasts) keep what happened once, under their own pts: nothing here costs more where there are
 * more members.
 */

const NO_BYTES = Buffer.alloc(0)
/** pts of a channel in which nothing has happened. */
export const FIRST_CHANNEL_PTS = 1

export const ptsOf = (chat: RowOf<typeof chats> | undefined): number => chat?.pts ?? FIRST_CHANNEL_PTS

/** What an event that moves a channel's pts by `count` carries of the row of `chats`. */
export function movedBy(rows: Rows, chatId: ChatId, count: number): { pts: number; counts: ChatCounts } {
  const chat = rows.get(chats, { chatId })
  const counts = {
    lastSeq: (chat?.lastSeq ?? 0) as MessageSeq,
    lastSenderId: (chat?.lastSenderId ?? 0) as UserId,
    lastOtherSeq: (chat?.lastOtherSeq ?? 0) as MessageSeq,
  }
  return { pts: ptsOf(chat) + count, counts }
}

/** How a channel's pts moves: to `pts`, by `ptsCount`. */
export interface ChannelMove {
  readonly chatId: ChatId
  readonly kind: 'message' | 'edit' | 'delete' | 'pin' | 'unpin'
  readonly pts: number
  readonly ptsCount: number
  readonly date: number
  readonly seq?: MessageSeq
  readonly seqs?: readonly MessageSeq[]
}

/** The rows of a move. */
export function projectMove(
  move: ChannelMove,
  { lastSeq, lastSenderId, lastOtherSeq }: ChatCounts,
): Mutation[] {
  const { chatId, pts, ptsCount, date, kind, seq = 0, seqs = [] } = move
  return [
    {
      kind: 'upsert',
      table: chats,
      row: { chatId, lastSeq, lastSenderId, lastOtherSeq, pts },
    },
    {
      kind: 'upsert',
      table: channelUpdates,
      row: { chatId, pts, ptsCount, date, kind, seq, seqs },
    },
  ]
}

type UpdateBody = Partial<Omit<ChatUpdate, 'type' | 'chatId' | 'kind' | 'date' | 'origin'>>
type Told = Pick<ChatUpdate, 'chatId' | 'kind' | 'date'>

/** One publication for all who hear of the chat. `origin` is the session that gets the answer instead. */
export function publish({ chatId, kind, date }: Told, body: UpdateBody, origin?: Buffer): Publication {
  const record: ChatUpdate = {
    type: 'ChatUpdate',
    chatId,
    kind,
    pts: 0,
    ptsCount: 0,
    date,
    seq: 0 as MessageSeq,
    seqs: [],
    senderId: 0 as UserId,
    silent: false,
    messageDate: 0,
    editDate: 0,
    replyToSeq: null,
    sealed: NO_BYTES,
    extra: null,
    expiresAt: 0,
    userIds: [],
    data: null,
    origin: origin ?? NO_BYTES,
    ...body,
  }
  return { kind: 'publication', channel: chatChannel(chatId), record }
}

/** The answer to a caller, if one waits, before the publication that its session is not sent. */
export function tellChannel(
  move: ChannelMove,
  { reply }: Pick<RecordHeader, 'reply'>,
  body: UpdateBody = {},
): Reaction[] {
  const { pts, ptsCount, seq = 0 as MessageSeq, seqs = [], date } = move
  const told = { pts, ptsCount, seq, seqs: [...seqs], ...body }
  if (reply === null) return [publish(move, told)]
  return [channelAnswer(reply, { seq, date, pts, ptsCount }), publish(move, told, reply.session)]
}

export function channelAnswer(
  reply: NonNullable<RecordHeader['reply']>,
  channel: NonNullable<Reply['channel']>,
): Reaction {
  return answer(reply, { channel })
}
