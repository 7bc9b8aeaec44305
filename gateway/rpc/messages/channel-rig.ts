import {
  type ChatFlag,
  type ChatId,
  type ChatUpdate,
  channelChatId,
  type GroupKind,
  type MessageExtra,
  type MessageSeq,
  NO_EXTRA,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  channelUpdates,
  chatChannel,
  chatInfos,
  chatMembers,
  chats,
  type Mutation,
  messages,
  userChats,
  users,
} from '@heliograph/storage'
import { emptyProfile, sealChatProfile } from '../directory/chat-facts.ts'
import { sealProfile } from '../sealed.ts'
import { sealBody, textContent } from './content.ts'
import { NOW, type Rig } from './test-rig.ts'

/** For tests: users and channels with rows as the actors write them. */

const upsert = (table: Mutation['table'], row: Record<string, unknown>): Mutation => ({
  kind: 'upsert',
  table,
  row,
})

/** First names by user id. */
export async function addUsers(rig: Rig, names: Readonly<Record<number, string>>): Promise<void> {
  for (const [id, firstName] of Object.entries(names)) {
    const userId = Number(id) as UserId
    const profile = await sealProfile(rig.services, userId, {
      firstName,
      lastName: '',
      about: '',
      phone: `99966${id}`,
      birthday: null,
      color: null,
      profileColor: null,
      emojiStatus: null,
    } as Parameters<typeof sealProfile>[2])
    await rig.apply([upsert(users, { userId, phoneHmac: id, profile, createdAt: NOW, activeAt: NOW })])
  }
}

/** A channel with members; messages and moves are written and published as its actor does. With `groupChatId`, a basic group. */
export class ChannelRig {
  readonly chatId: ChatId
  readonly peerId: PeerId
  readonly #rig: Rig
  lastSeq = 0
  pts = 1

  constructor(rig: Rig, id: number, chatIdOf: (id: number) => ChatId = channelChatId) {
    this.#rig = rig
    this.chatId = chatIdOf(id)
    this.peerId = peerIdOfChat(this.chatId)
  }

  /** Its creator is the first member. */
  async create(
    kind: GroupKind,
    memberIds: readonly UserId[],
    more: { readonly flags?: ChatFlag[]; readonly username?: string } = {},
  ): Promise<this> {
    const profile = await sealChatProfile(this.#rig.services, this.chatId, emptyProfile('The channel'))
    const info = {
      chatId: this.chatId,
      kind,
      version: 1,
      creatorId: memberIds[0],
      createdAt: NOW - 10_000,
      profile,
      username: more.username ?? null,
      flags: more.flags ?? [],
      defaultBanned: 0,
      allReactions: true,
      members: kind === 'group' ? memberIds : [],
      adminIds: [memberIds[0]],
      participants: memberIds.length,
    }
    await this.#rig.apply([upsert(chatInfos, info), this.#counted()])
    for (const userId of memberIds) await this.join(userId, userId === memberIds[0] ? 'creator' : 'member')
    return this
  }

  async join(userId: UserId, status: string, minSeq = 0): Promise<void> {
    const { chatId } = this
    const isIn = status !== 'left' && status !== 'kicked'
    const member = {
      chatId,
      peerId: userId,
      status,
      isIn,
      rights: 0,
      banned: 0,
      untilDate: 0,
      date: NOW,
      minSeq,
    }
    await this.#rig.apply([
      upsert(chatMembers, member),
      isIn
        ? upsert(userChats, { userId, chatId, date: NOW })
        : { kind: 'delete', table: userChats, key: { userId, chatId } },
    ])
    this.#rig.services.chats.changed(chatId)
  }

  /** A message; resolves to its seq. */
  async post(
    senderId: UserId,
    text: string,
    more: { extra?: Partial<MessageExtra>; userIds?: UserId[]; replyToSeq?: number; origin?: Buffer } = {},
  ): Promise<number> {
    const { chatId } = this
    const seq = ++this.lastSeq
    const sealed = await sealBody(this.#rig.services, chatId, textContent(text))
    const date = NOW - 1000 + seq
    const extra = more.extra === undefined ? null : { ...NO_EXTRA, ...more.extra }
    const mentions = more.userIds ?? []
    const row = {
      chatId,
      seq,
      senderId,
      randomId: BigInt(seq),
      date,
      editDate: 0,
      silent: false,
      replyToSeq: more.replyToSeq ?? null,
      members: [],
      sealed,
      mentions,
      postAs: extra?.postAs ?? null,
      threadSeq: extra?.threadSeq ?? null,
    }
    await this.#moved('message', 1, { seq }, [upsert(messages, row)])
    const told = { seq, senderId, messageDate: date, sealed, extra, userIds: mentions }
    this.#publish(
      'message',
      1,
      { ...told, replyToSeq: (more.replyToSeq ?? null) as MessageSeq | null },
      more.origin,
    )
    return seq
  }

  async delete(seqs: readonly number[]): Promise<void> {
    const { chatId } = this
    const gone = seqs.map((seq): Mutation => ({ kind: 'delete', table: messages, key: { chatId, seq } }))
    await this.#moved('delete', seqs.length, { seqs }, gone)
    this.#publish('delete', seqs.length, { seqs: [...seqs] })
  }

  async edit(seq: number, text: string): Promise<void> {
    const { chatId } = this
    const before = await this.#rig.services.tables.get(messages, { chatId, seq })
    const sealed = await sealBody(this.#rig.services, chatId, textContent(text))
    const row = { ...before!, sealed, editDate: NOW }
    await this.#moved('edit', 1, { seq }, [upsert(messages, row)])
    const { senderId, date } = before!
    this.#publish('edit', 1, { seq, senderId: senderId!, messageDate: date!, editDate: NOW, sealed })
  }

  /** Publishes something that moves no pts. */
  tell(kind: string, told: Record<string, unknown> = {}): void {
    this.#publish(kind, 0, told)
  }

  async #moved(
    kind: string,
    ptsCount: number,
    told: { readonly seq?: number; readonly seqs?: readonly number[] },
    rows: readonly Mutation[],
  ): Promise<void> {
    this.pts += ptsCount
    const { chatId, pts } = this
    const move = { chatId, pts, ptsCount, date: NOW, kind, seq: told.seq ?? 0, seqs: [...(told.seqs ?? [])] }
    await this.#rig.apply([...rows, upsert(channelUpdates, move), this.#counted()])
  }

  #counted(): Mutation {
    const { chatId, lastSeq, pts } = this
    return upsert(chats, { chatId, lastSeq, lastSenderId: 0, lastOtherSeq: 0, pts })
  }

  #publish(kind: string, ptsCount: number, told: Record<string, unknown>, origin: Buffer = NO_BYTES): void {
    const { chatId } = this
    const pts = ptsCount === 0 ? 0 : this.pts
    const record = { ...NOTHING, ...told, type: 'ChatUpdate', chatId, kind, pts, ptsCount, origin }
    const { bus, codec } = this.#rig.services
    bus.publish(
      chatChannel(chatId),
      codec.encodeBare(record as unknown as { type: 'ChatUpdate' } & ChatUpdate),
    )
  }
}

const NO_BYTES = Buffer.alloc(0)
const NOTHING = {
  date: NOW,
  seq: 0,
  seqs: [],
  senderId: 0,
  silent: false,
  messageDate: 0,
  editDate: 0,
  replyToSeq: null,
  sealed: NO_BYTES,
  extra: null,
  expiresAt: 0,
  userIds: [],
  data: null,
  causedMs: 0,
  trace: null,
}
