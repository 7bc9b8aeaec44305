import type { TableDeclaration } from '../table.ts'

/** Polls, and counters of posts: written by the message actor of the chat. */

/** What has to be known of a poll without opening its message: the columns of `PollFacts`. */
export const polls = {
  name: 'polls',
  columns: {
    chatId: 'text',
    seq: 'int',
    authorId: 'bigint',
    pollId: 'int64',
    /** In hexadecimal. */
    options: 'list<text>',
    multiple: 'boolean',
    quiz: 'boolean',
    publicVoters: 'boolean',
    noRevote: 'boolean',
    hiddenResults: 'boolean',
    correct: 'list<int>',
    /** Unix seconds; 0 none. */
    closeDate: 'int',
    /** When it was closed by hand; 0 never. */
    closedAt: 'int',
  },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

/** No row: nobody has voted. */
export const pollResults = {
  name: 'poll_results',
  columns: {
    chatId: 'text',
    seq: 'int',
    /** By option. */
    counts: 'list<int>',
    voters: 'int',
    /** Newest first. */
    recent: 'list<bigint>',
  },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

export const pollVotes = {
  name: 'poll_votes',
  columns: { chatId: 'text', seq: 'int', userId: 'bigint', options: 'list<int>', date: 'int' },
  partitionKey: ['chatId', 'seq'],
  clusteringKey: ['userId'],
} as const satisfies TableDeclaration

/** Of polls that show who votes: the votes in order of time. */
export const pollVotesByDate = {
  name: 'poll_votes_by_date',
  columns: { chatId: 'text', seq: 'int', date: 'int', userId: 'bigint', options: 'list<int>' },
  partitionKey: ['chatId', 'seq'],
  clusteringKey: ['date', 'userId'],
} as const satisfies TableDeclaration

/** How often a post was seen and forwarded. */
export const messageCounters = {
  name: 'message_counters',
  columns: { chatId: 'text', seq: 'int', views: 'int', forwards: 'int' },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration
