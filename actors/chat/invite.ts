import type { ChatId, ChatInvite, InvitePut, UserId } from '@heliograph/schemas/avro'
import type { chatInvites, RowOf } from '@heliograph/storage'
import type { At } from '../runtime/decider.ts'
import { type Deed, effectOf } from './change.ts'

/** An invite link, of any of the tables that have links whole. */
export function inviteOf(row: RowOf<typeof chatInvites>): ChatInvite {
  return {
    hash: row.hash as string,
    adminId: row.adminId as UserId,
    title: row.title,
    date: row.date as number,
    startDate: row.startDate ?? 0,
    expireDate: row.expireDate ?? 0,
    usageLimit: row.usageLimit ?? 0,
    usage: row.usage ?? 0,
    requested: row.requested ?? 0,
    requestNeeded: row.requestNeeded ?? false,
    revoked: row.revoked ?? false,
    permanent: row.permanent ?? false,
  }
}

export function rowOfInvite(chatId: ChatId, invite: ChatInvite): RowOf<typeof chatInvites> {
  return { ...invite, chatId }
}

/** A link with new counts of who came by it; part of a decision that answers and logs elsewhere. */
export function inviteCounted(deed: Deed, invite: ChatInvite, at: At): InvitePut {
  return {
    type: 'InvitePut',
    chatId: deed.chatId,
    invite,
    replaced: null,
    leavesPlace: false,
    ...effectOf({ ...deed, log: null }, at, false),
  }
}
