import type { TableDeclaration } from '../table.ts'

export const authKeys = {
  name: 'auth_keys',
  columns: {
    authKeyId: 'text',
    sealedKey: 'blob',
    firstSalt: 'int64',
    expiresAt: 'int',
    permanentKeyId: 'text',
    userId: 'bigint',
    layer: 'int',
    client: 'blob',
    createdAt: 'int',
    loggedInAt: 'int',
    activeAt: 'int',
  },
  partitionKey: ['authKeyId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** The logged-in (permanent) keys of a user: its sessions list. */
export const authorizations = {
  name: 'authorizations',
  columns: {
    userId: 'bigint',
    authKeyId: 'text',
    layer: 'int',
    client: 'blob',
    createdAt: 'int',
    activeAt: 'int',
  },
  partitionKey: ['userId'],
  clusteringKey: ['authKeyId'],
} as const satisfies TableDeclaration

export const phones = {
  name: 'phones',
  columns: { phoneHmac: 'text', userId: 'bigint' },
  partitionKey: ['phoneHmac'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** Who wants to hear when a number gets an account. */
export const awaitedPhones = {
  name: 'awaited_phones',
  columns: { phoneHmac: 'text', userId: 'bigint', date: 'int' },
  partitionKey: ['phoneHmac'],
  clusteringKey: ['userId'],
} as const satisfies TableDeclaration

/** `profile` and `privacy` are sealed; a deleted account keeps its row, without them. */
export const users = {
  name: 'users',
  columns: {
    userId: 'bigint',
    phoneHmac: 'text',
    profile: 'blob',
    username: 'text',
    createdAt: 'int',
    privacy: 'blob',
    activeAt: 'int',
    deletedAt: 'int',
  },
  partitionKey: ['userId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** Lower-case username → who has it, as a peer: a user, or a channel. */
export const usernames = {
  name: 'usernames',
  columns: { username: 'text', userId: 'bigint' },
  partitionKey: ['username'],
  clusteringKey: [],
} as const satisfies TableDeclaration

export const USERNAME_PREFIX_LENGTH = 3

/** Lower-case usernames that begin alike live together, so that a search by their beginning is one range. */
export const usernamePrefixes = {
  name: 'username_prefixes',
  columns: { prefix: 'text', username: 'text', userId: 'bigint' },
  partitionKey: ['prefix'],
  clusteringKey: ['username'],
} as const satisfies TableDeclaration

/** The usernames that a user or channel (as a peer) was given beside its own. */
export const usernameCollections = {
  name: 'username_collections',
  columns: {
    userId: 'bigint',
    usernames: 'list<text>',
    /** Those of them that are shown. */
    active: 'list<text>',
    /** Lower case; the chosen name stands in it too. */
    ordered: 'list<text>',
  },
  partitionKey: ['userId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

export const contacts = {
  name: 'contacts',
  columns: { userId: 'bigint', contactId: 'bigint', sealed: 'blob', date: 'int' },
  partitionKey: ['userId'],
  clusteringKey: ['contactId'],
} as const satisfies TableDeclaration

export const blocked = {
  name: 'blocked',
  columns: { userId: 'bigint', peerId: 'bigint', date: 'int' },
  partitionKey: ['userId'],
  clusteringKey: ['peerId'],
} as const satisfies TableDeclaration

export const drafts = {
  name: 'drafts',
  columns: { userId: 'bigint', peerId: 'bigint', sealed: 'blob', replyToMsgId: 'int', date: 'int' },
  partitionKey: ['userId'],
  clusteringKey: ['peerId'],
} as const satisfies TableDeclaration

export const settings = {
  name: 'settings',
  columns: { userId: 'bigint', name: 'text', sealed: 'blob' },
  partitionKey: ['userId'],
  clusteringKey: ['name'],
} as const satisfies TableDeclaration

/** What a user has done with a channel, and only the user's own actor knows. */
export const channelStates = {
  name: 'channel_states',
  columns: {
    userId: 'bigint',
    chatId: 'text',
    /** The last seq that the user has read. */
    readSeq: 'int',
    /** Everything up to it was cleared by the user for itself. */
    clearedSeq: 'int',
    date: 'int',
  },
  partitionKey: ['userId'],
  clusteringKey: ['chatId'],
} as const satisfies TableDeclaration
