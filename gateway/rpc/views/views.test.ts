import { type ChatId, MAX_COUNTED_POSTS, type UserId } from '@heliograph/schemas/avro'
import { MemoryStateCache } from '@heliograph/storage'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FLUSH_INTERVAL_MS, MAX_WAITING_POSTS, PostCounts } from './count.ts'
import { newlySeen } from './seen.ts'

const chatId = 'c7' as ChatId
const viewer = 1 as UserId
const now = 1_700_000_000

describe('views of posts', () => {
  it('count once a day for each viewer', async () => {
    const cache = new MemoryStateCache()
    expect(await newlySeen(cache, viewer, chatId, [1, 2, 2], now)).toEqual([1, 2])
    expect(await newlySeen(cache, viewer, chatId, [2, 3], now)).toEqual([3])
    expect(await newlySeen(cache, 2 as UserId, chatId, [2], now)).toEqual([2])
    expect(await newlySeen(cache, viewer, chatId, [2], now + 24 * 3600)).toEqual([2])
  })
})

describe('counts of a node', () => {
  const asked: { posts: { seq: number; views: number; forwards: number }[] }[] = []
  const services = {
    commands: { ask: async (_: string, __: string, command: never) => void asked.push(command) },
    log: { warn: () => {} },
  } as never
  beforeEach(() => {
    asked.length = 0
    vi.useFakeTimers()
  })
  afterEach(() => void vi.useRealTimers())

  it('are given together, after some seconds', () => {
    const counts = new PostCounts(services)
    for (let i = 0; i < 5; i++) counts.add(chatId, 1, 1, 0)
    counts.add(chatId, 2, 0, 1)
    expect(counts.waiting(chatId, 1)).toEqual({ views: 5, forwards: 0 })
    expect(asked).toEqual([])
    vi.advanceTimersByTime(FLUSH_INTERVAL_MS)
    expect(asked).toMatchObject([
      {
        type: 'CountViews',
        chatId,
        posts: [
          { seq: 1, views: 5, forwards: 0 },
          { seq: 2, views: 0, forwards: 1 },
        ],
      },
    ])
    expect(counts.waiting(chatId, 1)).toBeUndefined()
    vi.advanceTimersByTime(FLUSH_INTERVAL_MS)
    expect(asked).toHaveLength(1)
  })

  it('go in commands of a bounded size, and do not pile up without end', () => {
    const counts = new PostCounts(services)
    for (let seq = 1; seq <= MAX_WAITING_POSTS + 1; seq++) counts.add(chatId, seq, 1, 0)
    counts.flush()
    expect(asked).toHaveLength(MAX_WAITING_POSTS / MAX_COUNTED_POSTS)
    expect(Math.max(...asked.map(({ posts }) => posts.length))).toBe(MAX_COUNTED_POSTS)
  })
})
