import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Place } from './client.ts'
import { REVOKE_TIMEOUT_MS } from './limits.ts'
import { OwnedPlaces } from './owned-places.ts'

const place = (partition: number): Place => ({ topic: 't', partition })
let stops: Map<number, () => void>
let events: string[]
let owned: OwnedPlaces

beforeEach(() => {
  vi.useFakeTimers()
  stops = new Map()
  events = []
  owned = new OwnedPlaces({
    assigned: ({ partition }) => void events.push(`+${partition}`),
    revoked: ({ partition }) => {
      events.push(`-${partition}`)
      return new Promise((resolve) => void stops.set(partition, resolve))
    },
  })
})
afterEach(() => vi.useRealTimers())

it('takes and gives up only what moves', async () => {
  await owned.become([place(0), place(1)])
  const done = owned.become([place(1), place(2)])
  expect(events).toEqual(['+0', '+1', '-0', '+2'])
  expect(owned.places).toHaveLength(3)
  expect(owned.isSettled).toBe(false)
  stops.get(0)!()
  await done
  expect(owned.places).toEqual([place(1), place(2)])
  expect(owned.isSettled).toBe(true)
})

it('asks once, and takes nothing back that is still being given up', async () => {
  await owned.become([place(0)])
  void owned.become([])
  const back = owned.become([place(0)])
  expect(events).toEqual(['+0', '-0'])
  stops.get(0)!()
  await back
  await owned.become([place(0)])
  expect(events).toEqual(['+0', '-0', '+0'])
})

it('does not wait for ever for an owner that does not stop', async () => {
  await owned.become([place(0)])
  const done = owned.become([])
  await vi.advanceTimersByTimeAsync(REVOKE_TIMEOUT_MS)
  await done
  expect(owned.places).toEqual([])
})
