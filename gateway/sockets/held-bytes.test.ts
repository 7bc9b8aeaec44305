import { expect, it } from 'vitest'
import { HeldBytes } from './held-bytes.ts'

const KIB = 1024

it('held bytes count by address, small ones not at all, and end with what held them', () => {
  const held = new HeldBytes(300 * KIB)
  const [one, two, other] = [held.share('192.0.2.1'), held.share('192.0.2.1'), held.share('192.0.2.2')]
  expect(one.set(60 * KIB)).toBe(true)
  expect(held.of('192.0.2.1')).toBe(0)
  expect(one.set(200 * KIB)).toBe(true)
  expect(two.set(200 * KIB)).toBe(false)
  expect(other.set(200 * KIB)).toBe(true)
  two.set(0)
  expect(one.set(300 * KIB)).toBe(true)
  expect(held.of('192.0.2.1')).toBe(300 * KIB)
  one.set(0)
  expect(held.of('192.0.2.1')).toBe(0)
})
