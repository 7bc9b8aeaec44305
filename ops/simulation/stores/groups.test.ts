import type { TopicName } from '@heliograph/topics'
import { expect, it } from 'vitest'
import { Life } from '../world/life.ts'
import { Timeline } from '../world/timeline.ts'
import { Coordinator, SESSION_TIMEOUT_MS } from './groups.ts'
import { Network } from './network.ts'

const TOPIC = 'test' as TopicName
const PARTITIONS = 2
/** For all that is told to arrive. */
const SOON_MS = 1_000

function world() {
  const time = new Timeline(1, false)
  const coordinator = new Coordinator(new Network(time), PARTITIONS, false)
  /** Joins, and gives what the member owns as far as it knows. */
  const join = (life: Life, group = 'group') => {
    const owned = new Set<number>()
    void coordinator.join(life, group, TOPIC, {
      assigned: (_, partition) => void owned.add(partition),
      revoked: async (_, partition) => void owned.delete(partition),
    })
    return owned
  }
  /** Lets so much time pass. */
  const pass = async (ms: number) => {
    const end = time.nowMs + ms
    time.at(end, undefined, () => {})
    await time.run(() => time.nowMs >= end)
  }
  return { time, coordinator, join, pass }
}

it('gives a member no partition for longer than a session that joined when its process was dead', async () => {
  const { join, pass } = world()
  const alive = join(new Life('alive'))
  await pass(SOON_MS)
  expect([...alive]).toEqual([0, 1])

  const gone = new Life('gone')
  gone.end()
  join(gone)
  await pass(SOON_MS)
  expect([...alive]).toEqual([0])

  await pass(SESSION_TIMEOUT_MS)
  expect([...alive]).toEqual([0, 1])
})

it('takes back, after a pause, what was given up at the pause and what joined during it', async () => {
  const { time, coordinator, join, pass } = world()
  const life = new Life('paused')
  const before = join(life, 'one')
  await pass(SOON_MS)
  life.pause()
  coordinator.silent(life)
  await pass(SESSION_TIMEOUT_MS + SOON_MS)
  const during = join(life, 'two')
  await pass(SESSION_TIMEOUT_MS + SOON_MS)
  const other = new Life('other')
  const others = [join(other, 'one'), join(other, 'two')]
  await pass(SOON_MS)
  expect(others.map(({ size }) => size)).toEqual([PARTITIONS, PARTITIONS])

  time.wake(life)
  coordinator.back(life)
  await pass(SESSION_TIMEOUT_MS + SOON_MS)

  expect([before.size, during.size]).toEqual([1, 1])
})
