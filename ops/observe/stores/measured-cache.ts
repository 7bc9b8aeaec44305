import type { StateCache, TokenBucket } from '@heliograph/storage'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import { Timed } from './timed.ts'

/** A state cache, measured. */
export class MeasuredCache implements StateCache {
  readonly #cache: StateCache
  readonly #read
  readonly #write
  readonly #take

  constructor(cache: StateCache, metrics: Metrics, log: Logger) {
    this.#cache = cache
    this.#read = new Timed(metrics, log, 'cache', 'read')
    this.#write = new Timed(metrics, log, 'cache', 'write')
    this.#take = new Timed(metrics, log, 'cache', 'take')
  }

  get(key: string) {
    return this.#read.watch(this.#cache.get(key))
  }
  getMany(keys: readonly string[]) {
    return this.#read.watch(this.#cache.getMany(keys))
  }
  set(key: string, value: Buffer, ttlSeconds: number) {
    return this.#write.watch(this.#cache.set(key, value, ttlSeconds))
  }
  add(key: string, value: Buffer, ttlSeconds: number) {
    return this.#write.watch(this.#cache.add(key, value, ttlSeconds))
  }
  delete(key: string) {
    return this.#write.watch(this.#cache.delete(key))
  }
  increment(key: string, by: number, ttlSeconds: number) {
    return this.#write.watch(this.#cache.increment(key, by, ttlSeconds))
  }
  take(key: string, bucket: TokenBucket, cost: number) {
    return this.#take.watch(this.#cache.take(key, bucket, cost))
  }
  close() {
    return this.#cache.close()
  }
}
