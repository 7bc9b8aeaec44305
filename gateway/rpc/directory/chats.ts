import {
  type BusRecord,
  type ChatId,
  type ChatUpdate,
  chatKindOf,
  numberOfChat,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  chatChannel,
  chatInfos,
  chatMembers,
  type RowOf,
  type RowRef,
  type Subscription,
  usernameCollections,
} from '@heliograph/storage'
import { accessHash } from '../access-hash.ts'
import { type ChatFacts, chatFactsOf, type MemberFacts, memberFactsOf } from './chat-facts.ts'
import type { DirectoryPorts } from './directory.ts'
import { TwoGenerations } from './two-generations.ts'

/** Groups and channels kept opened in memory. */
export const MAX_CACHED_CHATS = 20_000
/** Viewers kept for one chat. */
export const MAX_CACHED_VIEWERS = 2_000
/** The bus may lose the news of a change; nothing is believed for longer than this. */
export const MAX_CHAT_AGE_MS = 30_000

/** How a viewer sees a group or channel. */
export interface ChatView {
  /** Undefined where there is no such chat. */
  readonly facts: ChatFacts | undefined
  /** The viewer's own row; undefined where it never was in it. */
  readonly member: MemberFacts | undefined
  /** Of channels; 0 for basic groups, which have none. */
  readonly accessHash: bigint
}

interface Viewer {
  readonly member: MemberFacts | undefined
  readonly accessHash: bigint
  /** The entry's `viewersVersion` when it was read. */
  readonly version: number
}
interface Entry {
  readonly chatId: ChatId
  facts: ChatFacts | undefined
  loadedAtMs: number
  /** Changes whenever the chat or a member does; never used twice. */
  version: number
  /** Changes when any viewer's row may have changed. */
  viewersVersion: number
  viewers: TwoGenerations<UserId, Viewer> | undefined
  subscription: Promise<void> | undefined
  subscribed: Subscription | undefined
  /** Viewer-neutral renderings and the like that hold as long as the facts; see `memo`. */
  memos: Map<string, unknown> | undefined
}
export interface ChatPorts extends Pick<DirectoryPorts, 'tables' | 'bus' | 'codec' | 'keyring' | 'nowMs'> {
  readonly config: { readonly dataCentre: { readonly id: number } }
}

const NEVER = Number.NEGATIVE_INFINITY
/** Chats looked up at once. */
const LOAD_CHUNK = 500

/**
 * Groups and channels as the gateway shows them: opened profiles, and how viewers stand to them, kept in memory. Changes are
 * heard on the chat's channel of the bus; entries age anyway, since the bus may lose messages.
 */
export class ChatDirectory {
  readonly #ports: ChatPorts
  readonly #entries = new TwoGenerations<ChatId, Entry>(MAX_CACHED_CHATS, (entry) => release(entry))
  #lastVersion = 0

  constructor(ports: ChatPorts) {
    this.#ports = ports
  }

  /** Where photos of chats are. */
  get dataCentreId(): number {
    return this.#ports.config.dataCentre.id
  }

  /** How the viewer sees a chat, if that is at hand and fresh; the hot path. */
  cachedView(viewer: UserId, chatId: ChatId): ChatView | undefined {
    const entry = this.#entries.get(chatId)
    if (entry === undefined || !this.#isFresh(entry)) return undefined
    const seen = entry.viewers?.get(viewer)
    if (seen === undefined || seen.version !== entry.viewersVersion) return undefined
    return { facts: entry.facts, member: seen.member, accessHash: seen.accessHash }
  }

  /** What is known of a chat, if that is at hand and fresh. */
  cachedFacts(chatId: ChatId): ChatFacts | undefined {
    const entry = this.#entries.get(chatId)
    return entry !== undefined && this.#isFresh(entry) ? entry.facts : undefined
  }

  /** Something derived from the facts alone, made once for as long as they hold. */
  memo<T>(facts: ChatFacts, name: string, make: (facts: ChatFacts) => T): T {
    const entry = this.#entries.peek(facts.chatId)
    if (entry?.facts !== facts) return make(facts)
    entry.memos ??= new Map()
    let made = entry.memos.get(name) as T | undefined
    if (made === undefined) {
      made = make(facts)
      entry.memos.set(name, made)
    }
    return made
  }

  /** How the viewer sees each of these chats, in order, loading what is not at hand. */
  async views(viewer: UserId, chatIds: readonly ChatId[]): Promise<ChatView[]> {
    const views: ChatView[] = []
    for (let from = 0; from < chatIds.length; from += LOAD_CHUNK) {
      views.push(...(await this.#viewChunk(viewer, chatIds.slice(from, from + LOAD_CHUNK))))
    }
    return views
  }

  /** As `views`, of one, at once where it is at hand. */
  view(viewer: UserId, chatId: ChatId): ChatView | Promise<ChatView> {
    return this.cachedView(viewer, chatId) ?? this.#viewChunk(viewer, [chatId]).then(([view]) => view!)
  }

  /** Facts of one chat, loaded if need be. */
  async find(chatId: ChatId): Promise<ChatFacts | undefined> {
    const entry = this.#entry(chatId)
    if (!this.#isFresh(entry)) await this.#loadFacts([entry])
    return entry.facts
  }

  /** Under which the viewer names a channel; 0 for basic groups, which have none. */
  accessHash(viewer: UserId, chatId: ChatId): bigint {
    if (chatKindOf(chatId) !== 'channel') return 0n
    return accessHash(this.#ports.keyring, viewer, 'channel', numberOfChat(chatId))
  }

  /** Called when this node changed a chat or its members: its own reads see that at once. */
  changed(chatId: ChatId): void {
    const entry = this.#entries.peek(chatId)
    if (entry === undefined) return
    entry.version = ++this.#lastVersion
    entry.viewersVersion = entry.version
    entry.loadedAtMs = NEVER
  }

  close(): void {
    this.#entries.clear()
  }

  async #viewChunk(viewer: UserId, chatIds: readonly ChatId[]): Promise<ChatView[]> {
    const entries = chatIds.map((chatId) => this.#entry(chatId))
    const stale = [...new Set(entries)].filter((entry) => !this.#isFresh(entry))
    if (stale.length > 0) await this.#loadFacts(stale)
    const seen = entries.map((entry) => entry.viewers?.get(viewer))
    const missing = [
      ...new Set(
        entries.filter((entry, i) => seen[i] === undefined || seen[i].version !== entry.viewersVersion),
      ),
    ]
    const loaded = missing.length > 0 ? await this.#loadViewers(viewer, missing) : undefined
    return entries.map((entry, i) => {
      const { member, accessHash: hash } = loaded?.get(entry) ?? seen[i]!
      return { facts: entry.facts, member, accessHash: hash }
    })
  }

  #isFresh(entry: Entry): boolean {
    return this.#ports.nowMs() - entry.loadedAtMs < MAX_CHAT_AGE_MS
  }

  #entry(chatId: ChatId): Entry {
    const known = this.#entries.get(chatId)
    if (known !== undefined) return known
    const version = ++this.#lastVersion
    const entry: Entry = {
      chatId,
      facts: undefined,
      loadedAtMs: NEVER,
      version,
      viewersVersion: version,
      viewers: undefined,
      subscription: undefined,
      subscribed: undefined,
      memos: undefined,
    }
    this.#entries.set(chatId, entry)
    return entry
  }

  async #loadFacts(entries: readonly Entry[]): Promise<void> {
    await Promise.all(entries.map((entry) => (entry.subscription ??= this.#subscribe(entry))))
    const { tables, nowMs } = this.#ports
    const nowBefore = nowMs()
    const versions = entries.map((entry) => entry.version)
    const refs = entries.flatMap(({ chatId }): RowRef[] => [
      { table: chatInfos, key: { chatId } },
      { table: usernameCollections, key: { userId: peerIdOfChat(chatId) } },
    ])
    const rows = await tables.getMany(refs)
    const facts = await Promise.all(
      entries.map(({ chatId }, i) => {
        const row = rows[2 * i] as RowOf<typeof chatInfos> | undefined
        return row && chatFactsOf(this.#ports, chatId, row, rows[2 * i + 1] as CollectionRow | undefined)
      }),
    )
    entries.forEach((entry, i) => {
      // A change that came meanwhile is not in these values: they serve this call and are loaded again for the next.
      entry.facts = facts[i]
      entry.memos = undefined
      const isAged = entry.loadedAtMs !== NEVER
      const isCurrent = entry.version === versions[i] && facts[i] !== undefined
      entry.loadedAtMs = isCurrent ? nowBefore : NEVER
      // Members may have changed unheard as well.
      if (isAged) entry.viewersVersion = ++this.#lastVersion
    })
  }

  async #loadViewers(viewer: UserId, entries: readonly Entry[]): Promise<Map<Entry, Viewer>> {
    const versions = entries.map(({ version, viewersVersion }) => ({ version, viewersVersion }))
    const refs = entries.map(
      ({ chatId }): RowRef => ({ table: chatMembers, key: { chatId, peerId: viewer } }),
    )
    const rows = (await this.#ports.tables.getMany(refs)) as (RowOf<typeof chatMembers> | undefined)[]
    const loaded = new Map<Entry, Viewer>()
    for (const [i, entry] of entries.entries()) {
      const row = rows[i]
      const known = entry.viewers?.peek(viewer)
      const seen = {
        member: row && memberFactsOf(row),
        accessHash: known?.accessHash ?? this.accessHash(viewer, entry.chatId),
        version: versions[i]!.viewersVersion,
      }
      loaded.set(entry, seen)
      if (entry.facts === undefined || entry.version !== versions[i]!.version) continue
      entry.viewers ??= new TwoGenerations(MAX_CACHED_VIEWERS)
      entry.viewers.set(viewer, seen)
    }
    return loaded
  }

  async #subscribe(entry: Entry): Promise<void> {
    const { bus, codec } = this.#ports
    const opened = await bus.subscribe(chatChannel(entry.chatId), (payload) => {
      const record = codec.decodeBare<BusRecord>(payload)
      if (record.type === 'ChatUpdate') this.#heard(entry, record)
    })
    if (this.#entries.peek(entry.chatId) === entry) entry.subscribed = opened
    else opened.close()
  }

  #heard(entry: Entry, { kind, userIds }: ChatUpdate): void {
    if (kind === 'info') this.changed(entry.chatId)
    else if (kind === 'members') {
      for (const userId of userIds) entry.viewers?.delete(userId)
      entry.version = ++this.#lastVersion
      entry.loadedAtMs = NEVER
    }
  }
}

type CollectionRow = RowOf<typeof usernameCollections>

function release(entry: Entry): void {
  entry.subscribed?.close()
}
