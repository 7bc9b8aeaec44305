import { timingSafeEqual } from 'node:crypto'
import type { Keyring } from '@heliograph/storage'
import { WorkQueue } from '../../media/work-queue.ts'
import { TwoGenerations } from '../directory/two-generations.ts'
import type { Fetched } from '../messages/media/fetch.ts'

/** A file that is elsewhere in the web, as clients are given it. */
const MAX_WEB_FILE_BYTES = 5 * 1024 * 1024
/** Files in memory, twice at most, for as long as a client takes them part by part. */
const MAX_REMEMBERED = 4
const REMEMBERED_MS = 60_000
/** Fetches at once, and those that wait; more are told to come again. */
const CONCURRENCY = 4
const QUEUE = 32
const HASH_BYTES = 8

/** By which a client shows that this server has told it of an address (`webDocument`). */
export const webFileAccessHash = (keyring: Keyring, url: string): bigint =>
  keyring.mac('access-hash', `web|${url}`).readBigInt64LE()

export function isWebFileAccessHash(keyring: Keyring, url: string, given: bigint): boolean {
  const [one, other] = [Buffer.alloc(HASH_BYTES), Buffer.alloc(HASH_BYTES)]
  one.writeBigInt64LE(BigInt.asIntN(64, given))
  other.writeBigInt64LE(webFileAccessHash(keyring, url))
  return timingSafeEqual(one, other)
}

interface Remembered {
  readonly fetched: Promise<Fetched>
  readonly untilMs: number
}

/** Fetches files of the web for clients, who ask for them part by part: each is fetched once in a while. */
export class WebFiles {
  readonly #fetch: (url: string, options: { readonly maxBytes: number }) => Promise<Fetched>
  readonly #nowMs: () => number
  readonly #queue = new WorkQueue(CONCURRENCY, QUEUE)
  readonly #remembered = new TwoGenerations<string, Remembered>(MAX_REMEMBERED)

  constructor(
    fetch: (url: string, options: { readonly maxBytes: number }) => Promise<Fetched>,
    nowMs: () => number,
  ) {
    this.#fetch = fetch
    this.#nowMs = nowMs
  }

  /** @throws NotFetched; FLOOD_WAIT where too many are being fetched */
  get(url: string): Promise<Fetched> {
    const known = this.#remembered.get(url)
    if (known !== undefined && known.untilMs > this.#nowMs()) return known.fetched
    const fetched = this.#queue.run(() => this.#fetch(url, { maxBytes: MAX_WEB_FILE_BYTES }))
    this.#remembered.set(url, { fetched, untilMs: this.#nowMs() + REMEMBERED_MS })
    // What has failed is tried again by the next one who asks.
    fetched.catch(() => this.#remembered.delete(url))
    return fetched
  }
}
