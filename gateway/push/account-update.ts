import { type AccountUpdate, chatIdOf, type PeerId, type UserId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { blocked } from '@heliograph/storage'
import { newAuthorizationUpdate } from '../rpc/account/new-authorization.ts'
import { notifyUpdate } from '../rpc/account/notify.ts'
import { PRIVACY_SETTING, privacyUpdate } from '../rpc/account/privacy.ts'
import { folderUpdate, isFolderSetting } from '../rpc/folders/update.ts'
import { renderNamed, updatesOf } from '../rpc/messages/answers.ts'
import { ARCHIVE_FOLDER, MAIN_FOLDER } from '../rpc/messages/dialogs/dialog-peer.ts'
import { PINNED_ARCHIVE_SETTING, PINNED_SETTING, pinnedPeers } from '../rpc/messages/dialogs/pinned.ts'
import { isMarkedUnread, UNREAD_MARK_PREFIX } from '../rpc/messages/dialogs/unread-marks.ts'
import { draftUpdate } from '../rpc/messages/drafts.ts'
import { channelReadUpdate } from '../rpc/messages/read/channel-read.ts'
import { PINNED_SAVED_SETTING, pinnedSavedUpdate } from '../rpc/messages/saved/pinned.ts'
import { RECENT_REACTIONS_SETTING } from '../rpc/reactions/recent.ts'
import { TAGS_SETTING } from '../rpc/reactions/tags.ts'
import { renderPeer } from '../rpc/render/peer.ts'
import { renderUsers } from '../rpc/render/user.ts'
import { scheduledUpdates } from '../rpc/scheduled/update.ts'
import { isShelfSetting, shelfUpdate } from '../rpc/stickers/shelf-update.ts'
import { THREAD_READ_PREFIX, threadReadUpdate } from '../rpc/threads/reads.ts'
import { TOPIC_DRAFT_PREFIX, topicDraftUpdate } from '../rpc/topics/drafts.ts'
import { AS_MESSAGES_PREFIX, asMessagesUpdate } from '../rpc/topics/view-as-messages.ts'
import { nowSeconds, type PushServices } from './mailbox-update.ts'

/** A change of an account as its sessions are told: read again, since the record only names it. */
export async function accountUpdates(
  services: PushServices,
  update: AccountUpdate,
): Promise<Tl<'updates'> | undefined> {
  const { userId, kind, peerId, name } = update
  const now = nowSeconds(services)
  if (kind === 'scheduled') return scheduledUpdates(services, userId, peerId, name, now)
  const told = await toldOf(services, update, now)
  if (told === undefined) return undefined
  const { users, chats } = await renderNamed({ services, user: userId, now }, namedIn(update))
  return updatesOf([told], users, now, chats)
}

const ABOUT_PEER: ReadonlySet<string> = new Set(['draft', 'blocked', 'chat', 'channel-read'])

function namedIn({ userId, kind, peerId }: AccountUpdate): PeerId[] {
  return ABOUT_PEER.has(kind) ? [peerId] : kind === 'user' ? [userId as number as PeerId] : []
}

async function toldOf(
  services: PushServices,
  { userId, kind, peerId, name }: AccountUpdate,
  now: number,
): Promise<TlType<'Update'> | undefined> {
  switch (kind) {
    case 'draft':
      return draftUpdate(services, userId, peerId, now)
    case 'blocked':
      return blockedUpdate(services, userId, peerId)
    case 'contacts':
      return { _: 'updateContactsReset' }
    case 'setting':
      return settingUpdate(services, userId, name)
    case 'authorization':
      return newAuthorizationUpdate(services, userId, name)
    case 'user':
      return ownUpdate(services, userId, name)
    case 'chat':
      return chatUpdate(services, userId, peerId)
    case 'channel-read':
      return channelReadUpdate(services, userId, peerId)
    default:
      return undefined
  }
}

/** The user has come into a group or channel, left it, or has other rights there: clients take the chat as it is given here. */
function chatUpdate(services: PushServices, userId: UserId, peerId: PeerId): TlType<'Update'> {
  services.chats.changed(chatIdOf(userId, peerId))
  const peer = renderPeer(peerId)
  return peer._ === 'peerChannel'
    ? { _: 'updateChannel', channelId: peer.channelId }
    : { _: 'updateChat', chatId: -peerId }
}

async function blockedUpdate(
  { tables }: PushServices,
  userId: UserId,
  peerId: PeerId,
): Promise<TlType<'Update'>> {
  const row = await tables.get(blocked, { userId, peerId })
  const update = { _: 'updatePeerBlocked', peerId: renderPeer(peerId) } as const
  return row === undefined ? update : { ...update, blocked: true }
}

async function settingUpdate(
  services: PushServices,
  userId: UserId,
  name: string,
): Promise<TlType<'Update'> | undefined> {
  if (name === PINNED_SETTING || name === PINNED_ARCHIVE_SETTING) {
    const folderId = name === PINNED_SETTING ? MAIN_FOLDER : ARCHIVE_FOLDER
    const peers = await pinnedPeers(services, userId, folderId)
    const order = peers.map((peer): TlType<'DialogPeer'> => ({ _: 'dialogPeer', peer: renderPeer(peer) }))
    if (folderId === MAIN_FOLDER) return { _: 'updatePinnedDialogs', order }
    return { _: 'updatePinnedDialogs', folderId, order }
  }
  if (name === PINNED_SAVED_SETTING) return pinnedSavedUpdate(services, userId)
  if (name.startsWith(UNREAD_MARK_PREFIX)) {
    const peerId = Number(name.slice(UNREAD_MARK_PREFIX.length)) as PeerId
    const peer = { _: 'dialogPeer', peer: renderPeer(peerId) } as const
    const unread = await isMarkedUnread(services, userId, peerId)
    return unread ? { _: 'updateDialogUnreadMark', peer, unread } : { _: 'updateDialogUnreadMark', peer }
  }
  if (name.startsWith(TOPIC_DRAFT_PREFIX))
    return topicDraftUpdate(services, userId, name, nowSeconds(services))
  if (name.startsWith(THREAD_READ_PREFIX)) return threadReadUpdate(services, userId, name)
  if (name.startsWith(PRIVACY_SETTING)) return privacyUpdate(services, userId, name)
  if (name === RECENT_REACTIONS_SETTING) return { _: 'updateRecentReactions' }
  if (name === TAGS_SETTING) return { _: 'updateSavedReactionTags' }
  if (name.startsWith(AS_MESSAGES_PREFIX)) return asMessagesUpdate(services, userId, name)
  if (isShelfSetting(name)) return shelfUpdate(services, userId, name)
  if (isFolderSetting(name)) return folderUpdate(services, userId, name)
  return notifyUpdate(services, userId, name)
}

async function ownUpdate(
  services: PushServices,
  userId: UserId,
  name: string,
): Promise<TlType<'Update'> | undefined> {
  if (name !== 'phone') return userNameUpdate(services, userId, true)
  services.directory.profileChanged(userId)
  const facts = await services.directory.find(userId)
  return facts && { _: 'updateUserPhone', userId, phone: facts.phone }
}

/** What a viewer is told when something of another user's account has changed, with the user as the viewer may see it now. */
export async function profileUpdates(
  services: PushServices,
  viewer: UserId,
  userId: UserId,
  change: string,
): Promise<Tl<'updates'> | undefined> {
  const named = await userNameUpdate(services, userId, viewer === userId)
  if (named === undefined) return undefined
  const now = nowSeconds(services)
  const users = await renderUsers(services.directory, viewer, [userId], now)
  if (change !== 'phone') return updatesOf([named], users, now)
  const phone = (users[0]?._ === 'user' && users[0].phone) || ''
  return phone === '' ? undefined : updatesOf([{ _: 'updateUserPhone', userId, phone }], users, now)
}

/** A user's name and username as they are now; undefined for an unknown user. */
export async function userNameUpdate(
  services: Pick<PushServices, 'directory'>,
  userId: UserId,
  isOwner: boolean,
): Promise<Tl<'updateUserName'> | undefined> {
  services.directory.profileChanged(userId)
  const facts = await services.directory.find(userId)
  if (facts === undefined) return undefined
  const { firstName, lastName, username } = facts
  const own =
    username === undefined ? [] : [{ _: 'username', username, editable: true, active: true } as const]
  const usernames = (facts.usernames ?? own).filter((each) => isOwner || each.active)
  return { _: 'updateUserName', userId, firstName, lastName, usernames }
}
