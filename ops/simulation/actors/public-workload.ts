import { type Random, WORLD_TIME_MS } from '@heliograph/actors/simulation'
import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatCommand,
  type ChatId,
  channelChatId,
  type GroupKind,
  groupChatId,
  type MessageExtra,
  type MessageSeq,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import { mailboxHistory } from '@heliograph/storage'
import type { Scripted } from './scripted.ts'

interface Place {
  readonly chatId: ChatId
  readonly kind: GroupKind
  readonly creatorId: UserId
  /** How many messages there may be, at most. */
  posts: number
}

export const PEOPLE = [1_000_000_001, 1_000_000_002, 1_000_000_003, 1_000_000_004] as UserId[]
const [ALICE, BOB, CAROL] = PEOPLE as [UserId, UserId, UserId]
const HASHES = ['link1', 'link2', 'link3']
const START = WORLD_TIME_MS / 1000
const SLOW_SECONDS = 10
/** What happens in groups hangs on more than what happens between two. */
const ACTS_PER_COMMAND = 3
const { viewMessages, sendMessages, inviteUsers, pinMessages, changeInfo } = BANNED_RIGHTS
const { banUsers, deleteMessages, addAdmins, postMessages, editMessages } = ADMIN_RIGHTS
const POWERS = [
  banUsers | deleteMessages,
  postMessages | ADMIN_RIGHTS.inviteUsers,
  addAdmins | banUsers | ADMIN_RIGHTS.pinMessages,
  editMessages | ADMIN_RIGHTS.changeInfo,
]

const bytes = (of: string, i: number): Buffer => Buffer.from(`${of} ${i}`)

/** A basic group, a supergroup and a broadcast channel are made; then people come, go, write and rule in them. */
export function somePublicScript(random: Random, length: number): Scripted[][] {
  const places: Place[] = [
    { chatId: groupChatId(5_000_000_001), kind: 'group', creatorId: ALICE, posts: 1 },
    { chatId: channelChatId(5_000_000_002), kind: 'supergroup', creatorId: BOB, posts: 1 },
    { chatId: channelChatId(5_000_000_003), kind: 'broadcast', creatorId: CAROL, posts: 1 },
  ]
  const crowd = new Crowd(random, places)
  const acts = Array.from({ length: ACTS_PER_COMMAND * length }, (_, i) => crowd.next(i))
  const channels = places.filter(({ kind }) => kind !== 'group')
  return [places.map((place, i) => founding(place, i)), channels.map((place, i) => inviting(place, i)), acts]
}

function inviting({ chatId, creatorId }: Place, i: number): ChatCommand {
  const told = { service: null, serviceRandomId: BigInt(-10 - i), log: null }
  return {
    type: 'AddMembers',
    chatId,
    byUserId: creatorId,
    userIds: PEOPLE.slice(0, 3),
    forwardLimit: 0,
    ...told,
  }
}

function founding({ chatId, kind, creatorId }: Place, i: number): ChatCommand {
  return {
    type: 'CreateChat',
    chatId,
    creatorId,
    kind,
    profile: bytes('profile', i),
    flags: [],
    ttlSeconds: 0,
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

  next(i: number): Scripted {
    const place = this.#random.pick([...this.#places, this.#places[0]!])
    switch (this.#random.below(12)) {
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
      default:
        return this.#send(place, i)
    }
  }

  #who({ creatorId }: Place): UserId {
    return this.#random.below(3) === 0 ? creatorId : this.#random.pick(PEOPLE)
  }

  #seq({ posts }: Place): MessageSeq {
    return (1 + this.#random.below(posts)) as MessageSeq
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
    const senderId = this.#who(place)
    const replyToSeq = random.below(3) === 0 ? this.#seq(place) : null
    place.posts++
    const extra = random.below(3) === 0 ? { ...PLAIN, mentions: [random.pick(PEOPLE)] } : null
    const [randomId, silent] = [BigInt(i), false]
    const sealed = bytes('text', i)
    return { type: 'SendMessage', chatId, senderId, randomId, sealed, replyToSeq, silent, extra, words: null }
  }

  #change(place: Place, i: number): ChatCommand {
    const random = this.#random
    const { chatId } = place
    const userId = this.#who(place)
    const seqs = [this.#seq(place), this.#seq(place)]
    const log = bytes('log', i)
    switch (random.below(4)) {
      case 0: {
        const seq = this.#seq(place)
        const body = { sealed: bytes('edit', i), extra: null, words: null }
        return { type: 'EditMessage', chatId, editorId: userId, seq, ...body, log }
      }
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
        return { type: 'ReadMentions', chatId, userId, seqs }
      default:
        return { type: 'DeleteMessages', chatId, userId, seqs, forAll: random.below(2) === 0, log }
    }
  }

  /** In a basic group up to something that the reader has got, as its gateway makes sure. */
  #read(place: Place): Scripted {
    const { chatId } = place
    const readerId = this.#random.pick(PEOPLE)
    const upToSeq = this.#seq(place)
    if (place.kind !== 'group') return { type: 'RaiseRead', chatId, readerId, upToSeq }
    const choice = this.#random.below(1000)
    const key = { userId: readerId, peerId: peerIdOfChat(chatId) }
    return async (tables) => {
      const had = await tables.range(mailboxHistory, key, { limit: 1000 })
      const read = had[choice % Math.max(1, had.length)]?.seq ?? 0
      return { type: 'ReadHistory', chatId, readerId, upToSeq: read as MessageSeq }
    }
  }

  #join(place: Place, i: number): ChatCommand {
    const random = this.#random
    const { chatId } = place
    const invite = random.below(4) === 0 ? null : random.pick(HASHES)
    return { type: 'JoinChat', chatId, userId: random.pick(PEOPLE), invite, ...this.#told(place, i) }
  }

  #add(place: Place, i: number): ChatCommand {
    const byUserId = this.#who(place)
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
    const by = { chatId, byUserId: this.#who(place), ...this.#told(place, i) }
    const userId = random.pick(PEOPLE)
    if (random.below(3) === 0) {
      const rights = random.below(4) === 0 ? 0 : random.pick(POWERS)
      return { type: 'SetAdmin', ...by, userId, rights, rank: null }
    }
    const banned = random.pick([viewMessages | sendMessages, sendMessages, sendMessages | inviteUsers, 0])
    const untilDate = random.below(2) * (START + i + 30 + random.below(30))
    return { type: 'SetBanned', ...by, peerId: userId as number as PeerId, banned, untilDate }
  }

  #settings(place: Place, i: number): ChatCommand {
    const random = this.#random
    const { chatId } = place
    const byUserId = this.#who(place)
    const edit = { type: 'EditChat', ...UNCHANGED, chatId, byUserId, ...this.#told(place, i) } as const
    switch (random.below(7)) {
      case 0:
        return { ...edit, change: 'title', profile: bytes('profile', random.below(3)) }
      case 1: {
        const defaultBanned = random.pick([0, sendMessages, inviteUsers | pinMessages | changeInfo])
        return { ...edit, change: 'default-banned', defaultBanned }
      }
      case 2:
        return { ...edit, change: 'slow-mode', slowModeSeconds: random.below(2) * SLOW_SECONDS }
      case 3: {
        const flag = ['hiddenHistory'] as const
        const flags = random.below(2) === 0 ? { setFlags: [...flag] } : { clearFlags: [...flag] }
        return { ...edit, change: 'flags', ...flags }
      }
      case 4:
        return { ...edit, change: 'username', username: random.pick(['', 'square']) }
      default:
        return this.#link(place, byUserId, i)
    }
  }

  #link({ chatId }: Place, byUserId: UserId, i: number): ChatCommand {
    const random = this.#random
    const invite = {
      hash: random.pick(HASHES),
      adminId: random.below(5) === 0 ? random.pick(PEOPLE) : byUserId,
      title: null,
      date: 0,
      startDate: 0,
      expireDate: random.below(3) === 0 ? START + i + random.below(30) : 0,
      usageLimit: random.below(3),
      usage: 0,
      requested: 0,
      requestNeeded: random.below(5) === 0,
      revoked: random.below(5) === 0,
      permanent: random.below(4) === 0,
    }
    return { type: 'PutInvite', chatId, byUserId, invite, log: bytes('log', i) }
  }
}

const PLAIN: MessageExtra = {
  mentions: [],
  kinds: [],
  files: [],
  poll: null,
  threadSeq: null,
  postAs: null,
  groupedId: null,
  copyOf: null,
  service: false,
  noForwards: false,
}

const UNCHANGED = {
  profile: null,
  username: null,
  setFlags: [],
  clearFlags: [],
  defaultBanned: null,
  slowModeSeconds: null,
  ttlSeconds: null,
  linkedChatId: null,
  reactions: null,
  allReactions: false,
  reactionsLimit: null,
  files: [],
}
