import { expect, it } from 'vitest'
import { Slots } from './slots.ts'

it('slots run so many at once, the others in turn, and refuse what would wait too long', async () => {
  const slots = new Slots(2, 1)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const work = (number: number) => () => {
    begun.push(number)
    return new Promise<void>((resolve) => ends.push(resolve))
  }
  expect([1, 2, 3, 4].map((number) => slots.run(work(number)))).toEqual([true, true, true, false])
  expect(begun).toEqual([1, 2])
  expect(slots.count).toBe(3)
  ends[0]?.()
  await new Promise((resolve) => setImmediate(resolve))
  expect(begun).toEqual([1, 2, 3])
  expect(slots.count).toBe(2)
})
