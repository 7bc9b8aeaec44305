import {
  type ChatId,
  chatKindOf,
  type ReactionEvent,
  type RecordHeader,
  type UserId,
} from '@heliograph/schemas/avro'
import { userChannel } from '@heliograph/storage'
import { answer } from '../answer.ts'
import { publish } from '../message/channel.ts'
import type { Reaction } from '../runtime/decider.ts'

/** Who hears of it: everybody in a group or channel by one publication, members of a private chat each for itself. */
export function reactToReaction(event: ReactionEvent, header: RecordHeader): Reaction[] {
  const { chatId, date, userId } = event
  const told = { chatId, kind: 'reactions', date }
  const answered = header.reply === null ? [] : [answer(header.reply)]
  if (event.type === 'ReactionsRead') {
    return [...answered, ...toUsers([userId], publish(told, { seqs: event.seqs }, header.reply?.session))]
  }
  const { seq, authorId, unread, answers } = event
  const body = { seqs: [seq], senderId: userId, userIds: unread === 'set' ? [authorId] : [] }
  const heard = toldOf(chatId, event.told, publish(told, body, header.reply?.session))
  return answers ? [...answered, ...heard] : heard
}

type Heard = ReturnType<typeof publish>

/** The publication for all, or in a private chat one for each of `members`. */
export function toldOf(chatId: ChatId, members: readonly UserId[], heard: Heard): Heard[] {
  return chatKindOf(chatId) === 'private' ? toUsers(members, heard) : [heard]
}

function toUsers(users: readonly UserId[], heard: Heard): Heard[] {
  return users.map((userId) => ({ ...heard, channel: userChannel(userId) }))
}
