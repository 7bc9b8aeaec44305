import type { ChatId, ChatInvite, UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { type chatInvites, type DataKey, inviteHashes, type RowOf } from '@heliograph/storage'
import type { Services } from '../services.ts'
import { openInviteTitle } from './sealed.ts'

/** Random bytes of a link's hash; 22 characters of it are shown. */
const HASH_BYTES = 16
const HASH = /^[\w-]{8,64}$/
/** Longer input is no link. */
const MAX_LINK_LENGTH = 512

export type InviteRow = RowOf<typeof chatInvites>
type Linking = Pick<Services, 'config' | 'random'>

export const newInviteHash = ({ random }: Linking): string =>
  Buffer.from(random(HASH_BYTES)).toString('base64url')

/** Clients recognise `t.me` and know `+hash` as an invitation, whatever server they talk to. */
export const inviteLink = (hash: string): string => `https://t.me/+${hash}`

/** The hash in whatever form a client names a link; undefined where there is none. */
export function hashOfLink(link: string): string | undefined {
  if (link.length > MAX_LINK_LENGTH) return undefined
  const hash = /(?:\+|%20|joinchat\/|invite=)([\w-]+)/.exec(link)?.[1] ?? link
  return HASH.test(hash) ? hash : undefined
}

/** An invite as it is stored, of any chat, found by its hash. */
export async function findInvite(
  { tables }: Pick<Services, 'tables'>,
  hash: string,
): Promise<(ChatInvite & { readonly chatId: ChatId }) | undefined> {
  const [row] = await tables.range(inviteHashes, { hash }, { limit: 1 })
  return row && { ...inviteOf(row), chatId: row.chatId as ChatId }
}

/** The link of this chat that a client names: 400 INVITE_HASH_EXPIRED where there is none. */
export async function inviteOfChat(
  services: Pick<Services, 'tables'>,
  chatId: ChatId,
  link: string,
): Promise<ChatInvite> {
  const hash = hashOfLink(link)
  const invite = hash === undefined ? undefined : await findInvite(services, hash)
  if (invite?.chatId !== chatId) throw new RpcError(400, 'INVITE_HASH_EXPIRED')
  const { chatId: _, ...rest } = invite
  return rest
}

export function inviteOf(row: InviteRow): ChatInvite {
  return {
    hash: row.hash!,
    adminId: row.adminId as UserId,
    title: row.title,
    date: row.date!,
    startDate: row.startDate ?? 0,
    expireDate: row.expireDate ?? 0,
    usageLimit: row.usageLimit ?? 0,
    usage: row.usage ?? 0,
    requested: row.requested ?? 0,
    requestNeeded: row.requestNeeded === true,
    revoked: row.revoked === true,
    permanent: row.permanent === true,
  }
}

/** Whether nobody can come by it any more. */
export function isSpent(invite: ChatInvite, now: number): boolean {
  const isFull = invite.usageLimit > 0 && invite.usage >= invite.usageLimit
  return invite.revoked || isFull || (invite.expireDate > 0 && invite.expireDate <= now)
}

export function renderInvite(
  chatId: ChatId,
  key: DataKey | undefined,
  invite: ChatInvite,
): Tl<'chatInviteExported'> {
  const title = openInviteTitle(chatId, key, invite.title)
  return {
    _: 'chatInviteExported',
    link: inviteLink(invite.hash),
    adminId: invite.adminId,
    date: invite.date,
    ...(invite.revoked && { revoked: true }),
    ...(invite.permanent && { permanent: true }),
    ...(invite.requestNeeded && { requestNeeded: true }),
    ...(invite.startDate > 0 && { startDate: invite.startDate }),
    ...(invite.expireDate > 0 && { expireDate: invite.expireDate }),
    ...(invite.usageLimit > 0 && { usageLimit: invite.usageLimit }),
    ...(invite.usage > 0 && { usage: invite.usage }),
    ...(invite.requested > 0 && { requested: invite.requested }),
    ...(title !== '' && { title }),
  }
}
