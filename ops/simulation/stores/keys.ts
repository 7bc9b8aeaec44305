import { type KeyStore, type MemoryKeyStore, StoreUnavailable } from '@heliograph/storage'
import type { Operations } from './operations.ts'

const failed = (message: string): Error => new StoreUnavailable(message)

/** Wrapped data keys as one life of a process has them; `kept` are those of the world. */
export function simulatedKeyStore(kept: MemoryKeyStore, operations: Operations): KeyStore {
  const run = <T>(name: string, act: () => Promise<T>): Promise<T> => operations.run({ name, act, failed })
  return {
    get: (scope) => run(`key ${scope}`, () => kept.get(scope)),
    putIfAbsent: (scope, wrapped) => run(`new key ${scope}`, () => kept.putIfAbsent(scope, wrapped)),
    replace: (scope, before, after) => run(`replace key ${scope}`, () => kept.replace(scope, before, after)),
    delete: (scope) => run(`shred ${scope}`, () => kept.delete(scope)),
    scan: () => kept.scan(),
  }
}
