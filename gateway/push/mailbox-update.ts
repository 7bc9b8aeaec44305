import { chatIdOf, type MailboxUpdate, type PeerId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { DataKey } from '@heliograph/storage'
import { renderNamed, updatesOf } from '../rpc/messages/answers.ts'
import { type Content, chatKey, openBody } from '../rpc/messages/content.ts'
import { kindsOf } from '../rpc/messages/kinds.ts'
import { type MessageHead, renderMessage } from '../rpc/render/message.ts'
import { addPeersOf } from '../rpc/render/message-peers.ts'
import { renderPeer } from '../rpc/render/peer.ts'
import type { Services } from '../rpc/services.ts'
import { type Beside, besideOf } from '../rpc/views/beside.ts'

export type PushServices = Pick<
  Services,
  | 'tables'
  | 'keyring'
  | 'codec'
  | 'directory'
  | 'chats'
  | 'nowMs'
  | 'bus'
  | 'cache'
  | 'log'
  | 'hearing'
  | 'telemetry'
  | 'config'
>

export const nowSeconds = (services: Pick<PushServices, 'nowMs'>): number =>
  Math.floor(services.nowMs() / 1000)

/** A change of a mailbox as its user's sessions are told; at once when key and users are at hand. */
export function mailboxUpdates(
  services: PushServices,
  update: MailboxUpdate,
): Tl<'updates'> | undefined | Promise<Tl<'updates'>> {
  const { pts, ptsCount, date, peerId, msgId } = update
  switch (update.kind) {
    case 'message':
    case 'edit':
      return messageUpdates(services, update)
    case 'delete':
      return updatesOf([{ _: 'updateDeleteMessages', messages: update.msgIds, pts, ptsCount }], [], date)
    case 'read-in':
      return updatesOf([readInbox(update)], [], date)
    case 'read-out':
      return updatesOf(
        [{ _: 'updateReadHistoryOutbox', peer: renderPeer(peerId), maxId: msgId, pts, ptsCount }],
        [],
        date,
      )
    case 'pin':
    case 'unpin':
      return updatesOf([pinned(update)], [], date)
    case 'contents':
      return updatesOf(
        [{ _: 'updateReadMessagesContents', messages: update.msgIds, pts, ptsCount }],
        [],
        date,
      )
    default:
      return undefined
  }
}

function pinned({ kind, peerId, msgIds: messages, pts, ptsCount }: MailboxUpdate): TlType<'Update'> {
  const update = { _: 'updatePinnedMessages', peer: renderPeer(peerId), messages, pts, ptsCount } as const
  return kind === 'pin' ? { ...update, pinned: true } : update
}

function readInbox({ peerId, msgId, unread, pts, ptsCount }: MailboxUpdate): TlType<'Update'> {
  return {
    _: 'updateReadHistoryInbox',
    peer: renderPeer(peerId),
    maxId: msgId,
    stillUnreadCount: unread,
    pts,
    ptsCount,
  }
}

function messageUpdates(
  services: PushServices,
  update: MailboxUpdate,
): Tl<'updates'> | Promise<Tl<'updates'>> {
  const key = chatKey(services, chatIdOf(update.userId, update.peerId))
  if (key instanceof Promise) return key.then((found) => withKey(services, update, found))
  return withKey(services, update, key)
}

function withKey(
  services: PushServices,
  update: MailboxUpdate,
  key: DataKey | undefined,
): Tl<'updates'> | Promise<Tl<'updates'>> {
  const { userId, peerId } = update
  const content = openBody(services, chatIdOf(userId, peerId), key, update.sealed)
  const head = headOf(update)
  if (update.kind !== 'edit') return toldOf(services, update, renderMessage(userId, head, content))
  return besideEdited(services, update, content).then((beside) =>
    toldOf(services, update, renderMessage(userId, { ...head, ...beside }, content)),
  )
}

/** What others have done to a message that was edited. */
async function besideEdited(
  services: PushServices,
  { userId, peerId, seq, out }: MailboxUpdate,
  content: Content | undefined,
): Promise<Beside> {
  const kinds = content === undefined ? [] : kindsOf(content)
  const row = { kinds, copyOfChatId: null, copyOfSeq: null, sealedThere: null }
  const placed = { entry: { peerId, seq, out }, row, isPost: false }
  return (await besideOf(services.tables, userId, [placed], nowSeconds(services)))[0]!
}

function toldOf(
  services: PushServices,
  update: MailboxUpdate,
  message: TlType<'Message'>,
): Tl<'updates'> | Promise<Tl<'updates'>> {
  const { userId, pts, ptsCount } = update
  const told: TlType<'Update'> =
    update.kind === 'edit' ? editOf(update, message) : { _: 'updateNewMessage', message, pts, ptsCount }
  const peers = new Set<PeerId>([userId as number as PeerId])
  addPeersOf(peers, message)
  const named = renderNamed({ services, user: userId, now: nowSeconds(services) }, peers)
  if (named instanceof Promise)
    return named.then(({ users, chats }) => updatesOf([told], users, update.date, chats))
  return updatesOf([told], named.users, update.date, named.chats)
}

/** Where the page of a link has come, clients are told of that, and not of an edit. */
function editOf(
  { editDate, date, pts, ptsCount }: MailboxUpdate,
  message: TlType<'Message'>,
): TlType<'Update'> {
  const webpage = editDate < date ? pageOf(message) : undefined
  if (webpage !== undefined) return { _: 'updateWebPage', webpage, pts, ptsCount }
  return { _: 'updateEditMessage', message, pts, ptsCount }
}

/** The page that a message shows. */
export function pageOf(message: TlType<'Message'>): TlType<'WebPage'> | undefined {
  if (message._ !== 'message' || message.media?._ !== 'messageMediaWebPage') return undefined
  return message.media.webpage
}

/** Of the same shape as the heads of the sender's own answers, field by field: the engine then knows it everywhere. */
function headOf(update: MailboxUpdate): MessageHead {
  const { msgId, peerId, senderId, out, messageDate: date, editDate, silent } = update
  const { replyToMsgId, mentioned, expiresAt } = update
  const head = { msgId, peerId, senderId, out, date, editDate, silent, replyToMsgId }
  if (mentioned !== true && !expiresAt) return head
  const isNew = update.kind === 'message'
  return {
    ...head,
    expiresAt: expiresAt ?? 0,
    ...(mentioned === true && { mentioned, mediaUnread: isNew }),
  }
}
