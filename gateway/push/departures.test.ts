import type { UserId } from '@heliograph/schemas/avro'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ALICE, NOW, Rig } from '../rpc/messages/test-rig.ts'
import { presences, setOnline } from '../rpc/presence.ts'
import { Departures, OFFLINE_DELAY_MS } from './departures.ts'
import { ANSWER_MS } from './held-elsewhere.ts'
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

const session = {
  permanentKeyId: '00000000000000aa' as never,
  sessionId: '00000000000000bb' as never,
  userId: ALICE,
  layer: 200,
  push: () => true,
}
const gateway = (rig: Rig, node: string) =>
  new Push({ ...rig.services, config: { ...rig.services.config, node } }, () => undefined)
const seen = async (rig: Rig) => (await presences(rig.services, [ALICE]))[0]

it('makes a user offline whose last session left, though its client said online', async () => {
  const rig = await Rig.start()
  const push = gateway(rig, 'one')
  push.attached(session)
  await setOnline(rig.services, ALICE, NOW)
  push.detached(session)
  await vi.advanceTimersByTimeAsync(OFFLINE_DELAY_MS + ANSWER_MS - 1)
  expect((await seen(rig))?.expires).toBeGreaterThan(NOW)
  await vi.advanceTimersByTimeAsync(1)
  expect(await seen(rig)).toMatchObject({ expires: 0, wasOnline: NOW })
  push.close()
})

it('leaves a user online who is connected to another gateway, until that ends too', async () => {
  const rig = await Rig.start()
  const [one, two] = [gateway(rig, 'one'), gateway(rig, 'two')]
  one.attached(session)
  two.attached({ ...session, sessionId: '00000000000000cc' as never })
  await setOnline(rig.services, ALICE, NOW)
  one.detached(session)
  await vi.advanceTimersByTimeAsync(2 * (OFFLINE_DELAY_MS + ANSWER_MS))
  expect((await seen(rig))?.expires).toBeGreaterThan(NOW)
  // Killed: it says nothing any more, and its connections are forgotten with it.
  two.close()
  one.attached(session)
  one.detached(session)
  await vi.advanceTimersByTimeAsync(OFFLINE_DELAY_MS + ANSWER_MS)
  expect(await seen(rig)).toMatchObject({ expires: 0 })
  one.close()
})

it('leaves a user online who comes back while the others are asked', async () => {
  const rig = await Rig.start()
  const one = gateway(rig, 'one')
  one.attached(session)
  await setOnline(rig.services, ALICE, NOW)
  one.detached(session)
  await vi.advanceTimersByTimeAsync(OFFLINE_DELAY_MS + ANSWER_MS / 2)
  one.attached(session)
  await vi.advanceTimersByTimeAsync(ANSWER_MS)
  expect((await seen(rig))?.expires).toBeGreaterThan(NOW)
  one.close()
})
