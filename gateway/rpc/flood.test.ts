import { MemoryStateCache } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { gatewayConfig, PUBLIC_FLOOD_LIMITS } from './config.ts'
import { FloodControl } from './flood.ts'
import { testCaller } from './test-rig.ts'

function control(limits = PUBLIC_FLOOD_LIMITS) {
  const clock = { nowMs: 1_000_000 }
  const nowMs = () => clock.nowMs
  return { clock, flood: new FloodControl({ cache: new MemoryStateCache(nowMs), limits, nowMs }) }
}

describe('flood control', () => {
  it('lets a burst pass at once, then says how long to wait, then lets go on', () => {
    const { clock, flood } = control()
    const { capacity } = PUBLIC_FLOOD_LIMITS.send
    for (let i = 0; i < capacity; i++) expect(flood.take('send', testCaller(1))).toBeUndefined()
    expect(() => flood.take('send', testCaller(1))).toThrow('FLOOD_WAIT_1')
    expect(flood.take('send', testCaller(2))).toBeUndefined()
    expect(flood.take('default', testCaller(1))).toBeUndefined()
    clock.nowMs += 1000
    expect(flood.take('send', testCaller(1))).toBeUndefined()
  })

  it('counts a call by its cost, and one beyond the whole bucket as a full one', async () => {
    const { clock, flood } = control()
    const { capacity, refillPerSecond } = PUBLIC_FLOOD_LIMITS.send
    flood.take('send', testCaller(1), capacity - 1)
    expect(() => flood.take('send', testCaller(1), 2)).toThrow('FLOOD_WAIT_1')
    expect(flood.take('send', testCaller(1))).toBeUndefined()
    clock.nowMs += (capacity / refillPerSecond) * 1000
    expect(flood.take('send', testCaller(1), 10 * capacity)).toBeUndefined()
    expect(() => flood.take('send', testCaller(1))).toThrow('FLOOD_WAIT_1')
    await flood.take('import', testCaller(1), PUBLIC_FLOOD_LIMITS.import.capacity)
    await expect(flood.take('import', testCaller(1))).rejects.toMatchObject({ code: 420 })
  })

  it('limits what all keys of an address together call before they log in', () => {
    const { flood } = control()
    const { capacity } = PUBLIC_FLOOD_LIMITS.default
    const flooding = () => {
      for (let i = 0; i < 10 * capacity; i++) flood.take('default', testCaller(undefined, `key ${i}`))
    }
    expect(flooding).toThrow('FLOOD_WAIT_1')
    expect(flood.take('default', testCaller(1))).toBeUndefined()
    const elsewhere = { ...testCaller(undefined, 'another'), remoteAddress: '192.0.2.9' }
    expect(flood.take('default', elsewhere)).toBeUndefined()
  })

  it('limits codes per auth key and per address', async () => {
    const { flood } = control()
    const { capacity } = PUBLIC_FLOOD_LIMITS.code
    for (let i = 0; i < capacity; i++) await flood.take('code', testCaller(undefined, '0a'))
    await expect(flood.take('code', testCaller(undefined, '0a'))).rejects.toMatchObject({ code: 420 })
    await flood.take('code', testCaller(undefined, '0b'))
    let taken = 0
    const rest = async () => {
      for (; taken < 1000; taken++)
        await flood.take('code', testCaller(undefined, taken.toString(16).padStart(2, '0')))
    }
    await expect(rest()).rejects.toMatchObject({ code: 420 })
    expect(taken).toBeLessThan(capacity * 6)
  })

  it('is generous where a fixed code makes it a development server', () => {
    const config = gatewayConfig({
      node: 'n',
      dataCentre: { id: 1, address: '::1', port: 1 },
      fixedCode: '12345',
    })
    const { flood } = control(config.flood)
    for (let i = 0; i < 10_000; i++) flood.take('send', testCaller(1))
  })
})
