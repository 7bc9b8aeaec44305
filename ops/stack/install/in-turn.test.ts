import { describe, expect, it } from 'vitest'
import { inTurn } from './in-turn.ts'

describe('a queue', () => {
  it('runs one after the other, also after a failure', async () => {
    const seen: string[] = []
    const queue = inTurn()
    const step = (name: string, fails = false) =>
      queue(async () => {
        seen.push(`${name} in`)
        await new Promise(setImmediate)
        seen.push(`${name} out`)
        if (fails) throw new Error(name)
        return name
      })
    const [first, second] = await Promise.allSettled([step('a', true), step('b')])
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'a' } })
    expect(second).toMatchObject({ value: 'b' })
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out'])
  })
})
