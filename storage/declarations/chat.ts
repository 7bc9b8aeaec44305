import type { TableDeclaration } from '../table.ts'

/** State of a chat as its actor needs it. */
export const chats = {
  name: 'chats',
  columns: {
    chatId: 'text',
    lastSeq: 'int',
    lastSenderId: 'bigint',
    /** The last message by anybody but `lastSenderId`; 0 none. With it, what a member has not read is known. */
    lastOtherSeq: 'int',
    /** Channels: pts after everything that happened. */
    pts: 'int',
    /**
     * Basic groups: members who wait for somebody to read what they sent. Three numbers each: the user, the first seq that
     * nobody may have read, and the last that it sent.
     */
    awaiting: 'list<bigint>',
    /** Private chats: new messages are deleted after so many seconds; absent or 0 never. */
    ttlSeconds: 'int',
  },
  partitionKey: ['chatId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** Message bodies, sealed, stored once per message. The row goes when nobody keeps the message. */
export const messages = {
  name: 'messages',
  columns: {
    chatId: 'text',
    seq: 'int',
    senderId: 'bigint',
    randomId: 'int64',
    date: 'int',
    /** 0 where never edited. */
    editDate: 'int',
    silent: 'boolean',
    replyToSeq: 'int',
    /** All that it was sent to; who keeps it still is in `message_keepers`. */
    members: 'list<bigint>',
    sealed: 'blob',
    /** Keyed fingerprints of its words, packed, for searches; null where only opening it tells. */
    words: 'blob',
    /** `MessageSent.mentioned` */
    mentions: 'list<bigint>',
    /** What `MessageExtra` has, as far as readers need it; see there. */
    kinds: 'list<text>',
    /** Ids in decimal. */
    files: 'list<text>',
    threadSeq: 'int',
    postAs: 'bigint',
    groupedId: 'int64',
    /** The message that it is a copy of; with `sealedThere` its body opens with that chat's key. */
    copyOfChatId: 'text',
    copyOfSeq: 'int',
    sealedThere: 'boolean',
    service: 'boolean',
    /** Unix seconds; 0 never. */
    expiresAt: 'int',
  },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

/**
 * Channels: how many messages are deleted of those with the seqs from `block * GAP_BLOCK_SEQS` on, `GAP_BLOCK_SEQS` of them. No row:
 * none.
 */
export const messageGaps = {
  name: 'message_gaps',
  columns: { chatId: 'text', block: 'int', deleted: 'int' },
  partitionKey: ['chatId'],
  clusteringKey: ['block'],
} as const satisfies TableDeclaration

/** Messages that some have deleted for themselves, and who keeps them. No row: all of the message's `members`. */
export const messageKeepers = {
  name: 'message_keepers',
  columns: { chatId: 'text', seq: 'int', keptBy: 'list<bigint>' },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

/**
 * Basic groups: who was told of the last change of a message's body, and its edit date then. Who has left since and is not among them
 * is not to see the body. No row: it is as it was sent.
 */
export const editAudiences = {
  name: 'edit_audiences',
  columns: { chatId: 'text', seq: 'int', editDate: 'int', toldTo: 'list<bigint>' },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

export const RANDOM_ID_TTL_SECONDS = 7 * 24 * 3600

/** What (sender, random id) became, so that a repeated send runs once. */
export const sentRandomIds = {
  name: 'sent_random_ids',
  columns: {
    chatId: 'text',
    senderId: 'bigint',
    randomId: 'int64',
    seq: 'int',
    /** Channels: when it was sent. */
    date: 'int',
  },
  partitionKey: ['chatId', 'senderId', 'randomId'],
  clusteringKey: [],
  ttlSeconds: RANDOM_ID_TTL_SECONDS,
} as const satisfies TableDeclaration

/** How far each member has read, by seq. */
export const chatReads = {
  name: 'chat_reads',
  columns: { chatId: 'text', userId: 'bigint', upToSeq: 'int', date: 'int' },
  partitionKey: ['chatId'],
  clusteringKey: ['userId'],
} as const satisfies TableDeclaration

/** Messages that are pinned. `pinnedFor`: in a private chat, those who see it so; empty for all. */
export const pinnedMessages = {
  name: 'pinned_messages',
  columns: { chatId: 'text', seq: 'int', date: 'int', byUserId: 'bigint', pinnedFor: 'list<bigint>' },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

/** Messages of a group or channel that mention a user who has not seen that yet. */
export const unreadMentions = {
  name: 'unread_mentions',
  columns: { userId: 'bigint', chatId: 'text', seq: 'int' },
  partitionKey: ['userId', 'chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration
