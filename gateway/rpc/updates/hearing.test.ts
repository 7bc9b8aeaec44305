import type { UserId } from '@heliograph/schemas/avro'
import { afterEach, expect, it, vi } from 'vitest'
import { signUp, testRig } from '../test-rig.ts'
import { Hearing, MAX_HEARING_WAIT_MS } from './hearing.ts'

const ALICE = 1000 as UserId

afterEach(() => {
  vi.useRealTimers()
})

it('has nothing to wait for where nobody came, or all is subscribed to', async () => {
  const hearing = new Hearing()
  expect(hearing.until(ALICE)).toBeUndefined()
  hearing.begin(ALICE, Promise.resolve())
  await hearing.until(ALICE)
  expect(hearing.until(ALICE)).toBeUndefined()
})

it('does not wait for ever, nor fails where the bus is away', async () => {
  vi.useFakeTimers()
  const hearing = new Hearing()
  hearing.begin(ALICE, new Promise(() => {}))
  const waiting = hearing.until(ALICE)
  await vi.advanceTimersByTimeAsync(MAX_HEARING_WAIT_MS)
  await waiting
  hearing.begin(ALICE, Promise.reject(new Error('away')))
  await hearing.until(ALICE)
  expect(hearing.until(ALICE)).toBeUndefined()
})

it.each([
  ['updates.getState', {}],
  ['updates.getDifference', { pts: 1, date: 1, qts: 0 }],
] as const)('%s reads after the node hears of the user', async (method, args) => {
  const rig = await testRig()
  const alice = await signUp(rig, '+9996620011', 'Alice')
  const happened: string[] = []
  let subscribed = (): void => {}
  rig.services.hearing.begin(
    alice.userId,
    new Promise<void>((resolve) => {
      subscribed = resolve
    }),
  )
  const answered = rig.call(method, args as never, alice).then(() => happened.push('answered'))
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
  happened.push('subscribed')
  subscribed()
  await answered
  expect(happened).toEqual(['subscribed', 'answered'])
})
