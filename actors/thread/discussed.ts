import {
  type ChatId,
  chatKindOf,
  type MessageSent,
  type MessagesPinned,
  numberOfChat,
  peerIdOfChat,
  type SendMessage,
} from '@heliograph/schemas/avro'
import { discussions, type Mutation } from '@heliograph/storage'
import type { Consequence } from '../runtime/decider.ts'

/**
 * Posts of a broadcast channel with a discussion group: each is copied there, pinned, and commented under its copy. The copy has the
 * body as it was sealed for the channel. Source: core.telegram.org/api/discussion.
 */

const SEQ_BITS = 24n
const ID_BITS = 64

/** The same post is copied once into a group, however often the channel's actor says so. */
function randomIdOf(chatId: ChatId, seq: number): bigint {
  return BigInt.asIntN(ID_BITS, (BigInt(numberOfChat(chatId)) << SEQ_BITS) | BigInt(seq))
}

/** What the actor of the discussion group is told of a post. */
export function copyToDiscussion({ discussedIn, ...post }: MessageSent): Consequence[] {
  if (discussedIn === undefined || discussedIn === null) return []
  const { chatId, seq, senderId, sealed, silent, extra, words } = post
  const record: SendMessage = {
    type: 'SendMessage',
    chatId: discussedIn,
    senderId,
    randomId: randomIdOf(chatId, seq),
    sealed,
    replyToSeq: null,
    silent,
    extra: {
      mentions: [],
      kinds: extra?.kinds ?? [],
      files: extra?.files ?? [],
      poll: null,
      threadSeq: null,
      postAs: peerIdOfChat(chatId),
      groupedId: extra?.groupedId ?? null,
      copyOf: { chatId, seq, sealedThere: true },
      service: false,
      noForwards: extra?.noForwards ?? false,
    },
    words,
  }
  return [{ kind: 'record', topic: 'chat.commands', key: discussedIn, record, reply: null }]
}

/** Copies are pinned, without a word about it. */
export function pinCopy(event: MessageSent): MessagesPinned {
  const { chatId, seq, senderId, date, pts, lastOtherSeq } = event
  return {
    type: 'MessagesPinned',
    chatId,
    byUserId: senderId,
    messages: [{ seq, told: [], pinnedFor: [] }],
    pinned: true,
    date,
    pts: pts + 1,
    counts: { lastSeq: seq, lastSenderId: senderId, lastOtherSeq },
    answers: false,
  }
}

/** Where a post is commented: found by the post. */
export function projectCopy({ chatId, seq, extra }: MessageSent): Mutation[] {
  const copyOf = extra?.copyOf ?? null
  if (copyOf === null || !copyOf.sealedThere || chatKindOf(chatId) !== 'channel') return []
  const row = { postChatId: copyOf.chatId, postSeq: copyOf.seq, chatId, topSeq: seq }
  return [{ kind: 'upsert', table: discussions, row }]
}
