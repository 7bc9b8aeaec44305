import {
  type ChatId,
  type MessageContent as Content,
  MessageContent,
  type RecordCodec,
  type UserId,
  userKey,
} from '@heliograph/schemas/avro'
import { chatScope, type DataKey, type Keyring, userScope } from '@heliograph/storage'
import { open, seal } from '@heliograph/topics'
import { rememberOrigin } from '../upload/stamp-source.ts'
import { RecentBodies } from './recent-bodies.ts'

export interface ContentSealing {
  readonly keyring: Keyring
  readonly codec: RecordCodec
  readonly nowMs?: () => number
}

const bodyContext = (chatId: ChatId) => ({ topic: 'chat.events', key: chatId, type: MessageContent.name })
const draftContext = (userId: UserId) => ({
  topic: 'account.events',
  key: userKey(userId),
  type: MessageContent.name,
})

/** Text without anything else. */
export function textContent(
  text: string,
  entities: Content['entities'] = [],
  flags: Content['flags'] = [],
): Content {
  return {
    type: 'MessageContent',
    text,
    entities,
    forward: null,
    quote: null,
    flags,
    media: null,
    groupedId: null,
    action: null,
    postAuthor: null,
    viaBotId: null,
    replyElsewhere: null,
  }
}

const recents = new WeakMap<Keyring, RecentBodies>()

function recentOf(keyring: Keyring): RecentBodies {
  let recent = recents.get(keyring)
  if (recent === undefined) {
    recent = new RecentBodies()
    recents.set(keyring, recent)
  }
  return recent
}

/** Seals a message body under its chat's data key, at once where that is at hand. */
export function sealBody(to: ContentSealing, chatId: ChatId, content: Content): Buffer | Promise<Buffer> {
  const scope = chatScope(chatId)
  const key = to.keyring.cached(scope)
  if (key !== undefined) return sealWith(to, chatId, content, key)
  return to.keyring.obtain(scope).then((made) => sealWith(to, chatId, content, made))
}

function sealWith(to: ContentSealing, chatId: ChatId, content: Content, key: DataKey): Buffer {
  const sealed = seal(key.key, bodyContext(chatId), to.codec.encodeBare(content))
  recentOf(to.keyring).add(chatId, sealed, content, key.key)
  if (content.media !== null || content.action !== null) rememberOrigin(content, to)
  return sealed
}

/** Opens a message body with its chat's key; undefined where it cannot be read (a shredded key, other bytes). */
export function openBody(
  from: ContentSealing,
  chatId: ChatId,
  key: DataKey | undefined,
  sealed: Buffer | null,
): Content | undefined {
  if (key === undefined || sealed === null) return undefined
  const recent = recentOf(from.keyring).find(chatId, sealed, key.key)
  return recent ?? decode(from, open(key.key, bodyContext(chatId), sealed))
}

/** The data key of a chat; undefined where there is none. */
export function chatKey(from: ContentSealing, chatId: ChatId): DataKey | Promise<DataKey | undefined> {
  const scope = chatScope(chatId)
  return from.keyring.cached(scope) ?? from.keyring.find(scope)
}

/** Seals a draft under its owner's data key. */
export async function sealDraft(to: ContentSealing, userId: UserId, content: Content): Promise<Buffer> {
  const { key } = await to.keyring.obtain(userScope(userId))
  return seal(key, draftContext(userId), to.codec.encodeBare(content))
}

export function openDraft(
  from: ContentSealing,
  userId: UserId,
  key: DataKey | undefined,
  sealed: Buffer | null,
): Content | undefined {
  if (key === undefined || sealed === null) return undefined
  return decode(from, open(key.key, draftContext(userId), sealed))
}

function decode(from: ContentSealing, plain: Buffer | undefined): Content | undefined {
  if (plain === undefined) return undefined
  const record = from.codec.decodeBare<Content>(plain)
  if (record.type !== 'MessageContent') return undefined
  if (record.media !== null || record.action !== null) rememberOrigin(record, from)
  return record
}

export type { Content }
