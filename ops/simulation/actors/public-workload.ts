import { type Random, WORLD_TIME_MS } from '@heliograph/actors/simulation'
import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatCommand,
  channelChatId,
  groupChatId,
  type MessageSeq,
  NO_EXTRA,
  type PeerId,
  peerIdOfChat,
  UNCHANGED_CHAT,
  type UserId,
} from '@heliograph/schemas/avro'
import { mailboxHistory } from '@heliograph/storage'
import { someAnswer, someJoin, someLater } from './public-later.ts'
import { bytes, PEOPLE, type Place, somebodyOf, someSeq } from './public-places.ts'
import { FEW_EMOJI, HASHES, SLOW_SECONDS, someLink, someRules, someStanding } from './public-rules.ts'
import { everySeq, someEdit, somePoll, someSaying } from './public-sayings.ts'
import type { Scripted } from './scripted.ts'

const [ALICE, BOB, CAROL] = PEOPLE as [UserId, UserId, UserId]
const START = WORLD_TIME_MS / 1000
const TTL_SECONDS = 12
const SUCCESSOR = channelChatId(5_000_000_004)
/** What happens in groups hangs on more than what happens between two. */
const ACTS_PER_COMMAND = 5
const MAX_STAGE = 12
const { viewMessages, sendMessages, inviteUsers, pinMessages, changeInfo, sendPolls, sendReactions } =
  BANNED_RIGHTS
const { banUsers, deleteMessages, addAdmins, postMessages, editMessages } = ADMIN_RIGHTS
const POWERS = [
  banUsers | deleteMessages,
  postMessages | ADMIN_RIGHTS.inviteUsers,
  addAdmins | banUsers | ADMIN_RIGHTS.pinMessages,
  editMessages | ADMIN_RIGHTS.changeInfo,
]

/** A basic group, a supergroup and a broadcast channel are made; then people come, go, write and rule in them. */
export function somePublicScript(random: Random, length: number): Scripted[][] {
  const places: Place[] = [
    { chatId: groupChatId(5_000_000_001), kind: 'group', creatorId: ALICE, posts: 1 },
    { chatId: channelChatId(5_000_000_002), kind: 'supergroup', creatorId: BOB, posts: 1 },
    { chatId: channelChatId(5_000_000_003), kind: 'broadcast', creatorId: CAROL, posts: 1 },
  ]
  const channels = places.filter(({ kind }) => kind !== 'group')
  const begin = [
    places.map((place, i) => founding(place, i, random.below(2) * TTL_SECONDS)),
    places.flatMap((place, i) => someRules(random, place, i)),
    channels.map((place, i) => inviting(random, place, i)),
    places.flatMap((place, i) => someStanding(random, place, i)),
  ]
  const crowd = new Crowd(random, places)
  const acts = Array.from({ length: ACTS_PER_COMMAND * length }, (_, i) => crowd.next(i, length))
  return [...begin, ...inStages(random, acts)]
}

/** Now and then everything comes to rest, and people see how things stand before they go on. */
function inStages(random: Random, acts: readonly Scripted[]): Scripted[][] {
  const stages: Scripted[][] = []
  for (let from = 0; from < acts.length; from += stages.at(-1)!.length)
    stages.push(acts.slice(from, from + 2 + random.below(MAX_STAGE)))
  return stages
}

function inviting(random: Random, { chatId, creatorId }: Place, i: number): ChatCommand {
  const told = { service: null, serviceRandomId: BigInt(-10 - i), log: null }
  return {
    type: 'AddMembers',
    chatId,
    byUserId: creatorId,
    userIds: PEOPLE.slice(0, 1 + random.below(3)),
    forwardLimit: 0,
    ...told,
  }
}

function founding({ chatId, kind, creatorId }: Place, i: number, ttlSeconds: number): ChatCommand {
  return {
    type: 'CreateChat',
    chatId,
    creatorId,
    kind,
    profile: bytes('profile', i),
    flags: [],
    ttlSeconds,
    memberIds: kind === 'group' ? PEOPLE.slice(0, 3) : [],
    migratedFrom: null,
    migratedMaxSeq: 0,
    service: bytes('created', i),
    serviceRandomId: BigInt(-1 - i),
  }
}

class Crowd {
  readonly #random: Random
  readonly #places: readonly Place[]

  constructor(random: Random, places: readonly Place[]) {
    this.#random = random
    this.#places = places
  }

  /** `length` tells how long all this goes on: chats end only after a while. */
  next(i: number, length: number): Scripted {
    const random = this.#random
    const place = random.pick([...this.#places, this.#places[0]!, this.#places[1]!])
    if (i > 2 * length && random.below(30) === 0) return this.#end(place, i)
    switch (random.below(23)) {
      case 0:
        return this.#join(place, i)
      case 1:
        return this.#add(place, i)
      case 2:
        return this.#leave(place, i)
      case 3:
      case 4:
        return this.#rule(place, i)
      case 5:
        return this.#settings(place, i)
      case 6:
      case 7:
        return this.#change(place, i)
      case 8:
        return this.#read(place)
      case 9:
      case 10:
      case 11:
      case 12:
        return someSaying(random, place)
      case 13:
        return someLater(random, place, i)
      case 14:
        return this.#door(place, i)
      case 15:
        return this.#join(place, i)
      case 16:
        return someLater(random, place, i)
      default:
        return this.#send(place, i)
    }
  }

  /** Basic groups are told of everything; the others now and then of nothing. */
  #told(place: Place, i: number) {
    const isTold = place.kind === 'group' || (place.kind === 'supergroup' && this.#random.below(3) > 0)
    if (isTold) place.posts++
    const log = this.#random.below(2) === 0 ? bytes('log', i) : null
    const service = isTold ? bytes('service', i) : null
    return { service, serviceRandomId: BigInt(-100 - i), log }
  }

  #send(place: Place, i: number): ChatCommand {
    const random = this.#random
    const { chatId } = place
    const somebody = place.kind === 'supergroup' ? random.pick(PEOPLE) : somebodyOf(place, random)
    const senderId = random.below(2) === 0 ? (place.lastSender ?? somebody) : somebody
    place.lastSender = senderId
    const replyToSeq = random.below(3) === 0 ? someSeq(place, this.#random) : null
    place.posts++
    const extra = this.#extra(i)
    const [randomId, silent] = [BigInt(i), false]
    const sealed = bytes('text', i)
    return { type: 'SendMessage', chatId, senderId, randomId, sealed, replyToSeq, silent, extra, words: null }
  }

  #extra(i: number) {
    const random = this.#random
    switch (random.below(8)) {
      case 0:
      case 1:
        return somePoll(random, i)
      case 2:
      case 3:
        return { ...NO_EXTRA, mentions: [random.pick(PEOPLE)] }
      default:
        return null
    }
  }

  #change(place: Place, i: number): Scripted {
    const random = this.#random
    const { chatId } = place
    const userId = somebodyOf(place, this.#random)
    const seqs = [someSeq(place, this.#random), someSeq(place, this.#random)]
    const log = bytes('log', i)
    switch (random.below(4)) {
      case 0:
        return someEdit(random, place, i)
      case 1: {
        const service = random.below(2) === 0 ? bytes('pinned', i) : null
        if (service !== null) place.posts++
        const how = {
          pinned: random.below(3) > 0,
          oneSide: false,
          service,
          serviceRandomId: BigInt(-100 - i),
        }
        return { type: 'PinMessages', chatId, userId, seqs: seqs.slice(0, 1), ...how, log }
      }
      case 2:
        return { type: 'ReadMentions', chatId, userId, seqs: everySeq(place) }
      default:
        return { type: 'DeleteMessages', chatId, userId, seqs, forAll: random.below(2) === 0, log }
    }
  }

  /** In a basic group up to something that the reader has got, as its gateway makes sure. */
  #read(place: Place): Scripted {
    const { chatId } = place
    const readerId = this.#random.pick(PEOPLE)
    const upToSeq = someSeq(place, this.#random)
    if (place.kind !== 'group') return { type: 'RaiseRead', chatId, readerId, upToSeq }
    const choice = this.#random.below(1000)
    const key = { userId: readerId, peerId: peerIdOfChat(chatId) }
    return async (tables) => {
      const had = await tables.range(mailboxHistory, key, { limit: 1000 })
      const read = had[choice % Math.max(1, had.length)]?.seq ?? 0
      return { type: 'ReadHistory', chatId, readerId, upToSeq: read as MessageSeq }
    }
  }

  #join(place: Place, i: number): Scripted {
    return someJoin(this.#random, place, this.#told(place, i))
  }

  #add(place: Place, i: number): ChatCommand {
    const byUserId = somebodyOf(place, this.#random)
    const userIds = [this.#random.pick(PEOPLE), this.#random.pick(PEOPLE)]
    const told = this.#told(place, i)
    return { type: 'AddMembers', chatId: place.chatId, byUserId, userIds, forwardLimit: 0, ...told }
  }

  #leave(place: Place, i: number): ChatCommand {
    const userId = this.#random.pick(PEOPLE)
    return { type: 'LeaveChat', chatId: place.chatId, userId, ...this.#told(place, i) }
  }

  /** Somebody is promoted or demoted, removed, silenced or forgiven; some of it for a while. */
  #rule(place: Place, i: number): ChatCommand {
    const random = this.#random
    const { chatId } = place
    const by = { chatId, byUserId: somebodyOf(place, this.#random), ...this.#told(place, i) }
    const userId = random.pick(PEOPLE)
    if (random.below(12) === 0) {
      const { log } = by
      return { type: 'TransferChat', chatId, byUserId: by.byUserId, toUserId: userId, log }
    }
    if (random.below(3) === 0) {
      const rights = random.below(4) === 0 ? 0 : random.pick(POWERS)
      return { type: 'SetAdmin', ...by, userId, rights, rank: null }
    }
    const silent = sendPolls | sendReactions
    const banned = random.pick([
      viewMessages | sendMessages,
      sendMessages,
      sendMessages | inviteUsers,
      silent,
      0,
    ])
    const untilDate = random.below(2) * (START + i + 30 + random.below(30))
    return { type: 'SetBanned', ...by, peerId: userId as number as PeerId, banned, untilDate }
  }

  #settings(place: Place, i: number): ChatCommand {
    const random = this.#random
    const { chatId } = place
    const byUserId = somebodyOf(place, this.#random)
    const edit = { type: 'EditChat', ...UNCHANGED_CHAT, chatId, byUserId, ...this.#told(place, i) } as const
    switch (random.below(9)) {
      case 0:
        return { ...edit, change: 'title', profile: bytes('profile', random.below(3)) }
      case 1: {
        const defaultBanned = random.pick([0, sendMessages, inviteUsers | pinMessages | changeInfo])
        return { ...edit, change: 'default-banned', defaultBanned }
      }
      case 2:
        return { ...edit, change: 'slow-mode', slowModeSeconds: random.below(2) * SLOW_SECONDS }
      case 3: {
        const flag = [random.pick(['hiddenHistory', 'joinRequest'] as const)]
        const flags = random.below(2) === 0 ? { setFlags: [...flag] } : { clearFlags: [...flag] }
        return { ...edit, change: 'flags', ...flags }
      }
      case 4:
        return { ...edit, change: 'username', username: random.pick(['', 'square']) }
      case 5:
        return { ...edit, change: 'ttl', ttlSeconds: random.below(2) * TTL_SECONDS }
      case 6: {
        const [reactions, reactionsLimit] = [random.pick([FEW_EMOJI, []]), random.below(3)]
        return {
          ...edit,
          change: 'reactions',
          reactions,
          reactionsLimit,
          allReactions: random.below(2) === 0,
        }
      }
      default:
        return someLink(random, place, byUserId, i)
    }
  }

  /** People wait to be let in, and links are given up. */
  #door(place: Place, i: number): Scripted {
    const random = this.#random
    const byUserId = somebodyOf(place, random)
    if (random.below(3) > 0) return someAnswer(random, place, { byUserId, ...this.#told(place, i) })
    const adminId = random.below(4) === 0 ? random.pick(PEOPLE) : byUserId
    return { type: 'DeleteInvites', chatId: place.chatId, byUserId, adminId, hashes: [...HASHES] }
  }

  /** A basic group becomes a supergroup; what is not one is given up. */
  #end(place: Place, i: number): ChatCommand {
    const { chatId, creatorId: byUserId } = place
    if (place.kind !== 'group') return { type: 'DeleteChat', chatId, byUserId }
    Object.assign(place, { chatId: SUCCESSOR, kind: 'supergroup', posts: 1 })
    const told = { service: bytes('service', i), serviceRandomId: BigInt(-100 - i) }
    const begun = { profile: bytes('profile', i), toService: bytes('begun', i) }
    return { type: 'MigrateChat', chatId, byUserId, toChatId: SUCCESSOR, ...begun, ...told }
  }
}
