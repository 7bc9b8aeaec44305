import {
  authKeyKey,
  collectionKey,
  phoneKey,
  type UserId,
  userKey,
  usernameKey,
} from '@heliograph/schemas/avro'
import {
  adminDeeds,
  adminLog,
  alarms,
  albumPhotos,
  authKeys,
  authorizations,
  awaitedOnline,
  awaitedPhones,
  blocked,
  catalog,
  catalogIds,
  catalogOwned,
  catalogPrefixes,
  channelReads,
  channelStates,
  channelUpdates,
  chatInfos,
  chatInvites,
  chatLooks,
  chatMeasures,
  chatMembers,
  chatReads,
  chatRoles,
  chats,
  contacts,
  contentHolders,
  contents,
  dialogs,
  discussions,
  documentHolders,
  documentHolds,
  documents,
  drafts,
  editAudiences,
  inviteHashes,
  inviteUses,
  joinRequests,
  lastSends,
  leftChats,
  mailboxCounters,
  mailboxHistory,
  mailboxMessages,
  mailboxUpdates,
  mediaExpiries,
  memberMoves,
  messageCounters,
  messageGaps,
  messageKeepers,
  messageReactions,
  messageReactors,
  messages,
  messageTags,
  permanentInvites,
  phones,
  pinnedMessages,
  pollResults,
  polls,
  pollVotes,
  pollVotesByDate,
  postForwards,
  publicChats,
  type RowKey,
  reactedMessages,
  reactorsByDate,
  scheduledMessages,
  schedules,
  sentRandomIds,
  settings,
  shelves,
  type TableDeclaration,
  threadMessages,
  threads,
  topics,
  unreadMentions,
  unreadReactions,
  userChats,
  usernameCollections,
  usernamePrefixes,
  usernames,
  users,
} from '@heliograph/storage'
import type { TopicName } from '@heliograph/topics'

/** The topic of record that a row follows from, and the key of its records there. */
export interface Origin {
  readonly topic: TopicName
  readonly key: string
}

const ofChat = ({ chatId }: RowKey): Origin => ({ topic: 'chat.events', key: String(chatId) })
const ofMailbox = ({ userId }: RowKey): Origin => ({ topic: 'mailbox.events', key: String(userId) })
const ofAccount = (key: string): Origin => ({ topic: 'account.events', key })
const ofUser = ({ userId }: RowKey) => ofAccount(userKey(userId as UserId))
const ofUsername = ({ username }: RowKey) => ofAccount(usernameKey(String(username)))
const ofAuthKey = ({ authKeyId }: RowKey) => ofAccount(authKeyKey(String(authKeyId)))

const ofMedia = (key: string): Origin => ({ topic: 'media.events', key })
const ofDocument = ({ documentId }: RowKey) => ofMedia(`document:${documentId}`)
const ofContent = ({ name }: RowKey) => ofMedia(`file:${name}`)
/** Blobs to be erased are their content's. */
const ofExpiry = ({ key }: RowKey) => ofMedia(String(key).replace(/^blob:(.*)\.\d+$/, 'file:$1'))

const ofEntry = ({ kind, key }: RowKey) => ofMedia(`catalog:${kind}:${key}`)

const ORIGINS = new Map<TableDeclaration, (key: RowKey) => Origin>([
  ...[chats, messages, messageGaps, messageKeepers, chatReads, sentRandomIds].map(
    (table) => [table, ofChat] as const,
  ),
  ...[editAudiences, pinnedMessages, unreadMentions].map((table) => [table, ofChat] as const),
  ...[messageReactions, messageReactors, reactorsByDate, reactedMessages, messageTags, unreadReactions].map(
    (table) => [table, ofChat] as const,
  ),
  ...[polls, pollResults, pollVotes, pollVotesByDate, messageCounters].map(
    (table) => [table, ofChat] as const,
  ),
  ...[chatInfos, chatMembers, chatRoles, channelUpdates, channelReads, lastSends].map(
    (table) => [table, ofChat] as const,
  ),
  ...[chatInvites, inviteHashes, inviteUses, joinRequests, adminLog, userChats].map(
    (table) => [table, ofChat] as const,
  ),
  ...[adminDeeds, chatMeasures, memberMoves, leftChats, postForwards, publicChats].map(
    (table) => [table, ofChat] as const,
  ),
  [permanentInvites, ofChat],
  ...[alarms, awaitedOnline, scheduledMessages, schedules].map((table) => [table, ofChat] as const),
  ...[chatLooks, discussions, threadMessages, threads, topics].map((table) => [table, ofChat] as const),
  ...[mailboxCounters, mailboxHistory, mailboxMessages, mailboxUpdates, dialogs].map(
    (table) => [table, ofMailbox] as const,
  ),
  ...[users, contacts, blocked, drafts, settings, channelStates].map((table) => [table, ofUser] as const),
  ...[usernames, usernamePrefixes].map((table) => [table, ofUsername] as const),
  [usernameCollections, ({ userId }) => ofAccount(collectionKey(userId as UserId))],
  ...[documents, documentHolds, documentHolders].map((table) => [table, ofDocument] as const),
  ...[contents, contentHolders].map((table) => [table, ofContent] as const),
  [mediaExpiries, ofExpiry],
  ...[catalog, catalogIds, catalogOwned, catalogPrefixes].map((table) => [table, ofEntry] as const),
  [shelves, ({ userId }) => ofMedia(`shelf:${userId}`)],
  [albumPhotos, ({ owner }) => ofMedia(`album:${owner}`)],
  ...[authKeys, authorizations].map((table) => [table, ofAuthKey] as const),
  ...[phones, awaitedPhones].map(
    (table) => [table, ({ phoneHmac }: RowKey) => ofAccount(phoneKey(String(phoneHmac)))] as const,
  ),
])

/** Where a row comes from. Each row is written from one partition only, which orders its writes. */
export function originOf(table: TableDeclaration, key: RowKey): Origin {
  const origin = ORIGINS.get(table)
  if (origin === undefined) throw new Error(`${table.name} is not made of events`)
  return origin(key)
}

/** Every table that is made of events. */
export const replayedTables: readonly TableDeclaration[] = [...ORIGINS.keys()]
