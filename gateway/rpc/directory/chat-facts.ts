import {
  type ChatFlag,
  type ChatId,
  type ChatProfile,
  ChatProfile as ChatProfileRecord,
  type GroupKind,
  type MemberStatus,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import { decodeObject, type TlType } from '@heliograph/schemas/tl'
import {
  type chatInfos,
  type chatMembers,
  chatScope,
  type DataKey,
  type RowOf,
  type usernameCollections,
} from '@heliograph/storage'
import { open, seal } from '@heliograph/topics'
import type { Sealing } from '../sealed.ts'
import { type Named, usernamesOf } from './usernames.ts'

/** What the gateway knows of a group or channel, whoever looks. */
export interface ChatFacts extends Named {
  readonly chatId: ChatId
  readonly peerId: PeerId
  readonly kind: GroupKind
  readonly version: number
  readonly creatorId: UserId
  /** Unix seconds. */
  readonly createdAt: number
  /** Empty title and nothing else where the data key is gone. */
  readonly profile: ChatProfile
  readonly photo: TlType<'Photo'> | undefined
  readonly color: TlType<'PeerColor'> | undefined
  readonly profileColor: TlType<'PeerColor'> | undefined
  readonly flags: ReadonlySet<ChatFlag>
  readonly defaultBanned: number
  readonly slowModeSeconds: number
  readonly ttlSeconds: number
  readonly linkedChatId: ChatId | undefined
  readonly migratedTo: ChatId | undefined
  readonly migratedFrom: ChatId | undefined
  readonly migratedMaxSeq: number
  /** Undefined: all. */
  readonly reactions: readonly string[] | undefined
  readonly reactionsLimit: number
  /** Basic groups only. */
  readonly members: readonly UserId[]
  readonly adminIds: readonly UserId[]
  readonly participants: number
  readonly kicked: number
  readonly banned: number
}

/** How somebody stands to a chat. */
export interface MemberFacts {
  readonly peerId: PeerId
  readonly status: MemberStatus
  readonly isIn: boolean
  readonly rights: number
  readonly banned: number
  readonly untilDate: number
  readonly rank: Buffer | null
  readonly inviterId: UserId
  readonly actorId: UserId
  readonly date: number
  readonly invite: string | null
  readonly viaRequest: boolean
  readonly minSeq: number
}

type InfoRow = RowOf<typeof chatInfos>
type MemberRow = RowOf<typeof chatMembers>

const profileContext = (chatId: ChatId) => ({
  topic: 'chat.events',
  key: chatId,
  type: ChatProfileRecord.name,
})

/** Seals what a chat is called and looks like under its data key. */
export async function sealChatProfile(to: Sealing, chatId: ChatId, profile: ChatProfile): Promise<Buffer> {
  const { key } = await to.keyring.obtain(chatScope(chatId))
  return seal(key, profileContext(chatId), to.codec.encodeBare(profile))
}

/** Undefined where the key is gone or the bytes are not a sealed profile. */
export function openChatProfile(
  from: Sealing,
  chatId: ChatId,
  key: DataKey,
  sealed: Buffer,
): ChatProfile | undefined {
  const plain = open(key.key, profileContext(chatId), sealed)
  const record = plain && from.codec.decodeBare<ChatProfile>(plain)
  return record?.type === 'ChatProfile' ? record : undefined
}

export function emptyProfile(title: string, about = ''): ChatProfile {
  return {
    type: 'ChatProfile',
    title,
    about,
    photo: null,
    color: null,
    profileColor: null,
    emoticon: null,
  }
}

/**
 * Opens the row of a chat. What it was given beside its own name counts while it has that: a channel without is private.
 */
export async function chatFactsOf(
  from: Sealing,
  chatId: ChatId,
  row: InfoRow,
  collection?: RowOf<typeof usernameCollections>,
): Promise<ChatFacts> {
  const scope = chatScope(chatId)
  const key = from.keyring.cached(scope) ?? (await from.keyring.find(scope))
  const opened = key && row.profile ? openChatProfile(from, chatId, key, row.profile) : undefined
  const profile = opened ?? emptyProfile('')
  return {
    chatId,
    peerId: peerIdOfChat(chatId),
    kind: row.kind as GroupKind,
    version: row.version!,
    creatorId: row.creatorId as UserId,
    createdAt: row.createdAt!,
    profile,
    photo: tl<'Photo'>(profile.photo),
    color: tl<'PeerColor'>(profile.color),
    profileColor: tl<'PeerColor'>(profile.profileColor),
    username: row.username || undefined,
    usernames: row.username ? usernamesOf(row.username, collection) : undefined,
    flags: new Set(row.flags as ChatFlag[] | null),
    defaultBanned: row.defaultBanned ?? 0,
    slowModeSeconds: row.slowModeSeconds ?? 0,
    ttlSeconds: row.ttlSeconds ?? 0,
    ...relationsOf(row),
    reactions: row.allReactions === false ? (row.reactions ?? []) : undefined,
    reactionsLimit: row.reactionsLimit ?? 0,
    members: (row.members ?? []) as UserId[],
    adminIds: (row.adminIds ?? []) as UserId[],
    participants: row.participants ?? 0,
    kicked: row.kicked ?? 0,
    banned: row.banned ?? 0,
  }
}

function relationsOf(row: InfoRow) {
  return {
    linkedChatId: (row.linkedChatId || undefined) as ChatId | undefined,
    migratedTo: (row.migratedTo ?? undefined) as ChatId | undefined,
    migratedFrom: (row.migratedFrom ?? undefined) as ChatId | undefined,
    migratedMaxSeq: row.migratedMaxSeq ?? 0,
  }
}

export function memberFactsOf(row: MemberRow): MemberFacts {
  return {
    peerId: row.peerId as PeerId,
    status: row.status as MemberStatus,
    isIn: row.isIn === true,
    rights: row.rights ?? 0,
    banned: row.banned ?? 0,
    untilDate: row.untilDate ?? 0,
    rank: row.rank,
    inviterId: (row.inviterId ?? 0) as UserId,
    actorId: (row.actorId ?? 0) as UserId,
    date: row.date ?? 0,
    invite: row.invite,
    viaRequest: row.viaRequest === true,
    minSeq: row.minSeq ?? 0,
  }
}

function tl<N extends 'Photo' | 'PeerColor'>(bytes: Buffer | null): TlType<N> | undefined {
  return bytes === null ? undefined : (decodeObject(bytes) as unknown as TlType<N>)
}
