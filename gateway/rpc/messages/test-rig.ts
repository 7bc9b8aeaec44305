import { randomBytes } from 'node:crypto'
import { chatIdOf, EmbeddedRegistry, type PeerId, RecordCodec, type UserId } from '@heliograph/schemas/avro'
import {
  allTables,
  dialogs,
  MemoryBlobs,
  MemoryBus,
  MemoryStateCache,
  MemoryTables,
  type Mutation,
  mailboxCounters,
  mailboxHistory,
  mailboxMessages,
  mailboxUpdates,
  memoryKeyring,
  messages,
} from '@heliograph/storage'
import { gatewayConfig } from '../config.ts'
import { ChatDirectory } from '../directory/chats.ts'
import { UserDirectory } from '../directory/directory.ts'
import type { CallContext } from '../handler.ts'
import type { Services } from '../services.ts'
import { Hearing } from '../updates/hearing.ts'
import { sealBody, textContent } from './content.ts'

export const ALICE = 1_000_000_001 as UserId
export const BOB = 1_000_000_002 as UserId
export const NOW = 1_700_000_000

type PartialServices = Pick<
  Services,
  | 'tables'
  | 'keyring'
  | 'codec'
  | 'directory'
  | 'chats'
  | 'bus'
  | 'blobs'
  | 'cache'
  | 'nowMs'
  | 'random'
  | 'log'
  | 'durable'
  | 'config'
  | 'hearing'
>

/** Stores in memory with rows as the actors write them, for tests of what reads them. */
export class Rig {
  readonly services: PartialServices
  readonly errors: object[] = []
  readonly #counts = new Map<string, { seq: number; msgId: number; pts: number }>()
  #writes = 0

  private constructor(services: Omit<PartialServices, 'log'>) {
    const error = (fields: object): void => void this.errors.push(fields)
    this.services = { ...services, log: { info: () => {}, warn: () => {}, error } }
  }

  static async start(): Promise<Rig> {
    const tables = new MemoryTables()
    await tables.create(allTables)
    const shared = {
      tables,
      keyring: memoryKeyring(),
      codec: await RecordCodec.create(new EmbeddedRegistry()),
      bus: new MemoryBus(),
      blobs: new MemoryBlobs(),
      cache: new MemoryStateCache(),
      nowMs: () => NOW * 1000,
    }
    const durable = async () => {}
    const config = gatewayConfig({ node: 'gateway', dataCentre: { id: 1, address: '::1', port: 1 } })
    const directory = new UserDirectory(shared)
    const chats = new ChatDirectory({ ...shared, config })
    const hearing = new Hearing()
    return new Rig({ ...shared, config, durable, random: randomBytes, directory, chats, hearing })
  }

  /** A call of `user`; only what the rig has is there. */
  context(user: UserId): CallContext {
    return { user, now: NOW, services: this.services as Services, caller: undefined as never }
  }

  /** One message in the mailbox of `owner`, body included; returns its id. */
  async write(owner: UserId, peer: UserId, text: string, senderId: UserId = peer): Promise<number> {
    const peerId = peer as number as PeerId
    const chatId = chatIdOf(owner, peerId)
    const count = this.#count(owner, chatId)
    const { seq, msgId, pts } = count
    const sealed = await sealBody(this.services, chatId, textContent(text))
    const place = { userId: owner, peerId, seq, msgId }
    const out = senderId === owner
    const date = NOW - 1000 + msgId
    const body = { chatId, seq, senderId, randomId: BigInt(msgId), date, editDate: 0, silent: false }
    await this.apply([
      upsert(mailboxHistory, {
        ...place,
        senderId,
        out,
        date,
        replyToMsgId: 0,
        incomingCount: seq,
        deleted: false,
      }),
      upsert(mailboxMessages, place),
      upsert(messages, { ...body, replyToSeq: null, members: [owner, peer], sealed }),
      upsert(mailboxUpdates, { ...place, pts, ptsCount: 1, date, kind: 'message', msgIds: [] }),
      upsert(dialogs, dialogRow(place, date)),
      upsert(mailboxCounters, { userId: owner, msgId, pts, date, offset: pts }),
    ])
    return msgId
  }

  /** An update of another kind than a new message; moves pts by `ptsCount`. */
  async move(
    owner: UserId,
    peer: UserId,
    update: { kind: string; msgId?: number; msgIds?: number[] },
  ): Promise<void> {
    const count = this.#counts.get(String(owner))!
    const ptsCount = Math.max(1, update.msgIds?.length ?? 0)
    count.pts += ptsCount
    const { pts, msgId } = count
    const row = {
      userId: owner,
      peerId: peer,
      pts,
      ptsCount,
      date: NOW,
      seq: 0,
      msgId: 0,
      msgIds: [],
      ...update,
    }
    const counter = { userId: owner, msgId, pts, date: NOW, offset: pts }
    await this.apply([upsert(mailboxUpdates, row), upsert(mailboxCounters, counter)])
  }

  apply(mutations: readonly Mutation[]): Promise<void> {
    this.#writes += 1
    return this.services.tables.apply(mutations, this.#writes)
  }

  #count(owner: UserId, chatId: string) {
    const mailbox = this.#counts.get(String(owner)) ?? { seq: 0, msgId: 0, pts: 1 }
    mailbox.msgId += 1
    mailbox.pts += 1
    this.#counts.set(String(owner), mailbox)
    const chat = this.#counts.get(`${owner}/${chatId}`) ?? { seq: 0, msgId: 0, pts: 0 }
    chat.seq += 1
    this.#counts.set(`${owner}/${chatId}`, chat)
    return { ...mailbox, seq: chat.seq }
  }
}

function upsert(table: Mutation['table'], row: Record<string, unknown>): Mutation {
  return { kind: 'upsert', table, row }
}

const dialogRow = (
  place: { userId: number; peerId: number; seq: number; msgId: number },
  topDate: number,
) => ({
  userId: place.userId,
  peerId: place.peerId,
  topSeq: place.seq,
  topMsgId: place.msgId,
  topDate,
  incomingCount: place.seq,
  messageCount: place.seq,
  unread: 0,
  readInSeq: 0,
  readInMaxId: 0,
  readOutSeq: 0,
  readOutMaxId: 0,
  deletedUnread: [],
  offset: 0,
})
