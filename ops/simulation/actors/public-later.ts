import { type Random, WORLD_TIME_MS } from '@heliograph/actors/simulation'
import {
  BANNED_RIGHTS,
  type ChatCommand,
  type ExpireMessages,
  type FireScheduled,
  type MessageSeq,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  ALARM_SHARDS,
  type AnyRow,
  alarms,
  chatInvites,
  chatMembers,
  joinRequests,
  scheduledMessages,
  type Tables,
} from '@heliograph/storage'
import { bytes, PEOPLE, type Place } from './public-places.ts'
import { HASHES } from './public-rules.ts'
import type { Scripted } from './scripted.ts'

/** What waits in a chat: messages to be sent, timers of messages, people at the door. */

const START = WORLD_TIME_MS / 1000
const MAX_LISTED = 100

export function someLater(random: Random, place: Place, i: number): Scripted {
  const { chatId } = place
  const senderId = random.below(3) > 0 ? place.creatorId : random.pick(PEOPLE)
  const dueAt = START + i + random.below(20)
  const body = { sealed: bytes('later', i), extra: null, words: null, dueAt }
  const id = 1 + random.below(2)
  switch (random.below(8)) {
    case 0:
      return { type: 'EditScheduled', chatId, senderId, id, ...body }
    case 1:
      return { type: 'CancelScheduled', chatId, senderId, ids: [id, 1 + random.below(3)] }
    case 2:
    case 3:
      place.posts++
      return someFiring(random, place)
    case 4:
    case 5:
      return someExpiry(random, place)
    default: {
      const how = { randomId: BigInt(i), replyToSeq: null, silent: false }
      return { type: 'ScheduleMessage', chatId, senderId, ...how, ...body }
    }
  }
}

/** An alarm rings, perhaps too early; or a sender does not wait for it. */
function someFiring(random: Random, place: Place): Scripted {
  const [choice, isCall] = [random.below(1000), random.below(3) === 0]
  return async (tables) => {
    const bells = await bellsOf(tables, place, 'scheduled')
    const bell = bells[choice % Math.max(1, bells.length)]
    const nothing = { senderId: PEOPLE[0]!, id: MAX_LISTED, dueAt: 1, randomId: 0n, replyToSeq: null }
    const command = { type: 'FireScheduled', chatId: place.chatId, threadSeq: null } as const
    if (bell === undefined) return { ...command, ...nothing }
    const [senderId, id] = [bell.ownerId as UserId, bell.id as number]
    const key = { chatId: place.chatId, senderId, id }
    const [row] = await tables.getMany([{ table: scheduledMessages, key }])
    const fired: FireScheduled = {
      ...command,
      senderId,
      id,
      dueAt: isCall ? 0 : (bell.dueAt as number),
      randomId: (row?.randomId ?? 0n) as bigint,
      replyToSeq: (row?.replyToSeq ?? null) as MessageSeq | null,
    }
    return fired
  }
}

/** The timers of some messages are said to have run out: all that are set for one time, or for times of their own. */
function someExpiry(random: Random, place: Place): Scripted {
  const choice = random.below(1000)
  return async (tables) => {
    const bells = await bellsOf(tables, place, 'expire')
    const dueAt = Number(bells[choice % Math.max(1, Math.min(3, bells.length))]?.dueAt ?? START)
    const due = bells.filter((bell) => bell.dueAt === dueAt)
    const seqs = due.map(({ id }) => id as MessageSeq)
    const command: ExpireMessages = { type: 'ExpireMessages', chatId: place.chatId, dueAt, seqs }
    return command
  }
}

/** Alarms of a chat, those that are due first first. */
async function bellsOf(tables: Tables, { chatId }: Place, what: string): Promise<AnyRow[]> {
  const found: AnyRow[] = []
  for (let shard = 0; shard < ALARM_SHARDS; shard++)
    found.push(...(await tables.range(alarms, { shard }, { limit: MAX_LISTED })))
  return found.filter((row) => row.chatId === chatId && row.what === what)
}

/** Mostly by somebody who is not in, by a link that is there. */
export function someJoin(random: Random, { chatId }: Place, told: Told): Scripted {
  const [who, which] = [random.below(1000), random.below(1000)]
  const [isAnybody, byName] = [random.below(6) === 0, random.below(2) === 0]
  return async (tables) => {
    const members = await tables.range(chatMembers, { chatId }, { limit: MAX_LISTED })
    const inside = members.filter(({ isIn }) => isIn).map(({ peerId }) => peerId)
    const outside = PEOPLE.filter((each) => isAnybody || !inside.includes(each))
    const links = await tables.range(chatInvites, { chatId }, { limit: MAX_LISTED })
    const hash = String(links[which % Math.max(1, links.length)]?.hash ?? HASHES[0])
    const userId = outside[who % Math.max(1, outside.length)] ?? PEOPLE[who % PEOPLE.length]!
    const command: ChatCommand = { type: 'JoinChat', chatId, userId, invite: byName ? null : hash, ...told }
    return command
  }
}

interface Told {
  readonly service: Buffer | null
  readonly serviceRandomId: bigint
  readonly log: Buffer | null
}

/** Whoever waits to be let in, all or one of them, gets an answer; one may be banned at the door instead. */
export function someAnswer(
  random: Random,
  { chatId, creatorId }: Place,
  told: Told & { readonly byUserId: UserId },
): Scripted {
  const [approved, one, bans] = [random.below(3) > 0, random.below(3), random.below(2) === 0]
  return async (tables) => {
    const rows = await tables.range(joinRequests, { chatId }, { limit: MAX_LISTED })
    const [first] = rows
    if (bans && first !== undefined) {
      const how = { peerId: first.userId as PeerId, banned: BANNED_RIGHTS.viewMessages, untilDate: 0 }
      return { type: 'SetBanned', chatId, ...how, ...told, byUserId: creatorId }
    }
    const meant = one < rows.length ? rows.slice(0, one + 1) : rows
    const userIds = meant.map(({ userId }) => userId as UserId)
    const invites = [...new Set(meant.map(({ invite }) => String(invite ?? '')))].filter(Boolean)
    const byUserId = one > 0 ? creatorId : told.byUserId
    const answered = { userIds, invites, approved, ...told, byUserId }
    return { type: 'AnswerRequests', chatId, ...answered }
  }
}
