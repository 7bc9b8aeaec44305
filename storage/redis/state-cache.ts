import { Cluster } from 'ioredis'
import type { StateCache, Taken, TokenBucket } from '../state-cache.ts'
import { type Connection, openConnection, type RedisSettings } from './connection.ts'
import { asUnavailable } from './failures.ts'
import { type Scripts, withScripts } from './scripts.ts'

/**
 * The cache that all processes share. Where Redis is away every call rejects with `StoreUnavailable`, at once or within
 * `REPLY_TIMEOUT_MS`; it goes on by itself when Redis is back. Calls of one turn travel together.
 */
export class RedisStateCache implements StateCache {
  readonly #redis: Connection & Scripts
  readonly #prefix: string

  private constructor(connection: Connection, prefix: string) {
    this.#redis = withScripts(connection)
    this.#prefix = prefix
  }

  /** @throws StoreUnavailable where Redis cannot be reached. */
  static async connect(settings: RedisSettings): Promise<RedisStateCache> {
    return new RedisStateCache(await openConnection(settings), settings.prefix)
  }

  async get(key: string): Promise<Buffer | undefined> {
    return (await this.#ask(this.#redis.getBuffer(this.#prefix + key))) ?? undefined
  }

  /** In a cluster the keys are of many nodes, so each is asked for by itself. */
  async getMany(keys: readonly string[]): Promise<(Buffer | undefined)[]> {
    if (keys.length === 0) return []
    if (this.#redis instanceof Cluster) return Promise.all(keys.map((key) => this.get(key)))
    const values = await this.#ask(this.#redis.mgetBuffer(keys.map((key) => this.#prefix + key)))
    return values.map((value) => value ?? undefined)
  }

  async set(key: string, value: Buffer, ttlSeconds: number): Promise<void> {
    await this.#ask(this.#redis.set(this.#prefix + key, Buffer.from(value), 'PX', inMs(ttlSeconds)))
  }

  async add(key: string, value: Buffer, ttlSeconds: number): Promise<boolean> {
    const name = this.#prefix + key
    return (await this.#ask(this.#redis.set(name, Buffer.from(value), 'PX', inMs(ttlSeconds), 'NX'))) !== null
  }

  async delete(key: string): Promise<void> {
    await this.#ask(this.#redis.del(this.#prefix + key))
  }

  async increment(key: string, by: number, ttlSeconds: number): Promise<number> {
    return this.#ask(this.#redis.hgIncrement(this.#prefix + key, by, inMs(ttlSeconds)))
  }

  async take(key: string, { capacity, refillPerSecond }: TokenBucket, cost: number): Promise<Taken> {
    const waitSeconds = await this.#ask(
      this.#redis.hgTake(this.#prefix + key, capacity, refillPerSecond, cost),
    )
    return waitSeconds === 0 ? { allowed: true } : { allowed: false, waitSeconds }
  }

  async close(): Promise<void> {
    this.#redis.disconnect()
  }

  async #ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (error) {
      throw asUnavailable(error)
    }
  }
}

/** Redis counts whole milliseconds, at least one. */
function inMs(seconds: number): number {
  return Math.max(1, Math.ceil(seconds * 1000))
}
