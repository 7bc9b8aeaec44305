import {
  type AnyRow,
  adminLog,
  channelReads,
  channelUpdates,
  chatInfos,
  chatInvites,
  chatMembers,
  chatReads,
  chatRoles,
  chats,
  inviteHashes,
  joinRequests,
  messages,
  pinnedMessages,
  sentRandomIds,
  type Tables,
  unreadMentions,
  userChats,
} from '@heliograph/storage'
import { assertColumns } from '../rows.ts'
import { besideRows, type ExpectedRows } from './beside-rows.ts'
import type { PublicChat } from './state.ts'

const linkColumns = ['adminId', 'hash', 'usage', 'requested', 'revoked', 'permanent']

/** What the tables must hold of groups and channels; columns that are not named are left to the replay. */
const EXPECTED: readonly ExpectedRows[] = [
  [
    chatInfos,
    ['kind', 'version', 'profile', 'username', 'members', 'participants', 'kicked', 'banned', 'migratedTo'],
    infos,
  ],
  [
    chatMembers,
    ['peerId', 'status', 'isIn', 'rights', 'banned', 'untilDate', 'inviterId', 'actorId', 'minSeq'],
    ({ members }) => [...members.values()].map((who) => ({ ...who })),
  ],
  [chatRoles, ['role', 'peerId'], roles],
  [userChats, ['userId', 'date'], entries],
  [
    channelUpdates,
    ['pts', 'ptsCount', 'kind', 'seq', 'seqs'],
    ({ moves }) => moves.map((each) => ({ ...each })),
  ],
  [chats, ['lastSeq', 'lastSenderId', 'pts'], counts],
  [messages, ['seq', 'senderId', 'date', 'editDate', 'replyToSeq', 'sealed', 'members'], bodies],
  [sentRandomIds, ['senderId', 'randomId', 'seq'], randomIds],
  [
    chatReads,
    ['userId', 'upToSeq', 'date'],
    ({ reads }) => [...reads].map(([userId, read]) => ({ userId, ...read })),
  ],
  [channelReads, ['topReadSeq', 'secondReadSeq'], marks],
  [unreadMentions, ['userId', 'seq'], mentions],
  [
    pinnedMessages,
    ['seq'],
    ({ posts }) => posts.filter(({ isPinned }) => isPinned).map(({ seq }) => ({ seq })),
  ],
  [chatInvites, linkColumns, ({ links }) => [...links.values()].map((link) => ({ ...link }))],
  [inviteHashes, linkColumns, ({ links }) => [...links.values()].map((link) => ({ ...link }))],
  [
    joinRequests,
    ['userId', 'invite'],
    ({ requests }) => [...requests].map(([userId, invite]) => ({ userId, invite })),
  ],
  [adminLog, ['eventId', 'userId'], ({ logged }) => logged.map((each) => ({ ...each }))],
  ...besideRows,
]

/** The rows of all groups and channels are those that the rules give. */
export async function assertPublicRows(models: readonly PublicChat[], tables: Tables): Promise<void> {
  const known = models.filter(({ kind }) => kind !== undefined)
  for (const [table, columns, rowsOf] of EXPECTED) {
    const rows = known.flatMap((chat) => rowsOf(chat).map((row) => ({ ...row, chatId: chat.chatId })))
    await assertColumns(tables, table, ['chatId', ...columns], isPublic, rows)
  }
}

const isPublic = ({ chatId }: AnyRow): boolean => !String(chatId).startsWith('u')

function infos(chat: PublicChat): AnyRow[] {
  const { kind, version, profile, username, order, participants, migratedTo = null } = chat
  const [kicked, banned] = [chat.withStatus('kicked').length, chat.withStatus('restricted').length]
  const looks = { kind, version, profile: Buffer.from(profile, 'latin1'), username }
  return [{ ...looks, members: order, participants, kicked, banned, migratedTo }]
}

function roles(chat: PublicChat): AnyRow[] {
  const of = (role: string, peers: readonly number[]) => peers.map((peerId) => ({ role, peerId }))
  return [
    ...of('admin', chat.withStatus('creator', 'admin')),
    ...of('kicked', chat.withStatus('kicked')),
    ...of('banned', chat.withStatus('restricted')),
  ]
}

/** The members of a basic group that was given up have it no more. */
function entries({ entries, isGivenUp, isChannel }: PublicChat): AnyRow[] {
  if (isGivenUp && !isChannel) return []
  return [...entries].flatMap(([userId, date]) => (date === undefined ? [] : [{ userId, date }]))
}

function counts({ lastSeq, posts, moves, pts, isChannel }: PublicChat): AnyRow[] {
  if (lastSeq === 0 && moves.length === 0) return []
  return [{ lastSeq, lastSenderId: posts.at(-1)?.senderId ?? 0, pts: isChannel ? pts : null }]
}

function bodies({ posts }: PublicChat): AnyRow[] {
  const kept = posts.filter(({ isGone }) => !isGone)
  return kept.map((post) => ({ ...post, sealed: Buffer.from(post.body, 'latin1') }))
}

/** A command about members that is given again may tell of itself again. */
function randomIds({ posts }: PublicChat): AnyRow[] {
  const last = new Map(posts.map((post) => [`${post.senderId} ${post.randomId}`, post]))
  return [...last.values()].map((post) => ({ ...post }))
}

function marks({ readers }: PublicChat): AnyRow[] {
  if (readers.size === 0) return []
  const [topReadSeq = 0, secondReadSeq = 0] = [...readers.values()].sort((a, b) => b - a)
  return [{ topReadSeq, secondReadSeq }]
}

function mentions({ unseen }: PublicChat): AnyRow[] {
  return [...unseen].map((mention) => {
    const [userId, seq] = mention.split(' ').map(Number)
    return { userId, seq }
  })
}
