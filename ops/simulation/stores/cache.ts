import { type MemoryStateCache, type StateCache, StoreUnavailable } from '@heliograph/storage'
import type { Operations } from './operations.ts'

const failed = (message: string): Error => new StoreUnavailable(message)

/** The state cache as one life of a process has it; `cache` is the one of the world, as it is now; `kept` is told what is written. */
export function simulatedCache(
  cache: () => MemoryStateCache,
  operations: Operations,
  kept: (key: string, value: Buffer) => void,
): StateCache {
  const run = <T>(name: string, act: () => Promise<T>): Promise<T> =>
    operations.run({ name: `cache ${name}`, act, failed })
  return {
    get: (key) => run(`get ${key}`, () => cache().get(key)),
    getMany: (keys) => run(`get ${keys}`, () => cache().getMany(keys)),
    set: (key, value, ttlSeconds) => {
      kept(key, value)
      return run(`set ${key}`, () => cache().set(key, value, ttlSeconds))
    },
    add: (key, value, ttlSeconds) => {
      kept(key, value)
      return run(`add ${key}`, () => cache().add(key, value, ttlSeconds))
    },
    delete: (key) => run(`delete ${key}`, () => cache().delete(key)),
    increment: (key, by, ttlSeconds) => run(`increment ${key}`, () => cache().increment(key, by, ttlSeconds)),
    take: (key, bucket, cost) => run(`take ${key}`, () => cache().take(key, bucket, cost)),
    close: async () => {},
  }
}
