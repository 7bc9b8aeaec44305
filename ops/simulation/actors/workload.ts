import type { Random } from '@heliograph/actors/simulation'
import {
  type AccountCommand,
  type ChatCommand,
  type ChatId,
  type MessageSeq,
  type PeerId,
  privateChatId,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Command } from './scripted.ts'

/** Those who have an account; a pair writes a little more than others, so that their chat grows. */
export const PEOPLE = [1_000_000_001, 1_000_000_002, 1_000_000_003] as UserId[]
/** Has no account: nobody can write to it. */
export const STRANGER = 1_000_000_009 as UserId
const PHONES = ['p1', 'p2', 'p3']
const USERNAMES = ['Alice', 'alice', 'bob']
const AUTH_KEYS = ['k1', 'k2']

/** Stages of a run: everybody signs up; when that is answered, they do `length` things. */
export function someScript(random: Random, length: number): Command[][] {
  const quarrels = random.below(3) === 0
  const talk = new Talk(random)
  const next = (i: number): Command => {
    if (random.below(quarrels ? 3 : 4) > 0) return talk.next(i)
    return quarrels ? someBlock(random) : someAccountCommand(random, i)
  }
  return [PEOPLE.map(signUp), Array.from({ length }, (_, i) => next(i))]
}

function signUp(userId: UserId): AccountCommand {
  return { type: 'CreateUser', userId, phoneHmac: `of ${userId}`, profile: sealed('profile', userId) }
}

/** Stands for a sealed payload. No key opens it: neither actors nor a replay may need to. */
const sealed = (of: string, i: number): Buffer => Buffer.from(`${of} ${i}`)

/** A message as its sender expects it to be; where one was refused, those after it have a lower seq. */
interface Expected {
  readonly chatId: ChatId
  readonly senderId: UserId
  readonly members: readonly UserId[]
  readonly seq: number
}

/** Commands about messages: most of what is edited, deleted, read or replied to is there. */
const plain = { extra: null, words: null } as const

class Talk {
  readonly #random: Random
  readonly #sent: Expected[] = []

  constructor(random: Random) {
    this.#random = random
  }

  next(i: number): ChatCommand {
    const random = this.#random
    const known = this.#sent.length === 0 ? undefined : random.pick(this.#sent)
    if (known === undefined || random.below(2) === 0) return this.#message(i)
    const { chatId, senderId } = known
    const seq = this.#seqNear(known)
    const member = random.pick(known.members)
    switch (random.below(4)) {
      case 0: {
        const editorId = random.below(6) === 0 ? member : senderId
        return { type: 'EditMessage', chatId, editorId, seq, sealed: sealed('edit', i), ...plain }
      }
      case 1: {
        const [seqs, forAll] = [[seq, this.#seqNear(known)], random.below(2) === 0]
        return { type: 'DeleteMessages', chatId, userId: member, seqs, forAll }
      }
      default: {
        const readerId = known.members.find((each) => each !== senderId) ?? senderId
        return { type: 'ReadHistory', chatId, readerId, upToSeq: seq }
      }
    }
  }

  #message(i: number): ChatCommand {
    const random = this.#random
    const pair = random.below(2) === 0 ? PEOPLE.slice(0, 2) : PEOPLE
    const senderId = random.pick(pair)
    const others = pair.filter((each) => each !== senderId)
    const to = random.below(8) > 0 ? random.pick(others) : random.pick([senderId, STRANGER])
    const chatId = privateChatId(senderId, to)
    const before = this.#sent.filter((each) => each.chatId === chatId)
    this.#sent.push({ chatId, senderId, members: [senderId, to], seq: before.length + 1 })
    const replyToSeq = random.below(3) === 0 ? this.#seqNear({ seq: before.length }) : null
    const [randomId, silent] = [BigInt(i), random.below(8) === 0]
    const body = { sealed: sealed('text', i) }
    return { type: 'SendMessage', chatId, senderId, randomId, ...body, replyToSeq, silent, ...plain }
  }

  /** Mostly the message itself, now and then one that may not be there. */
  #seqNear({ seq }: Pick<Expected, 'seq'>): MessageSeq {
    const random = this.#random
    return Math.max(1, random.below(3) > 0 ? seq : seq + random.below(5) - 2) as MessageSeq
  }
}

/** Two who block each other and think better of it. */
function someBlock(random: Random): AccountCommand {
  const [userId, other] = (random.below(2) === 0 ? PEOPLE : [...PEOPLE.slice(0, 2)].reverse()) as [
    UserId,
    UserId,
  ]
  return { type: 'SetBlocked', userId, peerId: other as number as PeerId, blocked: random.below(2) === 0 }
}

function someAccountCommand(random: Random, i: number): AccountCommand {
  const userId = random.pick(PEOPLE)
  const other = random.pick(PEOPLE)
  const peerId = other as number as PeerId
  const body = random.below(3) === 0 ? null : sealed('body', random.below(3))
  switch (random.below(12)) {
    case 0:
      return { type: 'ReservePhone', phoneHmac: random.pick(PHONES) }
    case 1:
      return { type: 'ClaimUsername', username: random.pick(USERNAMES), userId }
    case 2:
      return { type: 'ReleaseUsername', username: random.pick(USERNAMES), userId }
    case 3:
      return { type: 'UpdateProfile', userId, profile: sealed('profile', random.below(3)) }
    case 4:
      return { type: 'SaveDraft', userId, peerId, sealed: body, replyToMsgId: null }
    case 5:
      return { type: 'PutSetting', userId, name: `notify:${other}`, sealed: body }
    case 6:
      return { type: 'PutContacts', userId, contacts: [{ contactId: other, sealed: sealed('card', i) }] }
    case 7:
      return { type: 'DeleteContacts', userId, contactIds: [other] }
    case 8:
      return someKeyCommand(random, userId)
    default:
      return { type: 'SetBlocked', userId, peerId, blocked: random.below(3) > 0 }
  }
}

function someKeyCommand(random: Random, userId: UserId): AccountCommand {
  const authKeyId = random.pick(AUTH_KEYS)
  switch (random.below(4)) {
    case 0:
      return { type: 'LogInAuthKey', authKeyId, userId }
    case 1:
      return { type: 'LogOutAuthKey', authKeyId }
    default:
      return {
        type: 'RegisterAuthKey',
        authKeyId,
        sealedKey: sealed('key', 1),
        firstSalt: 7n,
        expiresAt: null,
      }
  }
}
