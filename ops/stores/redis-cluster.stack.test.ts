import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeBus, describeStateCache } from '@heliograph/storage/contract'
import { RedisBus, RedisStateCache } from '@heliograph/storage/redis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { choosePorts, LOOPBACK } from '../stack/ports.ts'
import { type RunningCluster, startRedisCluster } from './redis-cluster.ts'

let cluster: RunningCluster | undefined
beforeAll(async () => {
  cluster = await startRedisCluster()
})
afterAll(() => cluster?.stop())
// One node is named: it says that it is one of a cluster, and who the others are.
const settings = () => ({ nodes: cluster!.nodes.slice(0, 1), prefix: `test-${randomUUID()}:` })

describeStateCache('RedisStateCache on a cluster', async () => {
  const cache = await RedisStateCache.connect(settings())
  return { cache, pass: (ms) => sleep(ms), dispose: () => cache.close() }
})

describeBus('RedisBus on a cluster', async () => {
  const bus = await RedisBus.connect(settings())
  return { bus, dispose: () => bus.close() }
})

it('is found where the first named node is away', async () => {
  const { nodes, prefix } = settings()
  const { away } = await choosePorts({ away: 0 })
  const shared = { prefix, nodes: [`redis://${LOOPBACK}:${away}`, ...nodes] }
  const [bus, cache] = [await RedisBus.connect(shared), await RedisStateCache.connect(shared)]
  await cache.set('key', Buffer.from('x'), 10)
  expect(await cache.get('key')).toEqual(Buffer.from('x'))
  await Promise.all([bus.close(), cache.close()])
})

it('reaches channels of all nodes, from either', async () => {
  const shared = settings()
  const [a, b] = [
    await RedisBus.connect(shared),
    await RedisBus.connect({ ...shared, nodes: cluster!.nodes.slice(1) }),
  ]
  const channels = Array.from({ length: 300 }, (_, i) => `user:${i}`)
  const heard: string[] = []
  await Promise.all(channels.map((channel) => a.subscribe(channel, (p) => void heard.push(p.toString()))))
  for (const channel of channels) b.publish(channel, Buffer.from(channel))
  await expect.poll(() => heard.length, { timeout: 60_000 }).toBe(channels.length)
  expect(heard.sort()).toEqual([...channels].sort())
  await Promise.all([a.close(), b.close()])
})

it('recovers by itself from a node that was killed', async () => {
  const shared = settings()
  const [bus, cache] = [await RedisBus.connect(shared), await RedisStateCache.connect(shared)]
  const channels = Array.from({ length: 50 }, (_, i) => `user:${i}`)
  const heard = new Set<string>()
  for (const channel of channels) await bus.subscribe(channel, () => void heard.add(channel))
  await cluster!.restart(1)
  await expect
    .poll(
      () => {
        for (const channel of channels) bus.publish(channel, Buffer.from('x'))
        return heard.size
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBe(channels.length)
  const stored = () => Promise.all(channels.map((key) => cache.set(key, Buffer.from('x'), 10)))
  await expect
    .poll(
      () =>
        stored()
          .then(() => true)
          .catch(() => false),
      { timeout: 60_000 },
    )
    .toBe(true)
  await Promise.all([bus.close(), cache.close()])
})
