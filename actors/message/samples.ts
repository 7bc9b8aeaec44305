import {
  type ChatId,
  type DeleteMessages,
  type EditMessage,
  type MessageId,
  type MessageSent,
  type MessageSeq,
  type PeerId,
  privateChatId,
  type ReadHistory,
  type SendMessage,
  type UserChanged,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Mutation } from '@heliograph/storage'
import { projectBlocked } from '../account/blocked.ts'
import { projectUser } from '../account/user.ts'
import { someAt } from '../runtime/specification.ts'

/** Two people and their chats, for the specifications of messages and mailboxes. */

export const alice = 1_000_000_001 as UserId
export const bob = 1_000_000_002 as UserId
export const chat = privateChatId(alice, bob)
export const saved = privateChatId(alice, alice)

export const seq = (value: number): MessageSeq => value as MessageSeq
export const msgId = (value: number): MessageId => value as MessageId
export const peer = (userId: UserId): PeerId => userId as number as PeerId

export function userExists(userId: UserId): Mutation[] {
  const event: UserChanged = {
    type: 'UserChanged',
    userId,
    phoneHmac: `hmac of ${userId}`,
    profile: Buffer.from('profile'),
    username: null,
    createdAt: someAt.date,
    change: 'create',
    privacy: null,
    activeAt: null,
    deletedAt: null,
    formerPhoneHmac: null,
    formerUsername: null,
    changed: null,
  }
  return projectUser(event)
}
export const bothExist = [...userExists(alice), ...userExists(bob)]

export function blocks(userId: UserId, other: UserId): Mutation[] {
  return projectBlocked({
    type: 'BlockedSet',
    userId,
    peerId: peer(other),
    blocked: true,
    date: someAt.date,
  })
}

export function send(senderId: UserId, more: Partial<SendMessage> = {}): SendMessage {
  const sealed = Buffer.from('hello')
  const randomId = 77n
  return {
    type: 'SendMessage',
    chatId: chat,
    senderId,
    randomId,
    sealed,
    replyToSeq: null,
    silent: false,
    extra: null,
    words: null,
    ...more,
  }
}

/** What a first message by `senderId` in the chat becomes. */
export function sent(senderId: UserId, more: Partial<MessageSent> = {}): MessageSent {
  return {
    type: 'MessageSent',
    chatId: chat,
    seq: seq(1),
    senderId,
    date: someAt.date,
    randomId: 77n,
    sealed: Buffer.from('hello'),
    replyToSeq: null,
    silent: false,
    members: [alice, bob],
    lastOtherSeq: seq(0),
    extra: null,
    words: null,
    pts: 0,
    expiresAt: 0,
    ...more,
  }
}

export function edit(editorId: UserId, at: number, chatId: ChatId = chat): EditMessage {
  const sealed = Buffer.from('edited')
  return { type: 'EditMessage', chatId, editorId, seq: seq(at), sealed, extra: null, words: null }
}

export function remove(userId: UserId, seqs: number[], forAll: boolean): DeleteMessages {
  return { type: 'DeleteMessages', chatId: chat, userId, seqs: seqs.map(seq), forAll }
}

export function read(readerId: UserId, upToSeq: number): ReadHistory {
  return { type: 'ReadHistory', chatId: chat, readerId, upToSeq: seq(upToSeq) }
}
