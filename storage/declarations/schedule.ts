import type { TableDeclaration } from '../table.ts'

/** Messages to be sent later, whole. `extra` is a `MessageExtra` in JSON. */
export const scheduledMessages = {
  name: 'scheduled_messages',
  columns: {
    chatId: 'text',
    senderId: 'bigint',
    id: 'int',
    randomId: 'int64',
    replyToSeq: 'int',
    silent: 'boolean',
    sealed: 'blob',
    extra: 'text',
    words: 'blob',
    dueAt: 'int',
    date: 'int',
    editDate: 'int',
  },
  partitionKey: ['chatId', 'senderId'],
  clusteringKey: ['id'],
} as const satisfies TableDeclaration

/** Which messages a sender has scheduled in a chat: their ids, and random ids in decimal, in the same order. */
export const schedules = {
  name: 'schedules',
  columns: {
    chatId: 'text',
    senderId: 'bigint',
    ids: 'list<int>',
    randomIds: 'list<text>',
    lastId: 'int',
  },
  partitionKey: ['chatId', 'senderId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** Parts that alarms are kept in, so that none gets too large and nobody has to ask many. */
export const ALARM_SHARDS = 8

/**
 * What is due when (Unix seconds). `what`: scheduled (`id` of `ownerId`), expire (the message with seq `id`). A row goes when an
 * event says that it has been seen to.
 */
export const alarms = {
  name: 'alarms',
  columns: { shard: 'int', dueAt: 'int', chatId: 'text', what: 'text', ownerId: 'bigint', id: 'int' },
  partitionKey: ['shard'],
  clusteringKey: ['dueAt', 'chatId', 'what', 'ownerId', 'id'],
} as const satisfies TableDeclaration

/** Messages that wait until a user is online. */
export const awaitedOnline = {
  name: 'awaited_online',
  columns: { userId: 'bigint', chatId: 'text', senderId: 'bigint', id: 'int' },
  partitionKey: ['userId'],
  clusteringKey: ['chatId', 'senderId', 'id'],
} as const satisfies TableDeclaration
