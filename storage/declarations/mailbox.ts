import type { TableDeclaration } from '../table.ts'

/** The counters of one user. `offset` is the last record of `mailbox.events` that they include (-1 none). pts starts at 1. */
export const mailboxCounters = {
  name: 'mailbox_counters',
  columns: { userId: 'bigint', msgId: 'int', pts: 'int', date: 'int', offset: 'bigint' },
  partitionKey: ['userId'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** A user's messages of one peer, in chat order. `incomingCount` counts incoming messages of the peer up to and with it. */
export const mailboxHistory = {
  name: 'mailbox_history',
  columns: {
    userId: 'bigint',
    peerId: 'bigint',
    seq: 'int',
    msgId: 'int',
    senderId: 'bigint',
    out: 'boolean',
    date: 'int',
    /** 0 none */
    replyToMsgId: 'int',
    incomingCount: 'int',
    /** Kept as a tombstone, so that ids and counts stay resolvable. */
    deleted: 'boolean',
  },
  partitionKey: ['userId', 'peerId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

/** Where a user's message id is: (peer, seq). */
export const mailboxMessages = {
  name: 'mailbox_messages',
  columns: { userId: 'bigint', msgId: 'int', peerId: 'bigint', seq: 'int' },
  partitionKey: ['userId'],
  clusteringKey: ['msgId'],
} as const satisfies TableDeclaration

/**
 * Everything that moved a user's pts; the source of `updates.getDifference`. `kind` as in the bus record `MailboxUpdate`.
 * What is still unread (read-in) is not kept here: `dialogs.unread` has what holds now.
 */
export const mailboxUpdates = {
  name: 'mailbox_updates',
  columns: {
    userId: 'bigint',
    pts: 'int',
    ptsCount: 'int',
    date: 'int',
    kind: 'text',
    peerId: 'bigint',
    msgId: 'int',
    seq: 'int',
    msgIds: 'list<int>',
  },
  partitionKey: ['userId'],
  clusteringKey: ['pts'],
} as const satisfies TableDeclaration

/** One conversation of one user, as the mailbox fold counts it. */
export const dialogs = {
  name: 'dialogs',
  columns: {
    userId: 'bigint',
    peerId: 'bigint',
    /** The last message ever; where it is deleted since, readers look for the one before. */
    topSeq: 'int',
    topMsgId: 'int',
    topDate: 'int',
    incomingCount: 'int',
    /** Messages that are not deleted. */
    messageCount: 'int',
    unread: 'int',
    readInSeq: 'int',
    readInMaxId: 'int',
    readOutSeq: 'int',
    readOutMaxId: 'int',
    /** Incoming seqs above readInSeq that were deleted while unread, so that counts stay exact; the highest `MAX_DELETED_UNREAD`. */
    deletedUnread: 'list<int>',
    /** The last record of `mailbox.events` that it includes; it may be ahead of the counters after a crash. */
    offset: 'bigint',
  },
  partitionKey: ['userId'],
  clusteringKey: ['peerId'],
} as const satisfies TableDeclaration

export const MAX_DELETED_UNREAD = 1000
