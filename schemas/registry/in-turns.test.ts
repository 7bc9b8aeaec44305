import { expect, it } from 'vitest'
import { inTurns } from './in-turns.ts'

it('runs so many at once, the others in order, also after one that failed', async () => {
  const inTurn = inTurns(2)
  const begun: number[] = []
  const ends: (() => void)[] = []
  let [running, most] = [0, 0]
  const calls = Array.from({ length: 5 }, (_, i) =>
    inTurn(async () => {
      begun.push(i)
      most = Math.max(most, ++running)
      await new Promise<void>((resolve) => ends.push(resolve))
      running--
      if (i === 0) throw new Error('the first')
      return i
    }).catch(() => 'failed'),
  )
  for (let i = 0; i < 5; i++) {
    await expect.poll(() => ends.length).toBeGreaterThan(i)
    ends[i]?.()
  }
  expect(await Promise.all(calls)).toEqual(['failed', 1, 2, 3, 4])
  expect(begun).toEqual([0, 1, 2, 3, 4])
  expect(most).toBe(2)
  expect(await inTurn(async () => 'free again')).toBe('free again')
})
