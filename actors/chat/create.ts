import {
  type AdoptMembers,
  type ChatInfo,
  type ChatMember,
  CREATOR_RIGHTS,
  type CreateChat,
  MAX_GROUP_MEMBERS,
  type UserId,
} from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import { serviceRefs } from '../message/service.ts'
import type { At, Rows } from '../runtime/decider.ts'
import { type ChatDecision, inLiveChat, membersChanged, nothing, untold } from './change.ts'
import { chatIdTaken, rejected, usersTooMuch } from './rejections.ts'
import { chatInfoOf, chatRefs, memberOf, newMember } from './state.ts'

export function needsOfCreate({ chatId, creatorId, memberIds }: CreateChat): RowRef[] {
  return [...chatRefs(chatId, creatorId, ...memberIds), ...serviceRefs(chatId)]
}

/** Rejects with CHAT_ID_TAKEN, and with USERS_TOO_MUCH more members than a basic group has room for. */
export function decideCreate(rows: Rows, command: CreateChat, at: At): ChatDecision {
  const { chatId, creatorId } = command
  if (chatInfoOf(rows, chatId) !== undefined) return chatIdTaken
  const others = [...new Set(command.memberIds)].filter((id) => id !== creatorId)
  if (others.length >= MAX_GROUP_MEMBERS) return usersTooMuch
  const joined = { status: 'member', isIn: true, inviterId: creatorId, date: at.date } as const
  const members: ChatMember[] = [
    { ...newMember(creatorId), ...joined, status: 'creator', rights: CREATOR_RIGHTS, inviterId: 0 as UserId },
    ...others.map((id) => ({ ...newMember(id), ...joined })),
  ]
  const deed = { chatId, byUserId: creatorId, change: 'create' }
  return membersChanged(rows, emptyChat(command, at), members, deed, command, at)
}

function emptyChat(command: CreateChat, at: At): ChatInfo {
  return {
    kind: command.kind,
    version: 0,
    creatorId: command.creatorId,
    createdAt: at.date,
    profile: command.profile,
    username: null,
    flags: command.flags,
    defaultBanned: 0,
    slowModeSeconds: 0,
    ttlSeconds: command.ttlSeconds,
    linkedChatId: null,
    migratedTo: null,
    migratedFrom: command.migratedFrom,
    migratedMaxSeq: command.migratedMaxSeq,
    reactions: null,
    reactionsLimit: 0,
    members: [],
    adminIds: [],
    participants: 0,
    kicked: 0,
    banned: 0,
    files: [],
  }
}

export function needsOfAdopt({ chatId, members }: AdoptMembers): RowRef[] {
  return chatRefs(chatId, ...members.map(({ peerId }) => peerId))
}

/** Once, into a supergroup that a basic group became; who has come by itself meanwhile stays as it is. */
export function decideAdopt(rows: Rows, command: AdoptMembers, at: At): ChatDecision {
  const { chatId, defaultBanned, reactions, reactionsLimit, files } = command
  return inLiveChat(rows, chatId, (info) => {
    if (info.migratedFrom === null) return rejected({ code: 400, message: 'CHANNEL_INVALID' })
    const absent = command.members.filter(({ peerId }) => memberOf(rows, chatId, peerId) === undefined)
    if (absent.length === 0) return nothing
    const adopted = { ...info, defaultBanned, reactions, reactionsLimit, files }
    const deed = { chatId, byUserId: info.creatorId, change: 'adopt' }
    return membersChanged(rows, adopted, absent, deed, untold, at)
  })
}
