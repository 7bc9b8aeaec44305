import type { TableDeclaration } from '../table.ts'

/**
 * What statistics of channels are made of: written by the message actor of the chat from its events, by days (of UTC, counted from
 * 1970), and gone after `STATISTICS_DAYS`.
 */
export const STATISTICS_DAYS = 90
const ttlSeconds = STATISTICS_DAYS * 24 * 3600

/**
 * How much there was of something at the end of each hour in which that changed. `kind`: members (of the chat; seq 0), and of
 * a message views, forwards, or `reaction:<reaction>`.
 */
export const chatMeasures = {
  name: 'chat_measures',
  columns: { chatId: 'text', day: 'int', kind: 'text', seq: 'int', hour: 'int', value: 'int' },
  partitionKey: ['chatId', 'day'],
  clusteringKey: ['kind', 'seq', 'hour'],
  ttlSeconds,
} as const satisfies TableDeclaration

/** Who came (`in`) and who went (`out`) on a day, once each. `source`: link, request, name, added; empty for who went. */
export const memberMoves = {
  name: 'member_moves',
  columns: {
    chatId: 'text',
    day: 'int',
    move: 'text',
    userId: 'bigint',
    source: 'text',
    inviterId: 'bigint',
    date: 'int',
  },
  partitionKey: ['chatId', 'day'],
  clusteringKey: ['move', 'userId'],
  ttlSeconds,
} as const satisfies TableDeclaration

/** What administrators did to others. `deed`: deleted (messages), kicked, banned. */
export const adminDeeds = {
  name: 'admin_deeds',
  columns: { chatId: 'text', day: 'int', logId: 'bigint', userId: 'bigint', deed: 'text', count: 'int' },
  partitionKey: ['chatId', 'day'],
  clusteringKey: ['logId'],
  ttlSeconds,
} as const satisfies TableDeclaration

/** Where posts of a channel have been forwarded to in other channels; written by the actor of the channel with the copy. */
export const postForwards = {
  name: 'post_forwards',
  columns: { postChatId: 'text', postSeq: 'int', date: 'int', chatId: 'text', seq: 'int' },
  partitionKey: ['postChatId', 'postSeq'],
  clusteringKey: ['date', 'chatId', 'seq'],
} as const satisfies TableDeclaration
