import {
  accountDecider,
  messageDecider,
  notificationFold,
  type ReplayOptions,
  type ReplayPart,
  replayParts,
} from '@heliograph/actors'
import { type UserId, userKey } from '@heliograph/schemas/avro'
import {
  blocked,
  channelReads,
  channelUpdates,
  chatInfos,
  chatInvites,
  chatLooks,
  chatMembers,
  chatReads,
  chats,
  contacts,
  dialogs,
  drafts,
  editAudiences,
  joinRequests,
  mailboxCounters,
  mailboxHistory,
  mailboxMessages,
  mailboxUpdates,
  messageCounters,
  messageGaps,
  messageKeepers,
  messageReactions,
  messages,
  messageTags,
  permanentInvites,
  pinnedMessages,
  pollResults,
  polls,
  type RowKey,
  settings,
  type TableDeclaration,
  threads,
  topics,
  users,
} from '@heliograph/storage'
import { partitionOf } from '@heliograph/topics'

/** One actor whose rows can be rebuilt by themselves, and the rows that it alone writes. */
export interface Scope {
  /** Opens the part of the replay that holds the actor's records; other actors' records are passed over. */
  part(ports: Pick<ReplayOptions, 'log' | 'codec' | 'tables'>): Promise<ReplayPart>
  /** Tables with one partition of rows of this actor, and that partition's key. */
  readonly owned: readonly { readonly table: TableDeclaration; readonly key: RowKey }[]
}

/** Tables whose partitions are chats. */
const CHAT_TABLES: readonly TableDeclaration[] = [
  channelReads,
  channelUpdates,
  chatInfos,
  chatInvites,
  chatLooks,
  chatMembers,
  chatReads,
  chats,
  editAudiences,
  joinRequests,
  messageCounters,
  messageGaps,
  messageKeepers,
  messageReactions,
  messages,
  messageTags,
  permanentInvites,
  pinnedMessages,
  pollResults,
  polls,
  threads,
  topics,
]

export const chatScope = (chatId: string): Scope => ({
  part: (ports) =>
    partFor({ ...ports, deciders: [messageDecider], folds: [], wants: (key) => key === chatId }, chatId),
  owned: CHAT_TABLES.map((table) => ({ table, key: { chatId } })),
})

/** What a user set up, and what it received, are two actors. */
export function userScopes(userId: UserId): Scope[] {
  const account = userKey(userId)
  const mailbox = String(userId)
  const owned = (tables: readonly TableDeclaration[]) => tables.map((table) => ({ table, key: { userId } }))
  return [
    {
      part: (ports) =>
        partFor(
          { ...ports, deciders: [accountDecider], folds: [], wants: (key) => key === account },
          account,
        ),
      owned: owned([users, contacts, blocked, drafts, settings]),
    },
    {
      part: (ports) =>
        partFor(
          { ...ports, deciders: [], folds: [notificationFold], wants: (key) => key === mailbox },
          mailbox,
        ),
      owned: owned([mailboxCounters, mailboxMessages, mailboxUpdates, dialogs]),
    },
  ]
}

/** Rows that hang on others: a user's history is one partition for each of its dialogs. */
export function historyPartition(userId: number, peerId: number) {
  return { table: mailboxHistory, key: { userId, peerId } }
}

/** The part of the partition that holds `key`. */
async function partFor(options: ReplayOptions, key: string): Promise<ReplayPart> {
  const parts = await replayParts(options)
  const found = parts.find(
    ({ topic, partition }) => partition === partitionOf(key, options.log.partitions(topic)),
  )
  if (found === undefined) throw new Error(`no partition holds ${key}`)
  return found
}
