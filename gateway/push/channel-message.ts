import {
  type ChatId,
  type ChatUpdate,
  numberOfChat,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { DataKey } from '@heliograph/storage'
import type { ChatFacts } from '../rpc/directory/chat-facts.ts'
import { renderNamed, updatesOf } from '../rpc/messages/answers.ts'
import { type Content, chatKey, openBody } from '../rpc/messages/content.ts'
import { isBroadcast } from '../rpc/messages/mailbox/broadcast.ts'
import { renderMessage } from '../rpc/render/message.ts'
import { addPeersOf } from '../rpc/render/message-peers.ts'
import { copiedFrom, freshReplies, type ThreadMarks, threadMarksOf } from '../rpc/threads/marks.ts'
import { type Beside, neutralBeside } from '../rpc/views/beside.ts'
import { NEUTRAL, neutrally } from './chat-update.ts'
import { nowSeconds, type PushServices, pageOf } from './mailbox-update.ts'

/** A channel's new or edited message, opened once for all who hear of it. */
export interface HeardMessage {
  readonly update: ChatUpdate
  readonly peerId: PeerId
  readonly content: Content | undefined
  readonly isPost: boolean
  /** What it shows of threads and topics, and what others have done to it. */
  readonly threads: ThreadMarks & Beside
  /** It may name files, each under another access hash for every viewer. */
  readonly hasFiles: boolean
}

/** Opens the message of an update; at once where key and channel are at hand. */
export function hearMessage(
  services: PushServices,
  update: ChatUpdate,
): HeardMessage | Promise<HeardMessage> {
  const { chatId, extra } = update
  const sealedIn = extra?.copyOf?.sealedThere === true ? extra.copyOf.chatId : chatId
  const key = chatKey(services, sealedIn)
  const facts = services.chats.cachedFacts(chatId) ?? services.chats.find(chatId)
  const threads = update.kind === 'edit' ? marksOfEdited(services, update) : undefined
  if (!(key instanceof Promise) && !(facts instanceof Promise) && threads === undefined)
    return opened(services, update, sealedIn, key, facts, marksOfNew(update, facts))
  return Promise.all([key, facts, threads]).then(([found, known, marks]) =>
    opened(services, update, sealedIn, found, known, marks ?? marksOfNew(update, known)),
  )
}

/** An edited message may have been answered, and reacted to. */
async function marksOfEdited(services: PushServices, { chatId, seq, extra }: ChatUpdate) {
  const { tables } = services
  const threadSeq = extra?.threadSeq ?? null
  const placed = { entry: { peerId: peerIdOfChat(chatId), seq }, row: { threadSeq } }
  const isPost = await isBroadcast(tables, chatId)
  const place = { chatId, seq, out: false, isPost }
  const [[marks], beside] = await Promise.all([
    threadMarksOf(tables, NEUTRAL, [placed]),
    neutralBeside(tables, place, extra?.kinds ?? [], nowSeconds(services)),
  ])
  return { ...marks!, ...beside }
}

function marksOfNew({ extra }: ChatUpdate, facts: ChatFacts | undefined): ThreadMarks {
  const isTopic = (extra?.threadSeq ?? null) !== null && facts?.flags.has('forum') === true
  const replies = freshReplies(facts, extra?.threadSeq)
  return { ...(isTopic && { isForumTopic: true }), ...(replies !== undefined && { replies }) }
}

function opened(
  services: PushServices,
  update: ChatUpdate,
  sealedIn: ChatId,
  key: DataKey | undefined,
  facts: ChatFacts | undefined,
  threads: ThreadMarks & Beside,
): HeardMessage {
  const content = openBody(services, sealedIn, key, update.sealed)
  const hasFiles = (update.extra?.files.length ?? 0) > 0 || content?.action != null
  const isPost = facts?.kind === 'broadcast'
  return { update, peerId: peerIdOfChat(update.chatId), content, isPost, threads, hasFiles }
}

/** For everybody but the sender and those whom it mentions: one value, however many they are. */
export function neutralMessage(
  services: PushServices,
  heard: HeardMessage,
): Tl<'updates'> | Promise<Tl<'updates'>> {
  const message = renderFor(NEUTRAL, heard)
  const peers = new Set<PeerId>()
  addPeersOf(peers, message)
  return neutrally(services, toldOf(heard, message), peers, heard.update.date)
}

/** For one user, as that one sees it. */
export function ownMessage(
  services: PushServices,
  viewer: UserId,
  heard: HeardMessage,
): Tl<'updates'> | Promise<Tl<'updates'>> {
  const message = renderFor(viewer, heard)
  const told = toldOf(heard, message)
  const peers = new Set<PeerId>([viewer as number as PeerId])
  addPeersOf(peers, message)
  const { date } = heard.update
  const named = renderNamed({ services, user: viewer, now: nowSeconds(services) }, peers)
  if (named instanceof Promise) return named.then(({ users, chats }) => updatesOf([told], users, date, chats))
  return updatesOf([told], named.users, date, named.chats)
}

function toldOf({ update }: HeardMessage, message: TlType<'Message'>): TlType<'Update'> {
  const { kind, pts, ptsCount, editDate, date, chatId } = update
  const webpage = kind === 'edit' && editDate < date ? pageOf(message) : undefined
  if (webpage !== undefined)
    return { _: 'updateChannelWebPage', channelId: numberOfChat(chatId), webpage, pts, ptsCount }
  return {
    _: kind === 'edit' ? 'updateEditChannelMessage' : 'updateNewChannelMessage',
    message,
    pts,
    ptsCount,
  }
}

function renderFor(
  viewer: UserId,
  { update, peerId, content, isPost, threads }: HeardMessage,
): TlType<'Message'> {
  const { seq, senderId, messageDate, editDate, silent, replyToSeq, extra, expiresAt, userIds } = update
  const threadSeq = extra?.threadSeq ?? null
  const copy = extra?.copyOf?.sealedThere === true ? copiedFrom(extra.copyOf) : undefined
  const mentioned = viewer !== NEUTRAL && userIds.includes(viewer)
  const head = {
    msgId: seq,
    peerId,
    senderId,
    out: senderId === viewer,
    date: messageDate,
    editDate,
    silent,
    replyToMsgId: replyToSeq ?? 0,
    isPost,
    postAs: extra?.postAs ?? null,
    mentioned,
    mediaUnread: mentioned && update.kind === 'message',
    expiresAt,
    ...threads,
    ...(threadSeq !== null && { threadMsgId: threadSeq }),
    ...(copy !== undefined && { copiedFrom: copy }),
  }
  return renderMessage(viewer, head, content)
}
