import { expect, it } from 'vitest'
import { StoreUnavailable } from '../tables.ts'
import { Turns } from './turns.ts'

it('Turns lets so many run at once, the others in order, and refuses more', async () => {
  const turns = new Turns(2, 3)
  const begun: number[] = []
  const ends: ((error?: Error) => void)[] = []
  const act = (i: number) =>
    turns.take(() => {
      begun.push(i)
      return new Promise<void>((resolve, reject) =>
        ends.push((error) => (error === undefined ? resolve() : reject(error))),
      )
    })
  const acts = [0, 1, 2, 3, 4].map(act)
  await expect(act(5)).rejects.toThrow(StoreUnavailable)
  expect(begun).toEqual([0, 1])
  ends[1]!(new Error('failed'))
  await expect(acts[1]).rejects.toThrow('failed')
  await Promise.resolve()
  expect(begun).toEqual([0, 1, 2])
  for (let i = 0; i < 5; i++) {
    ends[i]!()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all([acts[0], acts[2], acts[3], acts[4]])
  expect(begun).toEqual([0, 1, 2, 3, 4])
  const again = act(6)
  ends[5]!()
  await again
})
