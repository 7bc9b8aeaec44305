import type { ChatId, GroupKind } from '@heliograph/schemas/avro'
import { chatInfos, PUBLIC_CHAT_BUCKETS, publicChats, type RowOf, type Tables } from '@heliograph/storage'
import { chatFactsOf } from '../directory/chat-facts.ts'
import { tokensOf } from '../search-index/tokens.ts'
import type { Services } from '../services.ts'

/** Public chats of one part that are known; of more, the first. */
export const MAX_BUCKET_CHATS = 1_000
/** That a chat has become public, or is it no longer, is heard of so much later at most. */
export const MAX_AGE_MS = 5_000
/** What its title is now, and how many members it has, so much. */
export const MAX_ROW_AGE_MS = 60_000
/** Rows that are read at a time; while there are no more chats, all are read each time. */
export const LOAD_CHUNK = 500
const TURNS = MAX_ROW_AGE_MS / MAX_AGE_MS

/** A channel or supergroup with a public name, as searches know it. */
export interface PublicChat {
  readonly chatId: ChatId
  readonly kind: GroupKind
  readonly participants: number
  /** The words of its title, folded. */
  readonly words: readonly string[]
}

interface Known extends PublicChat {
  readonly version: number
  readonly readAtMs: number
}

type Reading = Pick<Services, 'tables' | 'keyring' | 'codec' | 'nowMs'>

/**
 * Public chats by the words of their titles. Those stand in the clear in the memory of this node only, opened again where a chat
 * has changed; the stores have titles sealed.
 */
class PublicChats {
  readonly #services: Reading
  #known = new Map<ChatId, Known>()
  #loadedAtMs = Number.NEGATIVE_INFINITY
  #loading: Promise<void> | undefined

  constructor(services: Reading) {
    this.#services = services
  }

  /** All of them, those with most members first. */
  async list(): Promise<PublicChat[]> {
    if (this.#services.nowMs() - this.#loadedAtMs >= MAX_AGE_MS) {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = undefined
      })
      await this.#loading
    }
    return [...this.#known.values()]
  }

  async #load(): Promise<void> {
    const nowMs = this.#services.nowMs()
    const ids = await this.#ids()
    const due = this.#due(ids, nowMs)
    const known = ids.flatMap((chatId) => (due.has(chatId) ? [] : (this.#known.get(chatId) ?? [])))
    const wanted = [...due]
    for (let from = 0; from < wanted.length; from += LOAD_CHUNK) {
      known.push(...(await this.#loadChunk(wanted.slice(from, from + LOAD_CHUNK), nowMs)))
    }
    known.sort((a, b) => b.participants - a.participants)
    this.#known = new Map(known.map((chat) => [chat.chatId, chat]))
    this.#loadedAtMs = nowMs
  }

  /** Those that are not known yet or were not looked at for long, and in turn of the others those that wait longest. */
  #due(ids: readonly ChatId[], nowMs: number): Set<ChatId> {
    const readAtMs = (chatId: ChatId) => this.#known.get(chatId)?.readAtMs ?? Number.NEGATIVE_INFINITY
    const byAge = ids.toSorted((a, b) => readAtMs(a) - readAtMs(b))
    const inTurn = Math.max(LOAD_CHUNK, Math.ceil(ids.length / TURNS))
    return new Set(byAge.filter((chatId, i) => i < inTurn || nowMs - readAtMs(chatId) >= MAX_ROW_AGE_MS))
  }

  async #ids(): Promise<ChatId[]> {
    const { tables } = this.#services
    const buckets = Array.from({ length: PUBLIC_CHAT_BUCKETS }, (_, bucket) =>
      tables.range(publicChats, { bucket }, { limit: MAX_BUCKET_CHATS }),
    )
    return (await Promise.all(buckets)).flat().map(({ chatId }) => chatId as ChatId)
  }

  async #loadChunk(ids: readonly ChatId[], nowMs: number): Promise<Known[]> {
    const refs = ids.map((chatId) => ({ table: chatInfos, key: { chatId } }))
    const rows = (await this.#services.tables.getMany(refs)) as (RowOf<typeof chatInfos> | undefined)[]
    const found = await Promise.all(rows.map((row, i) => row && this.#opened(ids[i]!, row, nowMs)))
    return found.filter((chat) => chat !== undefined)
  }

  async #opened(chatId: ChatId, row: RowOf<typeof chatInfos>, readAtMs: number): Promise<Known> {
    const known = this.#known.get(chatId)
    const version = row.version ?? 0
    if (known?.version === version) return { ...known, readAtMs }
    const { kind, participants, profile } = await chatFactsOf(this.#services, chatId, row)
    return { chatId, kind, participants, version, readAtMs, words: tokensOf(profile.title) }
  }
}

const nodes = new WeakMap<Tables, PublicChats>()

/** The public chats as this node knows them, those with most members first. */
export function listPublicChats(services: Reading): Promise<PublicChat[]> {
  let known = nodes.get(services.tables)
  if (known === undefined) {
    known = new PublicChats(services)
    nodes.set(services.tables, known)
  }
  return known.list()
}

/** Whether each word of a query begins some word of the title. */
export const hasTitle = ({ words }: PublicChat, sought: readonly string[]): boolean =>
  sought.every((one) => words.some((word) => word.startsWith(one)))
