import type { TableDeclaration } from '../table.ts'

/** Reactions to messages: written by the message actor of the chat. A message without any has no row. */
export const messageReactions = {
  name: 'message_reactions',
  columns: {
    chatId: 'text',
    seq: 'int',
    /** `<count>:<reaction>` */
    counts: 'list<text>',
    /** `<user id>:<date>:<1 if big>:<reaction>`, newest first. */
    recent: 'list<text>',
  },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

/** What each user has said to a message. */
export const messageReactors = {
  name: 'message_reactors',
  columns: {
    chatId: 'text',
    seq: 'int',
    userId: 'bigint',
    reactions: 'list<text>',
    date: 'int',
    big: 'boolean',
  },
  partitionKey: ['chatId', 'seq'],
  clusteringKey: ['userId'],
} as const satisfies TableDeclaration

/** The same, in order of time. */
export const reactorsByDate = {
  name: 'reactors_by_date',
  columns: {
    chatId: 'text',
    seq: 'int',
    date: 'int',
    userId: 'bigint',
    reactions: 'list<text>',
    big: 'boolean',
  },
  partitionKey: ['chatId', 'seq'],
  clusteringKey: ['date', 'userId'],
} as const satisfies TableDeclaration

/** Messages that a user has reacted to in a group or channel, so that what it said can be taken away. */
export const reactedMessages = {
  name: 'reacted_messages',
  columns: { chatId: 'text', userId: 'bigint', seq: 'int' },
  partitionKey: ['chatId', 'userId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

/** Saved Messages: reactions are tags. */
export const messageTags = {
  name: 'message_tags',
  columns: { chatId: 'text', reaction: 'text', seq: 'int' },
  partitionKey: ['chatId'],
  clusteringKey: ['reaction', 'seq'],
} as const satisfies TableDeclaration

/** Messages of a user with reactions or votes (`kind`) that it has not seen yet. */
export const unreadReactions = {
  name: 'unread_reactions',
  columns: { userId: 'bigint', kind: 'text', chatId: 'text', seq: 'int' },
  partitionKey: ['userId', 'kind'],
  clusteringKey: ['chatId', 'seq'],
} as const satisfies TableDeclaration
