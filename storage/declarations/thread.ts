import type { TableDeclaration } from '../table.ts'

/** The columns of `ThreadState`: what stands in a thread of a channel. */
export const threads = {
  name: 'threads',
  columns: { chatId: 'text', topSeq: 'int', replies: 'int', lastSeq: 'int', repliers: 'list<bigint>' },
  partitionKey: ['chatId'],
  clusteringKey: ['topSeq'],
} as const satisfies TableDeclaration

/** Messages of a thread that are not deleted. */
export const threadMessages = {
  name: 'thread_messages',
  columns: { chatId: 'text', topSeq: 'int', seq: 'int', senderId: 'bigint' },
  partitionKey: ['chatId', 'topSeq'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

/** The message in a discussion group under which a post of a broadcast channel is commented. */
export const discussions = {
  name: 'discussions',
  columns: { postChatId: 'text', postSeq: 'int', chatId: 'text', topSeq: 'int' },
  partitionKey: ['postChatId'],
  clusteringKey: ['postSeq', 'chatId'],
} as const satisfies TableDeclaration

/** Topics of forums, deleted ones as well. `title` is sealed. */
export const topics = {
  name: 'topics',
  columns: {
    chatId: 'text',
    topSeq: 'int',
    creatorId: 'bigint',
    postAs: 'bigint',
    date: 'int',
    title: 'blob',
    iconColor: 'int',
    iconEmojiId: 'int64',
    closed: 'boolean',
    hidden: 'boolean',
    pinned: 'int',
    deleted: 'boolean',
  },
  partitionKey: ['chatId'],
  clusteringKey: ['topSeq'],
} as const satisfies TableDeclaration
