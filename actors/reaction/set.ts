import {
  chatKindOf,
  MAX_OWN_REACTIONS,
  MAX_UNIQUE_REACTIONS,
  type ReactionsChanged,
  type SetReactions,
} from '@heliograph/schemas/avro'
import { messageReactions, messageReactors, type RowRef } from '@heliograph/storage'
import { isSavedMessages } from '../message/members.ts'
import type { At, Decision, Rejection, Rows } from '../runtime/decider.ts'
import { authorOf, type Place, placeOf, placeRefs } from './place.ts'
import { type OwnReactions, ownReactions, recentAfter, recounted, type Said, saidTo } from './state.ts'

const notModified: Rejection = { code: 400, message: 'MESSAGE_NOT_MODIFIED' }
const tooMany: Rejection = { code: 400, message: 'REACTIONS_TOO_MANY' }
const invalid: Rejection = { code: 400, message: 'REACTION_INVALID' }

export function needsOfSet(command: SetReactions): RowRef[] {
  const { chatId, seq, userId } = command
  return [
    ...placeRefs(command),
    { table: messageReactions, key: { chatId, seq } },
    { table: messageReactors, key: { chatId, seq, userId } },
  ]
}

/**
 * The user says all of this to the message, and nothing else. Rejects with REACTIONS_TOO_MANY (of one user, or different ones to
 * the message), REACTION_INVALID (not among those of the chat), MESSAGE_NOT_MODIFIED, and as `placeOf`.
 */
export function decideSet(rows: Rows, command: SetReactions, at: At): Decision<ReactionsChanged> {
  const { chatId, seq, userId } = command
  const place = placeOf(rows, command, at)
  if ('rejected' in place) return place
  const reactions = [...new Set(command.reactions)]
  const own = ownReactions(rows, chatId, seq, userId)
  const said = saidTo(rows, chatId, seq)
  const rejected = refusal(place, reactions, own, said)
  if (rejected !== undefined) return { rejected }
  return { events: [changed({ ...command, reactions }, place, own, said, at)] }
}

function refusal({ info }: Place, reactions: string[], own: OwnReactions, said: Said): Rejection | undefined {
  if (reactions.length > MAX_OWN_REACTIONS) return tooMany
  const isSame =
    reactions.length === own.reactions.length && reactions.every((each, i) => each === own.reactions[i])
  if (isSame) return notModified
  const fresh = reactions.filter((reaction) => !own.reactions.includes(reaction))
  const allowed = info?.reactions ?? null
  if (allowed !== null && fresh.some((reaction) => !allowed.includes(reaction))) return invalid
  const unique = recounted(said.counts, own.reactions, reactions)
  const isNew = fresh.some((reaction) => !said.counts.some((each) => each.reaction === reaction))
  return isNew && unique.length > (info?.reactionsLimit || MAX_UNIQUE_REACTIONS) ? tooMany : undefined
}

/** The event of a change of what one user says. */
export function changed(
  { chatId, seq, userId, reactions, big }: Omit<SetReactions, 'type'>,
  place: Place,
  own: OwnReactions,
  said: Said,
  at: At,
): ReactionsChanged {
  const counts = recounted(said.counts, own.reactions, reactions)
  const isSeen = place.info?.kind !== 'broadcast'
  const authorId = authorOf(place)
  return {
    type: 'ReactionsChanged',
    chatId,
    seq,
    userId,
    date: at.date,
    reactions,
    big,
    before: [...own.reactions],
    beforeDate: own.date,
    counts,
    recent: isSeen ? recentAfter(said.recent, { userId, reactions, date: at.date, big }) : [],
    authorId,
    unread: unreadAfter(counts.length, authorId, userId, reactions.length > 0),
    told: chatKindOf(chatId) === 'private' ? [...place.message.keptBy] : [],
    answers: true,
  }
}

function unreadAfter(left: number, authorId: number, userId: number, isSaid: boolean): string {
  if (authorId === 0) return 'keep'
  if (left === 0) return 'clear'
  return isSaid && authorId !== userId ? 'set' : 'keep'
}

/** Whether reactions are tags of the user's own: in Saved Messages. */
export const areTags = isSavedMessages
