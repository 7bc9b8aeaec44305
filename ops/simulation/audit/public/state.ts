import {
  type ChatFlag,
  type ChatId,
  chatKindOf,
  type GroupKind,
  type MemberStatus,
  type MessageSeq,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'

/** Somebody whom a group or channel knows: who is in it, was in it, or must not come. */
export interface Membership {
  readonly peerId: number
  status: MemberStatus
  isIn: boolean
  rights: number
  banned: number
  untilDate: number
  /** Who brought it in, and who promoted or restricted it; 0 nobody. */
  inviterId: number
  actorId: number
  /** Channels: hidden from it up to here. Groups: the last message that it got before it left. */
  minSeq: number
}
export interface Post {
  readonly seq: MessageSeq
  readonly senderId: UserId
  readonly date: number
  readonly randomId: bigint
  readonly service: boolean
  /** In the name of the chat. */
  readonly asChat: boolean
  readonly replyToSeq: MessageSeq | null
  /** Basic groups: whom it was delivered to, and who has it still. */
  readonly members: readonly UserId[]
  keptBy: UserId[]
  readonly mentioned: readonly UserId[]
  /** The slow mode counts from it. */
  readonly isSlowed: boolean
  body: string
  editDate: number
  /** Nobody has it any more. */
  isGone: boolean
  isPinned: boolean
  /** When its timer runs out; 0 never. */
  readonly expiresAt: number
  /** What each user has said to it, and all that has been said, in the order in which it came. */
  readonly reactions: Map<UserId, Saying<string>>
  readonly tally: Set<string>
  readonly poll: Poll | undefined
  views: { readonly views: number; readonly forwards: number } | undefined
}
export interface Poll {
  readonly options: readonly string[]
  readonly multiple: boolean
  readonly isPublic: boolean
  /** A vote stands. */
  readonly isFinal: boolean
  readonly closeDate: number
  closedAt: number
  /** Somebody has voted at some time. */
  isTouched: boolean
  readonly votes: Map<UserId, Saying<number>>
}
/** What a user has said to a message. */
export interface Saying<T> {
  readonly said: readonly T[]
  readonly date: number
}
/** What one sender is to send later, by its ids. */
export interface Shelf {
  lastId: number
  readonly waiting: Map<number, Waiting>
}
export interface Waiting {
  readonly randomId: bigint
  readonly replyToSeq: MessageSeq | null
  body: string
  dueAt: number
  hasAlarm: boolean
}
export interface InviteLink {
  readonly hash: string
  readonly adminId: UserId
  expireDate: number
  usageLimit: number
  usage: number
  requested: number
  requestNeeded: boolean
  revoked: boolean
  readonly permanent: boolean
}
/** Something that moved the pts of a channel. */
export interface Move {
  readonly pts: number
  readonly ptsCount: number
  readonly kind: string
  readonly seq: number
  readonly seqs: readonly number[]
}

/** A group or channel, told as members would tell it: everything is kept, and what can be counted is counted when asked for. */
export class PublicChat {
  readonly chatId: ChatId
  readonly isChannel: boolean
  kind: GroupKind | undefined
  isGivenUp = false
  version = 0
  profile = ''
  username: string | null = null
  readonly flags = new Set<ChatFlag>()
  defaultBanned = 0
  slowModeSeconds = 0
  ttlSeconds = 0
  /** In the order in which they came into view. */
  readonly members = new Map<number, Membership>()
  /** Since when each user is in. */
  readonly since = new Map<number, number>()
  /** Basic groups: who is in, in the order of coming. */
  readonly order: UserId[] = []
  readonly posts: Post[] = []
  readonly moves: Move[] = []
  readonly links = new Map<string, InviteLink>()
  /** Who asked to be let in, and the link that it came by; empty for none. */
  readonly requests = new Map<UserId, string>()
  /** How far each has read, as it said so; and those of them who were in then, whose reading senders learn of. */
  readonly reads = new Map<UserId, { readonly upToSeq: number; readonly date: number }>()
  readonly readers = new Map<number, number>()
  /** `user seq` of mentions that have not been seen. */
  readonly unseen = new Set<string>()
  readonly slowed = new Map<UserId, number>()
  /** `user kind seq`: what others have said to a user's messages that it has not seen; kinds are reactions and votes. */
  readonly unheard = new Set<string>()
  /** Messages whose alarm has not been seen to. */
  readonly timers = new Set<number>()
  readonly shelves = new Map<UserId, Shelf>()
  /** Which reactions may be used; null all. And how many different ones at a message; 0 as many as anywhere. */
  reactions: readonly string[] | null = null
  reactionsLimit = 0
  /** Basic groups: what it has become. */
  migratedTo: ChatId | undefined
  migratedFrom: ChatId | null = null
  /** When each user who is in came; undefined for who is not. */
  readonly entries = new Map<number, number | undefined>()
  /** Places in the log of administrators. */
  readonly logged: { readonly eventId: number; readonly userId: number }[] = []

  constructor(chatId: ChatId) {
    this.chatId = chatId
    this.isChannel = chatKindOf(chatId) === 'channel'
  }

  get isOpen(): boolean {
    return this.kind !== undefined && !this.isGivenUp
  }

  get pts(): number {
    return this.moves.reduce((sum, { ptsCount }) => sum + ptsCount, 1)
  }

  get lastSeq(): number {
    return this.posts.length
  }

  get peerId(): number {
    return peerIdOfChat(this.chatId)
  }

  /** For those who look at messages of chats of any kind. */
  get sent(): readonly Post[] {
    return this.posts
  }

  member(peerId: number): Membership | undefined {
    return this.members.get(peerId)
  }

  /** The record of somebody, made where there is none. */
  known(peerId: number): Membership {
    const found = this.members.get(peerId)
    if (found !== undefined) return found
    const noted: Membership = {
      peerId,
      status: 'left',
      isIn: false,
      rights: 0,
      banned: 0,
      untilDate: 0,
      inviterId: 0,
      actorId: 0,
      minSeq: 0,
    }
    this.members.set(peerId, noted)
    return noted
  }

  /** Those with a role, in or not. */
  withStatus(...statuses: readonly MemberStatus[]): number[] {
    const found = [...this.members.values()].filter(({ status }) => statuses.includes(status))
    return found.map(({ peerId }) => peerId).sort((a, b) => a - b)
  }

  get participants(): number {
    return [...this.members.values()].filter(({ isIn }) => isIn).length
  }

  /** The message that a user can refer to: in groups one that it has, in channels one that is there. */
  post(seq: number, userId: UserId): Post | undefined {
    const post = this.posts[seq - 1]
    if (post === undefined || post.isGone) return undefined
    return this.isChannel || post.keptBy.includes(userId) ? post : undefined
  }

  lastNotBy(userId: UserId): number {
    return this.posts.findLast(({ senderId }) => senderId !== userId)?.seq ?? 0
  }

  move(kind: string, seqs: readonly number[]): void {
    if (!this.isChannel) return
    const isOne = kind === 'message' || kind === 'edit'
    this.moves.push({
      pts: this.pts + seqs.length,
      ptsCount: seqs.length,
      kind,
      seq: isOne ? seqs[0]! : 0,
      seqs: isOne ? [] : seqs,
    })
  }
}
