import {
  type ChatId,
  type ChatInfo,
  type ChatMember,
  CREATOR_RIGHTS,
  channelChatId,
  groupChatId,
  type MessageExtra,
  type MessageSent,
  NO_EXTRA,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import { chatInfos, chatMembers, type Mutation } from '@heliograph/storage'
import { newMember, rowOfInfo, rowOfMember } from '../chat/state.ts'
import { alice, bob, sent } from './samples.ts'

/** A basic group, a supergroup and a broadcast of three people, for the specifications of their messages. */

export const carol = 1_000_000_003 as UserId
export const dave = 1_000_000_004 as UserId
export const everybody = [alice, bob, carol]
export const group = groupChatId(5_000_000_000)
export const supergroup = channelChatId(6_000_000_000)
export const broadcast = channelChatId(7_000_000_000)

const KINDS = { [group]: 'group', [supergroup]: 'supergroup', [broadcast]: 'broadcast' } as const

export function infoOf(chatId: ChatId, more: Partial<ChatInfo> = {}): ChatInfo {
  const kind = KINDS[chatId] ?? 'supergroup'
  return {
    kind,
    version: 1,
    creatorId: alice,
    createdAt: 1,
    profile: Buffer.from('profile'),
    username: null,
    flags: [],
    defaultBanned: 0,
    slowModeSeconds: 0,
    ttlSeconds: 0,
    linkedChatId: null,
    migratedTo: null,
    migratedFrom: null,
    migratedMaxSeq: 0,
    reactions: null,
    reactionsLimit: 0,
    members: kind === 'group' ? [...everybody] : [],
    adminIds: [alice],
    participants: 3,
    kicked: 0,
    banned: 0,
    files: [],
    ...more,
  }
}

export function is(chatId: ChatId, info: Partial<ChatInfo> = {}): Mutation {
  return { kind: 'upsert', table: chatInfos, row: rowOfInfo(chatId, infoOf(chatId, info)) }
}

export function has(chatId: ChatId, userId: UserId, more: Partial<ChatMember> = {}): Mutation {
  const member: ChatMember = { ...newMember(userId), status: 'member', isIn: true, ...more }
  return { kind: 'upsert', table: chatMembers, row: rowOfMember(chatId, member) }
}

/** The chat with alice as its creator, and bob and carol. */
export function founded(chatId: ChatId, info: Partial<ChatInfo> = {}): Mutation[] {
  const creator = has(chatId, alice, { status: 'creator', rights: CREATOR_RIGHTS })
  return [is(chatId, info), creator, has(chatId, bob), has(chatId, carol)]
}

export const extra = (more: Partial<MessageExtra> = {}): MessageExtra => ({
  ...NO_EXTRA,
  ...more,
})

/** What a first message by `senderId` in the basic group becomes. */
export function sentToGroup(senderId: UserId, more: Partial<MessageSent> = {}): MessageSent {
  const seq = more.seq ?? 1
  const awaiting = [senderId, seq, seq]
  return sent(senderId, { chatId: group, members: [...everybody], mentioned: [], awaiting, ...more })
}

/** What a first message by `senderId` in a channel becomes. */
export function sentToChannel(senderId: UserId, more: Partial<MessageSent> = {}): MessageSent {
  return sent(senderId, { chatId: supergroup, members: [], pts: (more.seq ?? 1) + 1, ...more })
}

export const ownPeer = (chatId: ChatId): PeerId =>
  (chatId === group ? -5_000_000_000 : -1_000_000_000_000 - Number(chatId.slice(1))) as PeerId
