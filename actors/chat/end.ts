import {
  ADMIN_RIGHTS,
  type AdoptMembers,
  type ChatChanged,
  type ChatInfo,
  type ChatMember,
  type CreateChat,
  type DeleteChat,
  MAX_DELETED_CHAT_MEMBERS,
  type MigrateChat,
} from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import { serviceRefs } from '../message/service.ts'
import type { At, Consequence, Rows } from '../runtime/decider.ts'
import { type ChatDecision, chatChanged, inLiveChat, lastDelivered, untold } from './change.ts'
import { channelTooLarge, chatAdminRequired, rejected } from './rejections.ts'
import { isCreator, outsider, unknownChat } from './rights.ts'
import { chatRefs, memberOf, newMember } from './state.ts'

/** A chat comes to its end: deleted, or continued as a supergroup. */

/** What administrators of a basic group have in the supergroup that it becomes. */
const GROUP_ADMIN_RIGHTS =
  ADMIN_RIGHTS.changeInfo |
  ADMIN_RIGHTS.deleteMessages |
  ADMIN_RIGHTS.banUsers |
  ADMIN_RIGHTS.inviteUsers |
  ADMIN_RIGHTS.pinMessages |
  ADMIN_RIGHTS.manageCall |
  ADMIN_RIGHTS.other

export function needsOfDeleteChat({ chatId, byUserId }: DeleteChat): RowRef[] {
  return chatRefs(chatId, byUserId)
}

/** For everybody, by its creator; rejects with CHAT_ADMIN_REQUIRED, and with CHANNEL_TOO_LARGE a channel of many. */
export function decideDeleteChat(rows: Rows, command: DeleteChat, at: At): ChatDecision {
  return inLiveChat(rows, command.chatId, (info) => {
    const refused = refusedEnd(rows, command, info, at)
    if (refused !== undefined) return refused
    if (info.kind !== 'group' && info.participants > MAX_DELETED_CHAT_MEMBERS) return channelTooLarge
    const next: ChatInfo = { ...ended(info), username: null, linkedChatId: null, files: [] }
    return chatChanged(rows, next, { ...command, change: 'delete' }, untold, at, {
      formerUsername: info.username,
      formerLinkedChatId: info.linkedChatId,
      lostFiles: info.files,
    })
  })
}

function refusedEnd(rows: Rows, { chatId, byUserId }: DeleteChat | MigrateChat, info: ChatInfo, at: At) {
  const by = memberOf(rows, chatId, byUserId)
  if (isCreator(by)) return undefined
  return by?.isIn === true ? chatAdminRequired : rejected(outsider(info, by, at.date))
}

const ended = (info: ChatInfo): ChatInfo => ({ ...info, flags: [...info.flags, 'deactivated'] })

export function needsOfMigrate({ chatId, byUserId }: MigrateChat): RowRef[] {
  return [...chatRefs(chatId, byUserId), ...serviceRefs(chatId)]
}

/** By the creator of a basic group; others are CHAT_ADMIN_REQUIRED, other chats CHAT_ID_INVALID. */
export function decideMigrate(rows: Rows, command: MigrateChat, at: At): ChatDecision {
  return inLiveChat(rows, command.chatId, (info) => {
    if (info.kind !== 'group') return rejected(unknownChat(command.chatId))
    const refused = refusedEnd(rows, command, info, at)
    if (refused !== undefined) return refused
    const next: ChatInfo = { ...ended(info), migratedTo: command.toChatId }
    const { profile, toService, serviceRandomId } = command
    const maxSeq = lastDelivered(rows, command.chatId, command)
    return chatChanged(rows, next, { ...command, change: 'migrate' }, command, at, {
      migration: { profile, service: toService, serviceRandomId, maxSeq },
    })
  })
}

/** The commands that make the supergroup, in order. */
export function continuation(event: ChatChanged): Consequence[] {
  const { chatId, info, migration, byUserId } = event
  const to = info.migratedTo
  if (migration === null || to === null) return []
  const create: CreateChat = {
    type: 'CreateChat',
    chatId: to,
    creatorId: byUserId,
    kind: 'supergroup',
    profile: migration.profile,
    flags: info.flags.filter((flag) => flag === 'noForwards'),
    ttlSeconds: info.ttlSeconds,
    memberIds: [],
    migratedFrom: chatId,
    migratedMaxSeq: migration.maxSeq,
    service: migration.service,
    serviceRandomId: migration.serviceRandomId,
  }
  const adopt: AdoptMembers = {
    type: 'AdoptMembers',
    chatId: to,
    members: adopted(event),
    defaultBanned: info.defaultBanned,
    reactions: info.reactions,
    reactionsLimit: info.reactionsLimit,
    files: info.files,
  }
  return [create, adopt].map((record) => ({
    kind: 'record',
    topic: 'chat.commands',
    key: to,
    record,
    reply: null,
  }))
}

function adopted({ info, byUserId, date }: ChatChanged): ChatMember[] {
  const admins = new Set(info.adminIds)
  const others = info.members.filter((id) => id !== byUserId)
  return others.map((id) => {
    const member: ChatMember = {
      ...newMember(id),
      status: 'member',
      isIn: true,
      inviterId: byUserId,
      date,
    }
    if (!admins.has(id)) return member
    return { ...member, status: 'admin', rights: GROUP_ADMIN_RIGHTS, actorId: byUserId }
  })
}
