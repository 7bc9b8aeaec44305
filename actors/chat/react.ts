import {
  type ChatChanged,
  chatKindOf,
  type GroupEvent,
  type JoinRequested,
  type MembersChanged,
  type OutboxRead,
  peerIdOfChat,
  type RecordHeader,
  type ReleaseUsername,
  type UnlinkChat,
  type UserId,
  usernameKey,
} from '@heliograph/schemas/avro'
import { accountUpdate, answered } from '../account/user-channel.ts'
import { dropCollection } from '../account/user-effects.ts'
import { answer } from '../answer.ts'
import { chatHolder, holdDocuments, releaseDocuments } from '../media/holding.ts'
import { publish } from '../message/channel.ts'
import type { Consequence, Publication, Reaction } from '../runtime/decider.ts'
import { continuation } from './end.ts'
import { reactToHanded } from './handed.ts'
import { inviteRequestSent } from './rejections.ts'

/**
 * Who hears of what happened to a group or channel: each member that it happened to, in its own channel; everybody else by one
 * publication in the chat's.
 */
export function reactToGroup(event: GroupEvent, header: RecordHeader): Reaction[] {
  switch (event.type) {
    case 'ChatChanged':
      return [...answeredBy(event, header), ...reactToChat(event, header)]
    case 'MembersChanged':
      return [...answeredBy(event, header), ...reactToMembers(event, header)]
    case 'InvitePut':
    case 'InvitesDeleted':
      return answeredBy(event, header)
    case 'JoinRequested':
      return reactToRequest(event, header)
    case 'RequestsAnswered':
      return [...answeredBy(event, header), publish({ ...event, kind: 'requests' }, about(event))]
    case 'MessagesHanded':
      return reactToHanded(event)
    case 'OutboxRead':
      return [...answered(header), readOut(event)]
  }
}

const answeredBy = ({ answers }: { answers: boolean }, header: RecordHeader): Reaction[] =>
  answers ? answered(header) : []

const about = ({ byUserId, userIds }: { byUserId: UserId; userIds: UserId[] }) => ({
  senderId: byUserId,
  userIds,
})

function reactToMembers(event: MembersChanged, header: RecordHeader): Reaction[] {
  const peerId = peerIdOfChat(event.chatId)
  const userIds = event.changes.map(({ member }) => member.peerId as number as UserId).filter((id) => id > 0)
  const own = userIds.map((userId) => lasting(accountUpdate(userId, 'chat', header, { peerId })))
  return [...own, lasting(publish({ ...event, kind: 'members' }, about({ ...event, userIds })))]
}

/** Gateways go by who is in, and by what a chat allows: who has been removed hears on where they do not learn of it. */
const lasting = (told: Publication): Publication => ({ ...told, lasting: true })

function reactToChat(event: ChatChanged, header: RecordHeader): Reaction[] {
  const { chatId, info, change, byUserId } = event
  const peerId = peerIdOfChat(chatId)
  const hasEnded = change === 'delete' || change === 'migrate'
  const own = hasEnded ? info.members.map((userId) => accountUpdate(userId, 'chat', header, { peerId })) : []
  return [
    ...own,
    lasting(publish({ ...event, kind: 'info' }, { senderId: byUserId })),
    ...continuation(event),
    ...givenUp(event),
    ...holdDocuments(event.files, chatHolder(chatId)),
    ...releaseDocuments(event.lostFiles, chatHolder(chatId)),
  ]
}

/** The actor of a name that the chat has no more frees it, and the chat that it was linked to learns that it is alone. */
function givenUp({ chatId, change, formerUsername, formerLinkedChatId }: ChatChanged): Consequence[] {
  const orders: Consequence[] = []
  if (formerUsername !== null) {
    const username = formerUsername.toLowerCase()
    const userId = peerIdOfChat(chatId) as number as UserId
    const record: ReleaseUsername = { type: 'ReleaseUsername', username, userId }
    orders.push(order('account.commands', usernameKey(username), record))
  }
  if (change === 'delete' && chatKindOf(chatId) === 'channel')
    orders.push(dropCollection(peerIdOfChat(chatId) as number as UserId))
  // An unlinking that comes from the other side is known there.
  if (formerLinkedChatId !== null && change !== 'unlink') {
    const record: UnlinkChat = { type: 'UnlinkChat', chatId: formerLinkedChatId, fromChatId: chatId }
    orders.push(order('chat.commands', formerLinkedChatId, record))
  }
  return orders
}

function order(topic: Consequence['topic'], key: string, record: Consequence['record']): Consequence {
  return { kind: 'record', topic, key, record, reply: null }
}

/** The caller learns as an error that it has to wait: so the protocol has it. */
function reactToRequest(event: JoinRequested, { reply }: RecordHeader): Reaction[] {
  const told = publish({ ...event, kind: 'requests' }, about({ ...event, userIds: [event.userId] }))
  if (reply === null) return [told]
  const { record, ...to } = answer(reply)
  return [{ ...to, record: { ...record, error: inviteRequestSent.rejected } } as Reaction, told]
}

function readOut({ topReaderId, topReadSeq, secondReadSeq, ...event }: OutboxRead): Reaction {
  const marks = { seq: topReadSeq, seqs: [topReadSeq, secondReadSeq], senderId: topReaderId }
  return publish({ ...event, kind: 'read-out' }, marks)
}
