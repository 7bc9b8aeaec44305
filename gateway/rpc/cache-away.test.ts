import { EmbeddedRegistry, RecordCodec, type UserId } from '@heliograph/schemas/avro'
import { MemoryBus, MemoryStateCache, presenceChannel, StoreUnavailable } from '@heliograph/storage'
import { beforeAll, describe, expect, it } from 'vitest'
import { lastActive, noteActive } from './account/activity.ts'
import { isUnconfirmed, markUnconfirmed } from './account/unconfirmed.ts'
import { unlessAway } from './cache-away.ts'
import { PUBLIC_FLOOD_LIMITS } from './config.ts'
import { FloodControl } from './flood.ts'
import { presences, setOnline } from './presence.ts'
import { testCaller } from './test-rig.ts'

const USER = 7 as UserId

class AwayCache extends MemoryStateCache {
  isAway = true
  readonly #fail = (): Promise<never> => Promise.reject(new StoreUnavailable('away'))

  override getMany(keys: readonly string[]) {
    return this.isAway ? this.#fail() : super.getMany(keys)
  }
  override get(key: string) {
    return this.isAway ? this.#fail() : super.get(key)
  }
  override set(key: string, value: Buffer, ttlSeconds: number) {
    return this.isAway ? this.#fail() : super.set(key, value, ttlSeconds)
  }
  override take(...args: Parameters<MemoryStateCache['take']>) {
    return this.isAway ? this.#fail() : super.take(...args)
  }
}

describe('while the state cache is away', () => {
  let codec: RecordCodec
  beforeAll(async () => {
    codec = await RecordCodec.create(new EmbeddedRegistry())
  })

  it('an answer is what can be said without it, and a fault stays one', async () => {
    expect(await unlessAway(Promise.reject(new StoreUnavailable('away')), 3)).toBe(3)
    await expect(unlessAway(Promise.reject(new Error('bug')), 3)).rejects.toThrow('bug')
  })

  it('presence is unknown, and still told to those who watch', async () => {
    const [cache, bus] = [new AwayCache(), new MemoryBus()]
    let heard = 0
    await bus.subscribe(presenceChannel(USER), () => void heard++)
    await setOnline({ cache, bus, codec }, USER, 1000)
    expect(await presences({ cache, codec }, [USER, USER])).toEqual([undefined, undefined])
    expect(heard).toBe(1)
  })

  it('sessions are listed by their log-in', async () => {
    const cache = new AwayCache()
    await noteActive(cache, 'k', 1000)
    await markUnconfirmed(cache, 'k')
    expect(await lastActive(cache, 'k')).toBeUndefined()
    expect(await isUnconfirmed(cache, 'k')).toBe(false)
  })

  it('each node counts for itself, and says so once a minute', async () => {
    const cache = new AwayCache()
    let nowMs = 1_000_000
    const warnings: string[] = []
    const log = { warn: (_: object, message: string) => void warnings.push(message) }
    const flood = new FloodControl({ cache, limits: PUBLIC_FLOOD_LIMITS, nowMs: () => nowMs, log })
    const { capacity } = PUBLIC_FLOOD_LIMITS.code
    for (let i = 0; i < capacity; i++) await flood.take('code', testCaller(1))
    await expect(flood.take('code', testCaller(1))).rejects.toMatchObject({ code: 420 })
    await flood.take('code', testCaller(2))
    expect(warnings.length).toBe(1)
    nowMs += 60_000
    await flood.take('code', testCaller(3))
    expect(warnings.length).toBe(2)
    cache.isAway = false
    await flood.take('code', testCaller(4))
    expect(warnings.length).toBe(2)
  })
})
