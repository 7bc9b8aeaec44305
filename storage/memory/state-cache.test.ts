import { expect, it } from 'vitest'
import { describeStateCache } from '../state-cache.contract.ts'
import { MemoryStateCache } from './state-cache.ts'

describeStateCache('MemoryStateCache', async () => {
  let nowMs = 0
  const cache = new MemoryStateCache(() => nowMs)
  return {
    cache,
    pass: async (ms) => {
      nowMs += ms
    },
    dispose: () => cache.close(),
  }
})

it('MemoryStateCache holds no more than its bound, and drops the oldest', async () => {
  const cache = new MemoryStateCache(() => 0, 3)
  for (const key of ['a', 'b', 'c', 'd']) await cache.set(key, Buffer.from(key), 10)
  expect(await cache.getMany(['a', 'b', 'd'])).toEqual([undefined, Buffer.from('b'), Buffer.from('d')])
  expect(cache.size).toBe(3)
})

it('MemoryStateCache sweeps what has expired as it is written to', async () => {
  let nowMs = 0
  const cache = new MemoryStateCache(() => nowMs)
  for (let i = 0; i < 100; i++) await cache.set(`old ${i}`, Buffer.alloc(1), 1)
  nowMs = 2000
  for (let i = 0; i < 200; i++) await cache.set('new', Buffer.alloc(1), 1)
  expect(cache.size).toBe(1)
})
