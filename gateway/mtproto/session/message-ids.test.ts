import { describe, expect, it } from 'vitest'
import type { AuthKey, AuthKeyId } from '../ports.ts'
import { ANSWER, MessageIds, messageKind, messageTimeMs, PUSH } from './message-ids.ts'
import { RECEIVED, ReceivedIds } from './received-ids.ts'
import { FIRST_SALT_S, isFirstSalt, KeySalts, SALT_PERIOD_S, SaltSource } from './salts.ts'

const NOW = 1_790_000_000_123

describe('server message ids', () => {
  it('grow strictly, whatever the clock does, and carry their kind', () => {
    const ids = new MessageIds()
    let last = 0n
    const clock = [NOW, NOW, NOW + 1, NOW - 5_000, NOW - 5_000, NOW + 2, NOW + 999, NOW + 1_000]
    for (const now of clock.flatMap((at) => Array.from({ length: 500 }, () => at))) {
      const kind = Math.random() < 0.5 ? ANSWER : PUSH
      const id = ids.next(now, kind)
      expect(id > last).toBe(true)
      expect(messageKind(id)).toBe(kind)
      last = id
    }
  })

  it('are the time they stand for', () => {
    for (const now of [NOW, NOW + 500, NOW + 876, 1, 999]) {
      expect(Math.abs(messageTimeMs(new MessageIds().next(now, 0)) - now)).toBeLessThan(1)
    }
  })
})

describe('received ids', () => {
  const at = (ms: number) => new MessageIds().next(ms, 0)

  it('are forgotten by age, and then count as too old', () => {
    const received = new ReceivedIds(2048)
    for (let i = 0; i < 400; i++) received.add(at(NOW + i * 60_000), RECEIVED, NOW + i * 60_000)
    expect(received.get(at(NOW))).toBeUndefined()
    expect(received.isTooOld(at(NOW))).toBe(true)
    expect(received.get(at(NOW + 399 * 60_000))).toBe(RECEIVED)
    expect(received.isTooOld(at(NOW + 399 * 60_000))).toBe(false)
    const remembered = Array.from({ length: 400 }, (_, i) => received.get(at(NOW + i * 60_000))).filter(
      Boolean,
    )
    expect(remembered.length).toBeLessThan(64)
  })

  it('that were received stay known beyond a later one that was forgotten first', () => {
    const received = new ReceivedIds(3)
    for (const offset of [5, 1, 2, 3, 4]) received.add(at(NOW + offset), RECEIVED, NOW)
    expect(received.get(at(NOW + 3))).toBe(RECEIVED)
    expect(received.get(at(NOW + 5))).toBeUndefined()
    expect(received.isTooOld(at(NOW + 5))).toBe(true)
  })
})

describe('the salt of a key exchange', () => {
  it('is good for a day', () => {
    const createdAt = Math.floor(NOW / 1000)
    const key: AuthKey = {
      id: '0011223344556677' as AuthKeyId,
      key: Buffer.alloc(256),
      firstSalt: 5n,
      createdAt,
    }
    const endMs = (createdAt + FIRST_SALT_S) * 1000
    expect(FIRST_SALT_S).toBe(86_400)
    expect(isFirstSalt(key, endMs, 5n)).toBe(true)
    expect(isFirstSalt(key, NOW, 6n)).toBe(false)
    expect(isFirstSalt(key, endMs + 1, 5n)).toBe(false)
  })
})

describe('salts', () => {
  const key = '0011223344556677' as AuthKeyId
  const source = new SaltSource(Buffer.alloc(32, 1))

  it('differ by key, period and secret, and are the same everywhere else', () => {
    const other = new SaltSource(Buffer.alloc(32, 2))
    const salts = [
      source.salt(key, 1),
      source.salt(key, 2),
      source.salt('0011223344556678' as AuthKeyId, 1),
      other.salt(key, 1),
    ]
    expect(new Set(salts).size).toBe(4)
    expect(new SaltSource(Buffer.alloc(32, 1)).salt(key, 1)).toBe(salts[0])
  })

  it('are good from a little before their period to the end of the next', () => {
    const period = Math.floor(NOW / 1000 / SALT_PERIOD_S)
    const begins = period * SALT_PERIOD_S * 1000
    const good = (atMs: number) => new KeySalts().accepts(source, key, atMs, source.salt(key, period))
    expect([-301_000, -299_000, 0, 3_599_000, 3_600_000].map((offset) => good(begins + offset))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
  })

  it('of the next period are forgotten with it', () => {
    const salts = new KeySalts()
    const period = Math.floor(NOW / 1000 / SALT_PERIOD_S)
    const accepted = (atPeriod: number, of: number) =>
      salts.accepts(source, key, atPeriod * SALT_PERIOD_S * 1000 - 1_000, source.salt(key, of))
    expect([accepted(period, period), accepted(period, period), accepted(period, period + 1)]).toEqual([
      true,
      true,
      false,
    ])
    expect([
      accepted(period + 1, period),
      accepted(period + 1, period + 1),
      accepted(period + 3, period),
    ]).toEqual([true, true, false])
  })
})
