import type { UserId } from '@heliograph/schemas/avro'
import { expect, it } from 'vitest'
import type { SessionHandle } from '../mtproto/ports.ts'
import { originOf, UserFeed } from './feed.ts'

interface Heard extends SessionHandle {
  readonly heard: unknown[]
}

function session(name: string): Heard {
  const heard: unknown[] = []
  return {
    permanentKeyId: name.padEnd(16, '0') as never,
    sessionId: '0000000000000001' as never,
    userId: 1,
    layer: 200,
    heard,
    push: (updates) => heard.push(updates) > 0,
  }
}

const fail = (error: unknown): never => {
  throw error
}

it('pushes in the order given, however long each is prepared', async () => {
  const feed = new UserFeed(1 as UserId)
  const one = session('a')
  feed.attach(one)
  const gates: (() => void)[] = []
  const slow = (value: object) => new Promise<object>((resolve) => gates.push(() => resolve(value)))
  feed.give('', () => ({ n: 1 }), fail)
  feed.give('', () => slow({ n: 2 }), fail)
  feed.give('', () => ({ n: 3 }), fail)
  feed.give('', () => slow({ n: 4 }), fail)
  feed.give('', () => ({ n: 5 }), fail)
  expect(one.heard).toEqual([{ n: 1 }])
  gates[0]?.()
  await expect.poll(() => gates.length).toBe(2)
  expect(one.heard).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  feed.give('', () => ({ n: 6 }), fail)
  gates[1]?.()
  await expect.poll(() => one.heard.length).toBe(6)
  expect(one.heard).toEqual([1, 2, 3, 4, 5, 6].map((n) => ({ n })))
})

it('leaves out the session that caused it', () => {
  const feed = new UserFeed(1 as UserId)
  const [one, two] = [session('a'), session('b')]
  feed.attach(one)
  expect(feed.hasOthers(originOf(one))).toBe(false)
  feed.attach(two)
  expect(feed.hasOthers(originOf(one))).toBe(true)
  feed.give(originOf(one), () => ({ n: 1 }), fail)
  expect([one.heard.length, two.heard.length]).toEqual([0, 1])
  expect(feed.detach(one)).toBe(false)
  expect(feed.detach(two)).toBe(true)
})

it('goes on after a failure, and tells of it', async () => {
  const feed = new UserFeed(1 as UserId)
  const one = session('a')
  feed.attach(one)
  const errors: unknown[] = []
  const tell = (error: unknown) => errors.push(error)
  feed.give('', () => fail(new Error('now')), tell)
  feed.give('', () => Promise.reject(new Error('later')), tell)
  feed.give('', () => ({ n: 1 }), tell)
  await expect.poll(() => one.heard.length).toBe(1)
  expect(errors.map(String)).toEqual(['Error: now', 'Error: later'])
})
