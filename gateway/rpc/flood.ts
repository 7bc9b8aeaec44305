import { floodWait } from '@heliograph/schemas/tl'
import {
  type BucketLevel,
  type StateCache,
  StoreUnavailable,
  type Taken,
  type TokenBucket,
  takeTokens,
} from '@heliograph/storage'
import { addressBlock } from '../mtproto/address-block.ts'
import type { Caller } from '../mtproto/ports.ts'
import type { FloodClass, FloodLimits } from './config.ts'
import { TwoGenerations } from './directory/two-generations.ts'

/** Callers whose buckets a node remembers; a forgotten bucket starts full again. */
export const MAX_BUCKETS = 100_000
/** Several people may share an address. */
const CALLERS_PER_ADDRESS = 5
/** How often at most it is logged that the cache is away. */
const WARNING_INTERVAL_MS = 60_000

/** Classes that every call passes: counted by each node for itself, so that they cost next to nothing. */
type LocalClass = 'default' | 'send' | 'file'
const LOCAL: Partial<Record<FloodClass, true>> = { default: true, send: true, file: true }

interface FloodLog {
  warn(fields: object, message: string): void
}

/**
 * Flood limits per user, auth key, address and class of method. While the cache is away each node counts by itself what
 * all count together otherwise.
 */
export class FloodControl {
  readonly #cache: StateCache
  readonly #limits: FloodLimits
  readonly #nowMs: () => number
  readonly #levels = {
    default: new TwoGenerations<number | string, BucketLevel>(MAX_BUCKETS),
    send: new TwoGenerations<number | string, BucketLevel>(MAX_BUCKETS),
    file: new TwoGenerations<number | string, BucketLevel>(MAX_BUCKETS),
    shared: new TwoGenerations<number | string, BucketLevel>(MAX_BUCKETS),
  }
  readonly #log: FloodLog | undefined
  #warnedAtMs = Number.NEGATIVE_INFINITY

  constructor(ports: {
    readonly cache: StateCache
    readonly limits: FloodLimits
    readonly nowMs: () => number
    readonly log?: FloodLog
  }) {
    this.#cache = ports.cache
    this.#limits = ports.limits
    this.#nowMs = ports.nowMs
    this.#log = ports.log
  }

  /**
   * Counts one call, which is worth `cost` ordinary ones (more than a full bucket count as a full bucket). Throws 420 FLOOD_WAIT_X at once, or rejects with it, where the caller has to wait X seconds; returns
   * undefined where nothing has to be waited for.
   */
  take(
    kind: FloodClass,
    caller: Pick<Caller, 'userId' | 'permanentKeyId' | 'remoteAddress'>,
    cost = 1,
  ): Promise<void> | undefined {
    if (LOCAL[kind] === undefined) return this.#takeShared(kind, caller, cost)
    const local = kind as LocalClass
    const bucket = this.#limits[local]
    this.#takeLocal(local, caller.userId ?? caller.permanentKeyId, bucket, cost)
    // Auth keys cost little; without this, one address could call as often as it has made keys.
    if (caller.userId === undefined)
      this.#takeLocal(local, `@${addressBlock(caller.remoteAddress)}`, forAddress(bucket), cost)
    return undefined
  }

  #takeLocal(kind: LocalClass, key: number | string, bucket: TokenBucket, cost: number): void {
    const taken = this.#takeHere(kind, key, bucket, cost)
    if (!taken.allowed) throw floodWait(taken.waitSeconds)
  }

  #takeHere(kind: LocalClass | 'shared', key: number | string, bucket: TokenBucket, cost: number): Taken {
    const levels = this.#levels[kind]
    const { level, taken } = takeTokens(
      levels.get(key),
      bucket,
      Math.min(cost, bucket.capacity),
      this.#nowMs(),
    )
    levels.set(key, level)
    return taken
  }

  async #takeShared(
    kind: FloodClass,
    caller: Pick<Caller, 'userId' | 'permanentKeyId' | 'remoteAddress'>,
    cost: number,
  ): Promise<void> {
    const bucket = this.#limits[kind]
    await this.#takeCached(`flood:${kind}:${caller.userId ?? caller.permanentKeyId}`, bucket, cost)
    if (caller.userId !== undefined) return
    await this.#takeCached(`flood:${kind}:@${addressBlock(caller.remoteAddress)}`, forAddress(bucket), cost)
  }

  async #takeCached(key: string, bucket: TokenBucket, cost: number): Promise<void> {
    const taken = await this.#takeTogether(key, bucket, Math.min(cost, bucket.capacity))
    if (!taken.allowed) throw floodWait(Math.max(1, Math.ceil(taken.waitSeconds)))
  }

  async #takeTogether(key: string, bucket: TokenBucket, cost: number): Promise<Taken> {
    try {
      return await this.#cache.take(key, bucket, cost)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#warn(error)
      return this.#takeHere('shared', key, bucket, cost)
    }
  }

  #warn(error: StoreUnavailable): void {
    const nowMs = this.#nowMs()
    if (nowMs - this.#warnedAtMs < WARNING_INTERVAL_MS) return
    this.#warnedAtMs = nowMs
    this.#log?.warn({ error: String(error) }, 'the state cache is away: this node counts flood limits alone')
  }
}

function forAddress({ capacity, refillPerSecond }: TokenBucket): TokenBucket {
  return {
    capacity: capacity * CALLERS_PER_ADDRESS,
    refillPerSecond: refillPerSecond * CALLERS_PER_ADDRESS,
  }
}
