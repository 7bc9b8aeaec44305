import {
  type ChatId,
  type ChatInfo,
  chatKindOf,
  type MessageExtra,
  type MessageSent,
  type MessageSeq,
  NO_EXTRA,
  peerIdOfChat,
  type ReturnedMember,
  type UserId,
} from '@heliograph/schemas/avro'
import { channelReads, chats, type RowRef } from '@heliograph/storage'
import type { At, Rows } from '../runtime/decider.ts'
import { awaitingAfter, marksOf } from './awaiting.ts'
import { ptsOf } from './channel.ts'
import { withMailbox } from './members.ts'
import { nextPlace } from './sent.ts'

/** What a command needs that brings a service message. */
export function serviceRefs(chatId: ChatId): RowRef[] {
  const refs: RowRef[] = [{ table: chats, key: { chatId } }]
  if (chatKindOf(chatId) === 'group') refs.push({ table: channelReads, key: { chatId } })
  return refs
}

/** A message of a chat that tells what happened in it. */
export interface ServiceDraft {
  readonly chatId: ChatId
  /** The chat as it is after what the message tells. The members of a private chat or basic group get it. */
  readonly info: Pick<ChatInfo, 'members' | 'ttlSeconds'> & { readonly kind: ChatInfo['kind'] | 'private' }
  readonly byUserId: UserId
  /** A sealed `MessageContent` with its action. */
  readonly sealed: Buffer
  readonly randomId: bigint
  readonly replyToSeq?: MessageSeq
  readonly extra?: Partial<MessageExtra>
  /** Who is not in a basic group any more and gets it all the same. */
  readonly alsoTo?: readonly UserId[]
  readonly returned?: readonly ReturnedMember[]
  /** False where another event of the decision answers the caller. */
  readonly answers?: boolean
  /** Channels: by how much events before it in the same decision move pts. */
  readonly movedBefore?: number
}

const PLAIN: MessageExtra = { ...NO_EXTRA, service: true }

/** The event of a service message; `serviceRefs` have been loaded. */
export function serviceMessage(rows: Rows, draft: ServiceDraft, at: At): MessageSent {
  const { chatId, info, byUserId, alsoTo = [], returned = [], answers = true } = draft
  const chat = rows.get(chats, { chatId })
  const isChannel = chatKindOf(chatId) === 'channel'
  const place = nextPlace(chat, byUserId)
  const postAs = info.kind === 'broadcast' ? peerIdOfChat(chatId) : null
  return {
    type: 'MessageSent',
    chatId,
    ...place,
    senderId: byUserId,
    date: at.date,
    randomId: draft.randomId,
    sealed: draft.sealed,
    replyToSeq: draft.replyToSeq ?? null,
    silent: false,
    members: isChannel ? [] : withMailbox([...new Set([...info.members, ...alsoTo])]),
    extra: { ...PLAIN, postAs, ...draft.extra, service: true },
    words: null,
    pts: isChannel ? ptsOf(chat) + (draft.movedBefore ?? 0) + 1 : 0,
    expiresAt: info.ttlSeconds > 0 ? at.date + info.ttlSeconds : 0,
    ...(info.kind === 'group' ? { awaiting: awaited(rows, draft, place.seq) } : {}),
    ...(returned.length === 0 ? {} : { returned: [...returned] }),
    ...(answers ? {} : { answers }),
  }
}

function awaited(rows: Rows, { chatId, info, byUserId }: ServiceDraft, seq: MessageSeq): number[] {
  const before = rows.get(chats, { chatId })?.awaiting ?? []
  return awaitingAfter(before, marksOf(rows, chatId), byUserId, seq, info.members)
}
