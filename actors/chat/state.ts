import type {
  ChatFlag,
  ChatId,
  ChatInfo,
  ChatMember,
  GroupKind,
  MemberStatus,
  PeerId,
  UserId,
} from '@heliograph/schemas/avro'
import { chatInfos, chatMembers, type RowOf, type RowRef } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

/** A group or channel and its members, between their rows and what records carry. */

/** The rows that `chatInfoOf` and `memberOf` of `peers` look at; each peer once. */
export function chatRefs(chatId: ChatId, ...peers: readonly number[]): RowRef[] {
  const members = [...new Set(peers)].map((peerId) => ({ table: chatMembers, key: { chatId, peerId } }))
  return [{ table: chatInfos, key: { chatId } }, ...members]
}

/** Undefined where there never was such a group or channel. One that is deleted has the flag `deactivated`. */
export function chatInfoOf(rows: Rows, chatId: ChatId): ChatInfo | undefined {
  const row = rows.get(chatInfos, { chatId })
  return row === undefined ? undefined : infoOfRow(row)
}

/** Undefined for a peer that never was a member, nor banned. */
export function memberOf(rows: Rows, chatId: ChatId, peerId: number): ChatMember | undefined {
  const row = rows.get(chatMembers, { chatId, peerId })
  return row === undefined ? undefined : memberOfRow(row)
}

export function infoOfRow(row: RowOf<typeof chatInfos>): ChatInfo {
  return {
    kind: row.kind as GroupKind,
    version: row.version as number,
    creatorId: row.creatorId as UserId,
    createdAt: row.createdAt as number,
    profile: row.profile as Buffer,
    username: row.username,
    flags: (row.flags ?? []) as ChatFlag[],
    defaultBanned: row.defaultBanned ?? 0,
    slowModeSeconds: row.slowModeSeconds ?? 0,
    ttlSeconds: row.ttlSeconds ?? 0,
    linkedChatId: row.linkedChatId as ChatId | null,
    migratedTo: row.migratedTo as ChatId | null,
    migratedFrom: row.migratedFrom as ChatId | null,
    migratedMaxSeq: row.migratedMaxSeq ?? 0,
    reactions: row.allReactions === false ? ((row.reactions ?? []) as string[]) : null,
    reactionsLimit: row.reactionsLimit ?? 0,
    members: (row.members ?? []) as UserId[],
    adminIds: (row.adminIds ?? []) as UserId[],
    participants: row.participants ?? 0,
    kicked: row.kicked ?? 0,
    banned: row.banned ?? 0,
    files: (row.files ?? []).map(BigInt),
  }
}

export function rowOfInfo(chatId: ChatId, info: ChatInfo): RowOf<typeof chatInfos> {
  const { reactions, files } = info
  return {
    ...info,
    chatId,
    reactions: reactions ?? [],
    allReactions: reactions === null,
    files: files.map(String),
  }
}

export function memberOfRow(row: RowOf<typeof chatMembers>): ChatMember {
  return {
    peerId: row.peerId as PeerId,
    status: row.status as MemberStatus,
    isIn: row.isIn ?? false,
    rights: row.rights ?? 0,
    banned: row.banned ?? 0,
    untilDate: row.untilDate ?? 0,
    rank: row.rank,
    inviterId: (row.inviterId ?? 0) as UserId,
    actorId: (row.actorId ?? 0) as UserId,
    date: row.date ?? 0,
    invite: row.invite,
    viaRequest: row.viaRequest ?? false,
    minSeq: row.minSeq ?? 0,
  }
}

export function rowOfMember(chatId: ChatId, member: ChatMember): RowOf<typeof chatMembers> {
  return { ...member, chatId }
}

/** A peer that comes into view for the first time; outside until something says otherwise. */
export function newMember(peerId: number): ChatMember {
  return {
    peerId: peerId as PeerId,
    status: 'left',
    isIn: false,
    rights: 0,
    banned: 0,
    untilDate: 0,
    rank: null,
    inviterId: 0 as UserId,
    actorId: 0 as UserId,
    date: 0,
    invite: null,
    viaRequest: false,
    minSeq: 0,
  }
}
