import { type ChatId, chatKindOf } from '@heliograph/schemas/avro'
import { chatMembers, type RowOf, type RowRef } from '@heliograph/storage'
import type { UserFeed } from './feed.ts'
import type { PushServices } from './mailbox-update.ts'

/** Members whose rows one look reads. */
const MAX_LOOKED_UP = 500

/** Up to which message the history of a chat is hidden from a user; undefined until it has been looked up. */
export interface Floor {
  seq: number | undefined
}
interface Look {
  readonly chatId: ChatId
  readonly userId: UserFeed['userId']
  readonly floor: Floor
  resolve(seq: number): void
  reject(error: unknown): void
}

/**
 * Keeps from newcomers what befalls messages of a supergroup that were hidden from them when they came in. Looked up once for each,
 * when something first befalls a message, and forgotten when the user goes or its standing is looked at again.
 */
export class Floors {
  readonly #services: PushServices
  #looks: Look[] = []

  constructor(services: PushServices) {
    this.#services = services
  }

  /** Those of the messages that are not hidden from the user; at once where that is known. Rejects where it cannot be looked up. */
  visible(
    feed: UserFeed,
    chatId: ChatId,
    seqs: readonly number[],
  ): readonly number[] | Promise<readonly number[]> {
    if (chatKindOf(chatId) !== 'channel') return seqs
    if (this.#services.chats.cachedFacts(chatId)?.kind === 'broadcast') return seqs
    const known = feed.floors?.get(chatId)?.seq
    if (known !== undefined) return above(known, seqs)
    return this.#lookUp(feed, chatId).then((floor) => above(floor, seqs))
  }

  #lookUp(feed: UserFeed, chatId: ChatId): Promise<number> {
    feed.floors ??= new Map()
    const floor = feed.floors.get(chatId) ?? { seq: undefined }
    // Whoever is looked at anew meanwhile has another one, and this goes into nothing.
    feed.floors.set(chatId, floor)
    if (this.#looks.length === 0) queueMicrotask(() => this.#flush())
    return new Promise((resolve, reject) => {
      this.#looks.push({ chatId, userId: feed.userId, floor, resolve, reject })
    })
  }

  /** One publication is given to many: their rows are read together. */
  #flush(): void {
    const looks = this.#looks
    this.#looks = []
    for (let from = 0; from < looks.length; from += MAX_LOOKED_UP)
      void this.#read(looks.slice(from, from + MAX_LOOKED_UP))
  }

  async #read(looks: readonly Look[]): Promise<void> {
    try {
      const refs = looks.map(
        ({ chatId, userId }): RowRef => ({ table: chatMembers, key: { chatId, peerId: userId } }),
      )
      const rows = await this.#services.tables.getMany(refs)
      for (const [i, { floor, resolve }] of looks.entries()) {
        floor.seq = (rows[i] as RowOf<typeof chatMembers> | undefined)?.minSeq ?? 0
        resolve(floor.seq)
      }
    } catch (error) {
      for (const { reject } of looks) reject(error)
    }
  }
}

const above = (floor: number, seqs: readonly number[]): readonly number[] =>
  floor === 0 ? seqs : seqs.filter((seq) => seq > floor)
