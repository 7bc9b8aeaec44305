import {
  ADMIN_RIGHTS,
  type ChatInfo,
  type ChatInvite,
  type DeleteInvites,
  type InvitePut,
  type InvitesDeleted,
  type PutInvite,
} from '@heliograph/schemas/avro'
import { chatInvites, permanentInvites, type RowRef } from '@heliograph/storage'
import type { At, Rows } from '../runtime/decider.ts'
import { type ChatDecision, effectOf, inLiveChat, nothing } from './change.ts'
import { inviteOf } from './invite.ts'
import {
  chatAdminRequired,
  inviteHashExpired,
  invitePermanent,
  inviteRevokedMissing,
  rejected,
} from './rejections.ts'
import { isCreator, refusedRight } from './rights.ts'
import { chatRefs, memberOf } from './state.ts'

/** Invite links are made, changed and deleted; who comes by one is `join.ts`. */

export function needsOfPutInvite({ chatId, byUserId, invite }: PutInvite): RowRef[] {
  const { adminId, hash } = invite
  return [
    ...chatRefs(chatId, byUserId),
    { table: chatInvites, key: { chatId, adminId, hash } },
    { table: permanentInvites, key: { chatId, adminId } },
  ]
}

/**
 * Administrators who may invite have links; the creator may change those of others. Rejects with CHAT_ADMIN_REQUIRED,
 * INVITE_HASH_EXPIRED (revoked, or not there), CHAT_INVITE_PERMANENT (which can only be revoked). A command that stands twice in its
 * topic is answered the second time as the first: nobody may have heard that one.
 */
export function decidePutInvite(rows: Rows, command: PutInvite, at: At): ChatDecision {
  const { chatId, byUserId, invite } = command
  return inLiveChat(rows, chatId, (info) => {
    const refused = refusedOwner(rows, command, info, at)
    if (refused !== undefined) return refused
    const row = rows.get(chatInvites, { chatId, adminId: invite.adminId, hash: invite.hash })
    if (row !== undefined) return changed(command, inviteOf(row), at)
    if (invite.adminId !== byUserId) return inviteHashExpired
    const fresh = { ...invite, date: at.date, usage: 0, requested: 0, revoked: false }
    const current = rows.get(permanentInvites, { chatId, adminId: byUserId })
    const takesPlace = invite.permanent && current !== undefined
    const replaced = takesPlace ? { ...inviteOf(current), revoked: true } : null
    return { events: [invitePut(command, fresh, replaced, false, at)] }
  })
}

function refusedOwner(
  rows: Rows,
  { chatId, byUserId, ...what }: PutInvite | DeleteInvites,
  info: ChatInfo,
  at: At,
) {
  const adminId = what.type === 'PutInvite' ? what.invite.adminId : what.adminId
  const by = memberOf(rows, chatId, byUserId)
  const refused = refusedRight(info, by, ADMIN_RIGHTS.inviteUsers, at.date)
  if (refused !== undefined) return rejected(refused)
  return adminId === byUserId || isCreator(by) ? undefined : chatAdminRequired
}

function changed(command: PutInvite, before: ChatInvite, at: At): ChatDecision {
  const { title, expireDate, usageLimit, requestNeeded, revoked } = command.invite
  if (before.revoked) return revoked ? nothing : inviteHashExpired
  if (revoked) {
    return { events: [invitePut(command, { ...before, revoked }, null, before.permanent, at)] }
  }
  if (before.permanent) return isSame(command.invite, before) ? nothing : invitePermanent
  const after = { ...before, title, expireDate, usageLimit, requestNeeded }
  return { events: [invitePut(command, after, null, false, at)] }
}

/** What a link is made with, and only a change would change; a title is sealed anew with every command. */
const isSame = (asked: ChatInvite, made: ChatInvite): boolean =>
  asked.permanent === made.permanent &&
  asked.expireDate === made.expireDate &&
  asked.usageLimit === made.usageLimit &&
  asked.requestNeeded === made.requestNeeded &&
  (asked.title === made.title || (asked.title !== null && made.title?.equals(asked.title) === true))

function invitePut(
  command: PutInvite,
  invite: ChatInvite,
  replaced: ChatInvite | null,
  leavesPlace: boolean,
  at: At,
): InvitePut {
  const effect = effectOf({ ...command, change: 'invite' }, at, true)
  return { type: 'InvitePut', chatId: command.chatId, invite, replaced, leavesPlace, ...effect }
}

export function needsOfDeleteInvites({ chatId, byUserId, adminId, hashes }: DeleteInvites): RowRef[] {
  const links = [...new Set(hashes)].map((hash) => ({
    table: chatInvites,
    key: { chatId, adminId, hash },
  }))
  return [...chatRefs(chatId, byUserId), ...links]
}

/** Only revoked links; rejects with INVITE_HASH_EXPIRED where none is there, INVITE_REVOKED_MISSING where none is revoked. */
export function decideDeleteInvites(rows: Rows, command: DeleteInvites, at: At): ChatDecision {
  const { chatId, adminId } = command
  return inLiveChat(rows, chatId, (info) => {
    const refused = refusedOwner(rows, command, info, at)
    if (refused !== undefined) return refused
    if (command.hashes.length === 0) return nothing
    const found = [...new Set(command.hashes)].flatMap((hash) => {
      const row = rows.get(chatInvites, { chatId, adminId, hash })
      return row === undefined ? [] : [inviteOf(row)]
    })
    if (found.length === 0) return inviteHashExpired
    const hashes = found.filter(({ revoked }) => revoked).map(({ hash }) => hash)
    if (hashes.length === 0) return inviteRevokedMissing
    const effect = effectOf({ ...command, change: 'invite' }, at, true)
    const event: InvitesDeleted = { type: 'InvitesDeleted', chatId, adminId, hashes, ...effect }
    return { events: [event] }
  })
}
