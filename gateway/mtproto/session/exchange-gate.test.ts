import { describe, expect, it } from 'vitest'
import { ExchangeGate, MAX_KNOWN_ADDRESSES } from './exchange-gate.ts'
import { DEFAULT_LIMITS } from './limits.ts'

const gateOf = (limits: Partial<typeof DEFAULT_LIMITS>) => new ExchangeGate({ ...DEFAULT_LIMITS, ...limits })
const bucket = { exchangesPerAddress: { capacity: 3, refillPerSecond: 1 } }

describe('the gate of key exchanges', () => {
  it('lets an address begin a burst, then one for each token that comes back', () => {
    const gate = gateOf(bucket)
    const begin = (nowMs: number) => {
      const entered = gate.enter('192.0.2.1', nowMs)
      if (entered) gate.leave('192.0.2.1')
      return entered
    }
    expect([0, 0, 0, 0, 999, 1000, 1000].map(begin)).toEqual([true, true, true, false, false, true, false])
  })

  it('counts the addresses of one IPv6 network together, and others apart', () => {
    const gate = gateOf({ openExchangesPerAddress: 1 })
    expect(gate.enter('2001:db8::1', 0)).toBe(true)
    expect(gate.enter('2001:db8::2', 0)).toBe(false)
    expect(gate.enter('2001:db8:0:1::1', 0)).toBe(true)
    gate.leave('2001:db8::1')
    expect(gate.enter('2001:db8::2', 0)).toBe(true)
  })

  it('remembers a bounded number of addresses', () => {
    const gate = gateOf({ openExchanges: Number.MAX_SAFE_INTEGER })
    for (let i = 0; i < MAX_KNOWN_ADDRESSES + 100; i++) gate.enter(`a${i}`, 0)
    expect(gate.knownAddresses).toBe(MAX_KNOWN_ADDRESSES)
  })
})
