import type { UserId } from '@heliograph/schemas/avro'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ALICE, NOW, Rig } from '../rpc/messages/test-rig.ts'
import { presences, setOnline } from '../rpc/presence.ts'
import { Departures, OFFLINE_DELAY_MS } from './departures.ts'
import { Push } from './push.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('calls back for those who stay away, once', () => {
  const gone: UserId[] = []
  const departures = new Departures((userId) => gone.push(userId))
  departures.left(1 as UserId)
  departures.left(2 as UserId)
  vi.advanceTimersByTime(OFFLINE_DELAY_MS - 1)
  departures.cameBack(2 as UserId)
  vi.advanceTimersByTime(OFFLINE_DELAY_MS)
  expect(gone).toEqual([1])
  departures.left(3 as UserId)
  departures.close()
  vi.advanceTimersByTime(OFFLINE_DELAY_MS)
  expect(gone).toEqual([1])
})

it('makes a user offline whose last session left, though its client said online', async () => {
  const rig = await Rig.start()
  const push = new Push(rig.services, () => undefined)
  const session = {
    permanentKeyId: '00000000000000aa' as never,
    sessionId: '00000000000000bb' as never,
    userId: ALICE,
    layer: 200,
    push: () => true,
  }
  push.attached(session)
  await setOnline(rig.services, ALICE, NOW)
  push.detached(session)
  await vi.advanceTimersByTimeAsync(OFFLINE_DELAY_MS - 1)
  expect((await presences(rig.services, [ALICE]))[0]?.expires).toBeGreaterThan(NOW)
  await vi.advanceTimersByTimeAsync(1)
  expect((await presences(rig.services, [ALICE]))[0]).toMatchObject({ expires: 0, wasOnline: NOW })
  push.close()
})
