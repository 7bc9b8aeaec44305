import { type ChatId, MAX_COUNTED_POSTS, type MessageSeq } from '@heliograph/schemas/avro'
import type { Services } from '../services.ts'

/** What is counted is given to the actors of the channels this often. */
export const FLUSH_INTERVAL_MS = 2_000
/** Posts whose counts wait on one node; of more, the newer ones are not counted. */
export const MAX_WAITING_POSTS = 50_000

interface Counted {
  views: number
  forwards: number
}

type CountServices = Pick<Services, 'commands' | 'log'>

/**
 * Counts views and forwards of posts on this node, and gives the sums to the actors of their channels every few seconds. A node
 * that ends at once loses what waits; nothing else does.
 */
export class PostCounts {
  readonly #services: CountServices
  readonly #waiting = new Map<ChatId, Map<number, Counted>>()
  #size = 0
  #timer: NodeJS.Timeout | undefined

  constructor(services: CountServices) {
    this.#services = services
  }

  add(chatId: ChatId, seq: number, views: number, forwards: number): void {
    const posts = this.#waiting.get(chatId) ?? new Map<number, Counted>()
    const counted = posts.get(seq)
    if (counted === undefined && this.#size >= MAX_WAITING_POSTS) return
    if (counted === undefined) {
      posts.set(seq, { views, forwards })
      this.#size += 1
    } else {
      counted.views += views
      counted.forwards += forwards
    }
    this.#waiting.set(chatId, posts)
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_INTERVAL_MS).unref()
  }

  /** What waits for a post. */
  waiting(chatId: ChatId, seq: number): Readonly<Counted> | undefined {
    return this.#waiting.get(chatId)?.get(seq)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    this.#size = 0
    for (const [chatId, posts] of waiting) this.#give(chatId, [...posts])
  }

  #give(chatId: ChatId, posts: readonly (readonly [number, Counted])[]): void {
    for (let at = 0; at < posts.length; at += MAX_COUNTED_POSTS) {
      const part = posts
        .slice(at, at + MAX_COUNTED_POSTS)
        .map(([seq, counted]) => ({ seq: seq as MessageSeq, ...counted }))
      const command = { type: 'CountViews', chatId, posts: part } as const
      this.#services.commands.ask('chat.commands', chatId, command, undefined).catch((error: unknown) => {
        this.#services.log.warn({ error: String(error) }, 'views were not counted')
      })
    }
  }
}

const counts = new WeakMap<object, PostCounts>()

/** The counts of this node. */
export function postCounts(services: CountServices): PostCounts {
  let found = counts.get(services.commands)
  if (found === undefined) {
    found = new PostCounts(services)
    counts.set(services.commands, found)
  }
  return found
}
