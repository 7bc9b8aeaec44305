import type {
  ChatChanged,
  ChatId,
  ChatMember,
  GroupEvent,
  InvitePut,
  InvitesDeleted,
  JoinRequested,
  MemberChange,
  MembersChanged,
  RequestsAnswered,
} from '@heliograph/schemas/avro'
import { chatKindOf, numberOfChat } from '@heliograph/schemas/avro'
import {
  chatInfos,
  chatInvites,
  chatMembers,
  chatRoles,
  inviteHashes,
  inviteUses,
  joinRequests,
  leftChats,
  type Mutation,
  PUBLIC_CHAT_BUCKETS,
  permanentInvites,
  publicChats,
  type RowKey,
  type TableDeclaration,
  userChats,
} from '@heliograph/storage'
import { marksUpsert } from '../message/awaiting.ts'
import { projectLog } from '../message/log.ts'
import { projectHanded } from './handed.ts'
import { rowOfInvite } from './invite.ts'
import { type LoggedEvent, logKind } from './log-kind.ts'
import { rowOfInfo, rowOfMember } from './state.ts'

/** The rows of what happened to a group or channel. */
export function projectGroup(event: GroupEvent): Mutation[] {
  switch (event.type) {
    case 'ChatChanged':
      return [...projectChat(event), ...logged(event)]
    case 'MembersChanged':
      return [...projectMembers(event), ...logged(event)]
    case 'InvitePut':
      return [...projectInvite(event), ...logged(event)]
    case 'InvitesDeleted':
      return [...projectInvitesDeleted(event), ...logged(event)]
    case 'JoinRequested':
      return projectRequest(event)
    case 'RequestsAnswered':
      return [...projectAnswered(event), ...logged(event)]
    case 'MessagesHanded':
      return projectHanded(event)
    case 'OutboxRead':
      return [marksUpsert(event.chatId, event)]
  }
}

type Upsert = Extract<Mutation, { kind: 'upsert' }>

const upsert = (table: TableDeclaration, row: Upsert['row']): Mutation => ({ kind: 'upsert', table, row })
const remove = (table: TableDeclaration, key: RowKey): Mutation => ({ kind: 'delete', table, key })

function logged(event: LoggedEvent): Mutation[] {
  return event.log === null ? [] : projectLog(event, event.byUserId, logKind(event))
}

/** The members of a basic group have it no more once it has ended; those of a channel see that it has. */
function projectChat(event: ChatChanged): Mutation[] {
  const { chatId, info, change } = event
  const hasEnded = change === 'delete' || change === 'migrate'
  const lost = hasEnded ? info.members.map((userId) => remove(userChats, { userId, chatId })) : []
  return [upsert(chatInfos, rowOfInfo(chatId, info)), ...lost, ...projectPublic(event)]
}

/** Chats with public names are found by everybody. */
function projectPublic({ chatId, info, formerUsername }: ChatChanged): Mutation[] {
  const key = { bucket: numberOfChat(chatId) % PUBLIC_CHAT_BUCKETS, chatId }
  if (info.username !== null) return [upsert(publicChats, key)]
  return formerUsername === null ? [] : [remove(publicChats, key)]
}

function projectMembers(event: MembersChanged): Mutation[] {
  const { chatId, info, changes } = event
  const members = changes.flatMap((change) => projectMember(event, change))
  return [upsert(chatInfos, rowOfInfo(chatId, info)), ...members]
}

function projectMember(event: MembersChanged, change: MemberChange): Mutation[] {
  const { chatId, date } = event
  const { before, member, wasIn } = change
  const { peerId, isIn } = member
  const rows = [upsert(chatMembers, rowOfMember(chatId, member)), ...projectRole(chatId, change)]
  if (peerId < 0 || isIn === wasIn) return rows
  if (!isIn) return [...rows, remove(userChats, { userId: peerId, chatId }), ...projectLeft(event, member)]
  const entry = [upsert(userChats, { userId: peerId, chatId, date }), ...projectEntry(event, member)]
  return before === ''
    ? [...rows, ...entry]
    : [...rows, ...entry, remove(leftChats, { userId: peerId, chatId })]
}

/** Who takes out its data is told what it has left. */
function projectLeft({ chatId, date }: MembersChanged, { peerId, status }: ChatMember): Mutation[] {
  if (status === 'kicked' || chatKindOf(chatId) !== 'channel') return []
  return [upsert(leftChats, { userId: peerId, chatId, date })]
}

/** Who came by a link has used it, and who has come in asks no more. */
function projectEntry({ chatId, byUserId, date, change }: MembersChanged, member: ChatMember): Mutation[] {
  const { peerId: userId, invite, viaRequest } = member
  if (change === 'create' || change === 'adopt') return []
  const request = remove(joinRequests, { chatId, userId })
  if (invite === null) return [request]
  const approvedBy = viaRequest ? byUserId : 0
  const use = { chatId, hash: invite, userId, date, requested: false, approvedBy }
  return [request, upsert(inviteUses, use)]
}

const ROLES: Readonly<Record<string, string>> = {
  creator: 'admin',
  admin: 'admin',
  kicked: 'kicked',
  restricted: 'banned',
}

function projectRole(chatId: ChatId, { before, member }: MemberChange): Mutation[] {
  const { peerId } = member
  const [old, now] = [ROLES[before], ROLES[member.status]]
  if (old === now) return []
  const rows: Mutation[] = []
  if (old !== undefined) rows.push(remove(chatRoles, { chatId, role: old, peerId }))
  if (now !== undefined) rows.push(upsert(chatRoles, { chatId, role: now, peerId }))
  return rows
}

function projectInvite({ chatId, invite, replaced, leavesPlace }: InvitePut): Mutation[] {
  const rows = [invite, ...(replaced === null ? [] : [replaced])].flatMap((each) => {
    const row = rowOfInvite(chatId, each)
    return [upsert(chatInvites, row), upsert(inviteHashes, row)]
  })
  if (leavesPlace) rows.push(remove(permanentInvites, { chatId, adminId: invite.adminId }))
  else if (invite.permanent && !invite.revoked) {
    rows.push(upsert(permanentInvites, rowOfInvite(chatId, invite)))
  }
  return rows
}

function projectInvitesDeleted({ chatId, adminId, hashes }: InvitesDeleted): Mutation[] {
  return hashes.flatMap((hash) => [
    remove(chatInvites, { chatId, adminId, hash }),
    remove(inviteHashes, { hash, chatId }),
  ])
}

function projectRequest({ chatId, userId, invite, date }: JoinRequested): Mutation[] {
  const rows = [upsert(joinRequests, { chatId, userId, date, invite })]
  if (invite === '') return rows
  const use = { chatId, hash: invite, userId, date, requested: true, approvedBy: 0 }
  return [...rows, upsert(inviteUses, use)]
}

/** Who is turned away has not used the link; who is let in is written as a member. */
function projectAnswered({ chatId, userIds, invites, approved }: RequestsAnswered): Mutation[] {
  return userIds.flatMap((userId, index) => {
    const request = remove(joinRequests, { chatId, userId })
    const hash = invites[index] ?? ''
    return approved || hash === '' ? [request] : [request, remove(inviteUses, { chatId, hash, userId })]
  })
}
