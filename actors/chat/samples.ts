import {
  ADMIN_RIGHTS,
  type AddMembers,
  BANNED_RIGHTS,
  type ChatCommand,
  type ChatEvent,
  type ChatId,
  type ChatInvite,
  type CreateChat,
  channelChatId,
  type EditChat,
  type GroupKind,
  groupChatId,
  type JoinChat,
  type LeaveChat,
  type PutInvite,
  type SetAdmin,
  type SetBanned,
  UNCHANGED_CHAT,
  type UserId,
} from '@heliograph/schemas/avro'
import { messageDecider } from '../message/index.ts'
import { alice, bob } from '../message/samples.ts'
import type { At, Decision } from '../runtime/decider.ts'
import { RowMap, someAt } from '../runtime/specification.ts'

/** Four people, a basic group, a supergroup and a broadcast, for the specifications of chats. */

export { alice, bob }
export const carol = 1_000_000_003 as UserId
export const dave = 1_000_000_004 as UserId
export const group = groupChatId(2_000_000_001)
export const supergroup = channelChatId(3_000_000_001)
export const broadcast = channelChatId(3_000_000_002)

export const idOf: Readonly<Record<GroupKind, ChatId>> = { group, supergroup, broadcast }

const told = { service: Buffer.from('told'), serviceRandomId: 5n }
export const quiet = { service: null, serviceRandomId: 0n }
const unlogged = { log: null }

export function create(kind: GroupKind, more: Partial<CreateChat> = {}): CreateChat {
  return {
    type: 'CreateChat',
    chatId: idOf[kind],
    creatorId: alice,
    kind,
    profile: Buffer.from('profile'),
    flags: [],
    ttlSeconds: 0,
    memberIds: [],
    migratedFrom: null,
    migratedMaxSeq: 0,
    ...told,
    ...more,
  }
}

export function edit(chatId: ChatId, byUserId: UserId, change: string, more: Partial<EditChat>): EditChat {
  return {
    type: 'EditChat',
    chatId,
    byUserId,
    change,
    ...UNCHANGED_CHAT,
    ...quiet,
    ...unlogged,
    ...more,
  }
}

export function add(chatId: ChatId, byUserId: UserId, ...userIds: UserId[]): AddMembers {
  return { type: 'AddMembers', chatId, byUserId, userIds, forwardLimit: 0, ...told, ...unlogged }
}
export function join(chatId: ChatId, userId: UserId, invite: string | null = null): JoinChat {
  return { type: 'JoinChat', chatId, userId, invite, ...told, ...unlogged }
}
export function leave(chatId: ChatId, userId: UserId): LeaveChat {
  return { type: 'LeaveChat', chatId, userId, ...told, ...unlogged }
}

export function admin(
  chatId: ChatId,
  byUserId: UserId,
  userId: UserId,
  rights: number,
  more: Partial<SetAdmin> = {},
): SetAdmin {
  return { type: 'SetAdmin', chatId, byUserId, userId, rights, rank: null, ...quiet, ...unlogged, ...more }
}

export function ban(
  chatId: ChatId,
  byUserId: UserId,
  userId: number,
  banned: number,
  more: Partial<SetBanned> = {},
): SetBanned {
  const peerId = userId as SetBanned['peerId']
  const what = { chatId, byUserId, peerId, banned, untilDate: 0 }
  return { type: 'SetBanned', ...what, ...quiet, ...unlogged, ...more }
}
export const kick = (chatId: ChatId, byUserId: UserId, userId: number): SetBanned =>
  ban(chatId, byUserId, userId, BANNED_RIGHTS.viewMessages)

export function link(adminId: UserId, hash: string, more: Partial<ChatInvite> = {}): ChatInvite {
  return {
    hash,
    adminId,
    title: null,
    date: someAt.date,
    startDate: 0,
    expireDate: 0,
    usageLimit: 0,
    usage: 0,
    requested: 0,
    requestNeeded: false,
    revoked: false,
    permanent: false,
    ...more,
  }
}
export function putInvite(chatId: ChatId, invite: ChatInvite, byUserId = invite.adminId): PutInvite {
  return { type: 'PutInvite', chatId, byUserId, invite, ...unlogged }
}

export const ALL_ADMIN =
  ADMIN_RIGHTS.other | ADMIN_RIGHTS.addAdmins | ADMIN_RIGHTS.banUsers | ADMIN_RIGHTS.inviteUsers

/** Rows after commands, one a second; each of them must be accepted. */
export class Story {
  readonly rows = new RowMap()
  readonly events: ChatEvent[] = []
  #offset = 0

  tell(...commands: readonly ChatCommand[]): this {
    for (const command of commands) this.try(command)
    return this
  }

  try(command: ChatCommand): void {
    for (const event of this.decided(command)) {
      this.events.push(event)
      this.rows.apply(messageDecider.project(event))
    }
    this.#offset++
  }

  /** The decision on a command as of now, which changes nothing. */
  decide(command: ChatCommand, more: Partial<At> = {}): Decision<ChatEvent> {
    const at = { ...someAt, date: someAt.date + this.#offset, offset: this.#offset, ...more }
    return messageDecider.decide(this.rows.only(messageDecider.needs(command)), command, at)
  }

  /** The events of a decision that must be an acceptance. */
  decided(command: ChatCommand, at: Partial<At> = {}): readonly ChatEvent[] {
    const decision = this.decide(command, at)
    if ('rejected' in decision) throw new Error(`${command.type}: ${decision.rejected.message}`)
    return decision.events
  }
}

/** What happened once these commands were accepted, one after the other. */
export function after(...commands: readonly ChatCommand[]): ChatEvent[] {
  return new Story().tell(...commands).events
}
