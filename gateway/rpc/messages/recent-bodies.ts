import type { ChatId } from '@heliograph/schemas/avro'
import type { Content } from './content.ts'

/** Bodies remembered: more than are on their way through the actors of one process at once. */
export const MAX_RECENT_BODIES = 2048
/** Longer ones are not worth the memory. */
export const MAX_RECENT_BODY_BYTES = 1024

const NONCE_START = 1
const NONCE_END = 13

interface Recent {
  readonly chatId: ChatId
  readonly sealed: Buffer
  readonly content: Content
  /** The data key, 32 bytes: with another in its place, after an erasure, the body is gone. */
  readonly key: Buffer
}

/**
 * Bodies that this process has sealed a moment ago. Where sender and receiver are at the same gateway, the sealed bytes come
 * back within milliseconds: the very same bytes of the same chat need no deciphering.
 */
export class RecentBodies {
  readonly #byNonce = new Map<string, Recent>()
  readonly #nonces: string[] = []
  #next = 0

  add(chatId: ChatId, sealed: Buffer, content: Content, key: Buffer): void {
    if (sealed.length > MAX_RECENT_BODY_BYTES) return
    const nonce = nonceOf(sealed)
    const replaced = this.#nonces[this.#next]
    if (replaced !== undefined) this.#byNonce.delete(replaced)
    this.#nonces[this.#next] = nonce
    this.#next = (this.#next + 1) % MAX_RECENT_BODIES
    this.#byNonce.set(nonce, { chatId, sealed, content, key })
  }

  /** What these bytes, every one of them, were sealed from for this chat under its present key. */
  find(chatId: ChatId, sealed: Buffer, key: Buffer): Content | undefined {
    const recent = this.#byNonce.get(nonceOf(sealed))
    if (recent?.chatId !== chatId || !recent.sealed.equals(sealed)) return undefined
    return recent.key === key || recent.key.equals(key) ? recent.content : undefined
  }
}

const nonceOf = (sealed: Buffer): string => sealed.toString('latin1', NONCE_START, NONCE_END)
