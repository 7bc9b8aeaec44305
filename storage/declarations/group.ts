import type { TableDeclaration } from '../table.ts'

/** Groups and channels themselves: written by the message actor of the chat, rows by user or hash included. */

/** The columns of `ChatInfo`. */
export const chatInfos = {
  name: 'chat_infos',
  columns: {
    chatId: 'text',
    kind: 'text',
    version: 'int',
    creatorId: 'bigint',
    createdAt: 'int',
    profile: 'blob',
    username: 'text',
    flags: 'list<text>',
    defaultBanned: 'int',
    slowModeSeconds: 'int',
    ttlSeconds: 'int',
    linkedChatId: 'text',
    migratedTo: 'text',
    migratedFrom: 'text',
    migratedMaxSeq: 'int',
    /** Absent: all reactions. */
    reactions: 'list<text>',
    allReactions: 'boolean',
    reactionsLimit: 'int',
    members: 'list<bigint>',
    adminIds: 'list<bigint>',
    participants: 'int',
    kicked: 'int',
    banned: 'int',
    /** Ids in decimal. */
    files: 'list<text>',
  },
  partitionKey: ['chatId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** The columns of `ChatMember`; past members as well. */
export const chatMembers = {
  name: 'chat_members',
  columns: {
    chatId: 'text',
    peerId: 'bigint',
    status: 'text',
    isIn: 'boolean',
    rights: 'int',
    banned: 'int',
    untilDate: 'int',
    rank: 'blob',
    inviterId: 'bigint',
    actorId: 'bigint',
    date: 'int',
    invite: 'text',
    viaRequest: 'boolean',
    minSeq: 'int',
  },
  partitionKey: ['chatId'],
  clusteringKey: ['peerId'],
} as const satisfies TableDeclaration

/** Members by role: `admin` (the creator too), `kicked`, `banned`. */
export const chatRoles = {
  name: 'chat_roles',
  columns: { chatId: 'text', role: 'text', peerId: 'bigint' },
  partitionKey: ['chatId', 'role'],
  clusteringKey: ['peerId'],
} as const satisfies TableDeclaration

/** Groups and channels that a user is in. */
export const userChats = {
  name: 'user_chats',
  columns: { userId: 'bigint', chatId: 'text', date: 'int' },
  partitionKey: ['userId'],
  clusteringKey: ['chatId'],
} as const satisfies TableDeclaration

/** Parts that public chats are divided into, by their numbers. */
export const PUBLIC_CHAT_BUCKETS = 16

/** Channels and supergroups with public names. */
export const publicChats = {
  name: 'public_chats',
  columns: { bucket: 'int', chatId: 'text' },
  partitionKey: ['bucket'],
  clusteringKey: ['chatId'],
} as const satisfies TableDeclaration

/** Channels that a user has left; not those that it was removed from. */
export const leftChats = {
  name: 'left_chats',
  columns: { userId: 'bigint', chatId: 'text', date: 'int' },
  partitionKey: ['userId'],
  clusteringKey: ['chatId'],
} as const satisfies TableDeclaration

/** Everything that moved a channel's pts; the source of `updates.getChannelDifference`. `kind` as in `ChatUpdate`. */
export const channelUpdates = {
  name: 'channel_updates',
  columns: {
    chatId: 'text',
    pts: 'int',
    ptsCount: 'int',
    date: 'int',
    kind: 'text',
    seq: 'int',
    seqs: 'list<int>',
  },
  partitionKey: ['chatId'],
  clusteringKey: ['pts'],
} as const satisfies TableDeclaration

/** How far the two members who are furthest have read a channel: senders see the furthest other than themselves. */
export const channelReads = {
  name: 'channel_reads',
  columns: { chatId: 'text', topReaderId: 'bigint', topReadSeq: 'int', secondReadSeq: 'int' },
  partitionKey: ['chatId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** When a member last sent, for the slow mode. */
export const lastSends = {
  name: 'last_sends',
  columns: {
    chatId: 'text',
    userId: 'bigint',
    date: 'int',
    /** Of its album, whose messages come together. */
    groupedId: 'int64',
  },
  partitionKey: ['chatId', 'userId'],
  clusteringKey: [],
  ttlSeconds: 3600,
} as const satisfies TableDeclaration

/** The columns of `ChatInvite`, with the chat. */
const inviteColumns = {
  chatId: 'text',
  adminId: 'bigint',
  hash: 'text',
  title: 'blob',
  date: 'int',
  startDate: 'int',
  expireDate: 'int',
  usageLimit: 'int',
  usage: 'int',
  requested: 'int',
  requestNeeded: 'boolean',
  revoked: 'boolean',
  permanent: 'boolean',
} as const

/** Invite links by administrator. */
export const chatInvites = {
  name: 'chat_invites',
  columns: inviteColumns,
  partitionKey: ['chatId'],
  clusteringKey: ['adminId', 'hash'],
} as const satisfies TableDeclaration

/** The permanent link that each administrator has now. */
export const permanentInvites = {
  name: 'permanent_invites',
  columns: inviteColumns,
  partitionKey: ['chatId'],
  clusteringKey: ['adminId'],
} as const satisfies TableDeclaration

/**
 * Every link by its hash, whole, so that whoever has only that finds chat, owner and conditions at once; the chat's id is in the
 * key so that a row tells whose events made it.
 */
export const inviteHashes = {
  name: 'invite_hashes',
  columns: inviteColumns,
  partitionKey: ['hash'],
  clusteringKey: ['chatId'],
} as const satisfies TableDeclaration

/** Who came by a link, or asked to. */
export const inviteUses = {
  name: 'invite_uses',
  columns: {
    chatId: 'text',
    hash: 'text',
    userId: 'bigint',
    date: 'int',
    requested: 'boolean',
    approvedBy: 'bigint',
  },
  partitionKey: ['chatId', 'hash'],
  clusteringKey: ['userId'],
} as const satisfies TableDeclaration

/** Requests to join that nobody has answered. */
export const joinRequests = {
  name: 'join_requests',
  columns: { chatId: 'text', userId: 'bigint', date: 'int', invite: 'text' },
  partitionKey: ['chatId'],
  clusteringKey: ['userId'],
} as const satisfies TableDeclaration

/** What administrators did, for 48 hours as the protocol shows it. `sealed` is a `channelAdminLogEventAction`. */
export const adminLog = {
  name: 'admin_log',
  columns: { chatId: 'text', eventId: 'bigint', date: 'int', userId: 'bigint', kind: 'text', sealed: 'blob' },
  partitionKey: ['chatId'],
  clusteringKey: ['eventId'],
  ttlSeconds: 48 * 3600,
} as const satisfies TableDeclaration
