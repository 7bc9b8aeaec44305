import type { Random } from '@heliograph/actors/simulation'
import {
  type EditMessage,
  type MessageExtra,
  type MessageSeq,
  NO_EXTRA,
  type UserId,
} from '@heliograph/schemas/avro'
import { chatMembers, messages, type Tables } from '@heliograph/storage'
import { bytes, PEOPLE, type Place, somebodyOf, someSeq } from './public-places.ts'
import { FEW_EMOJI } from './public-rules.ts'
import type { Command, Scripted } from './scripted.ts'

/** What people say to messages: reactions, votes, and their being counted. */

const EMOJI = [...FEW_EMOJI, '🔥', '🎉']
const OPTIONS = [0, 1, 2].map((option) => Buffer.from([option]))
const NOWHERE = 999_999 as MessageSeq

export function someSaying(random: Random, place: Place): Scripted {
  const { chatId } = place
  const byUserId = somebodyOf(place, random)
  const seqs = [someSeq(place, random), someSeq(place, random)]
  switch (random.below(12)) {
    case 0:
      return { type: 'ClearReactions', chatId, byUserId, userId: random.pick(PEOPLE), seqs: everySeq(place) }
    case 1:
      return {
        type: 'ReadReactions',
        chatId,
        userId: byUserId,
        kind: random.pick(['reactions', 'reactions', 'votes']),
        seqs: everySeq(place),
      }
    case 2:
      return {
        type: 'CountViews',
        chatId,
        posts: [{ seq: seqs[0]!, views: 1 + random.below(3), forwards: 1 }],
      }
    case 3:
      return about(random, place, 'poll', (userId, seq) => ({ type: 'ClosePoll', chatId, userId, seq }))
    case 4:
    case 5:
    case 6: {
      const options = some(random, OPTIONS)
      return about(random, place, 'poll', (userId, seq) => ({
        type: 'VotePoll',
        chatId,
        userId,
        seq,
        options,
      }))
    }
    default: {
      const what = { reactions: some(random, EMOJI), big: false }
      return about(random, place, 'any', (userId, seq) => ({
        type: 'SetReactions',
        chatId,
        userId,
        seq,
        ...what,
      }))
    }
  }
}

export const everySeq = ({ posts }: Place): MessageSeq[] =>
  Array.from({ length: Math.min(posts, 100) }, (_, i) => (i + 1) as MessageSeq)

/** Mostly one, now and then none or several. */
function some<T>(random: Random, values: readonly T[]): T[] {
  const count = random.pick([0, 1, 1, 1, 2, values.length])
  return Array.from({ length: count }, () => random.pick(values))
}

/** By somebody who is in the chat, mostly, about a message that is there, or a poll. */
function about(
  random: Random,
  place: Place,
  what: 'poll' | 'any',
  act: (userId: UserId, seq: MessageSeq) => Command,
): Scripted {
  const [who, which, anybody] = [random.below(1000), random.below(1000), somebodyOf(place, random)]
  const isMember = random.below(5) > 0
  const { chatId } = place
  return async (tables) => {
    const members = await tables.range(chatMembers, { chatId }, { limit: 100 })
    const inside = members.filter(({ isIn }) => isIn).map(({ peerId }) => peerId as number as UserId)
    const found = await tables.range(messages, { chatId }, { limit: 100 })
    const meant = found.filter(({ kinds, service }) => !service && (what === 'any' || kinds?.includes(what)))
    const userId = isMember ? (inside[who % Math.max(1, inside.length)] ?? anybody) : anybody
    return act(userId, (meant[which % Math.max(1, meant.length)]?.seq ?? NOWHERE) as MessageSeq)
  }
}

export function somePoll(random: Random, i: number): MessageExtra {
  const poll = {
    pollId: BigInt(i),
    options: OPTIONS,
    multiple: random.below(2) === 0,
    quiz: false,
    publicVoters: random.below(2) === 0,
    noRevote: random.below(4) === 0,
    hiddenResults: false,
    correct: [],
    closeDate: 0,
  }
  return { ...NO_EXTRA, kinds: ['poll'], poll }
}

/** An edit keeps what is in a message, as its gateway makes sure. */
export function someEdit(random: Random, place: Place, i: number): Scripted {
  const { chatId } = place
  const as = { chatId, sealed: bytes('edit', i), words: null, log: bytes('log', i) }
  const isOwn = random.below(3) > 0
  const edited = about(random, place, 'any', (editorId, seq) => ({
    type: 'EditMessage',
    editorId,
    seq,
    extra: null,
    ...as,
  })) as (tables: Tables) => Promise<EditMessage>
  return async (tables) => {
    const command = await edited(tables)
    const [row] = await tables.getMany([{ table: messages, key: { chatId, seq: command.seq } }])
    const isPoll = (row?.kinds as readonly string[] | undefined)?.includes('poll') === true
    const editorId = isOwn && row !== undefined ? (row.senderId as UserId) : command.editorId
    return { ...command, editorId, extra: isPoll ? { ...NO_EXTRA, kinds: ['poll'] } : null }
  }
}
