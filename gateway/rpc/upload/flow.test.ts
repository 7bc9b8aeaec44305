import { expect, it } from 'vitest'
import type { SessionId } from '../../mtproto/ports.ts'
import { FileFlow, MAX_UNSENT_BYTES, MAX_UNSENT_PER_SESSION_BYTES } from './flow.ts'

const MIB = 1024 * 1024

/** Time that passes when the test says so, and sessions whose unsent bytes it sets. */
function rig() {
  const waiting: (() => void)[] = []
  const flow = new FileFlow((look) => waiting.push(look))
  const tick = async () => {
    for (const wake of waiting.splice(0)) wake()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const session = (name: string) => {
    const reader = { sessionId: name as SessionId, unsent: 0, unsentBytes: () => reader.unsent }
    return reader
  }
  return { flow, tick, session }
}

it('a session that takes what it gets never waits', async () => {
  const { flow, session } = rig()
  const reader = session('fast')
  for (let i = 0; i < 100; i++) expect(await flow.run(reader, MIB, async () => i)).toBe(i)
})

it('a session that takes nothing is read no more than its share, and goes on when it takes', async () => {
  const { flow, tick, session } = rig()
  const reader = session('slow')
  let read = 0
  const all = Array.from({ length: 10 }, () =>
    flow.run(reader, MIB, async () => {
      read++
      reader.unsent += MIB
    }),
  )
  for (let i = 0; i < 5; i++) await tick()
  expect(read * MIB).toBe(MAX_UNSENT_PER_SESSION_BYTES)
  for (let i = 0; i < 40; i++) {
    reader.unsent = Math.max(0, reader.unsent - MIB)
    await tick()
  }
  await Promise.all(all)
  expect(read).toBe(10)
})

it('a thousand that take nothing together hold a fixed number of bytes, and others are served', async () => {
  const { flow, tick, session } = rig()
  let read = 0
  const calls: Promise<void>[] = []
  const slow = Array.from({ length: 1000 }, (_, i) => session(`slow ${i}`))
  for (const reader of slow) {
    for (let i = 0; i < 4; i++)
      calls.push(
        flow.run(reader, MIB / 8, async () => {
          read += MIB / 8
          reader.unsent += MIB / 8
        }),
      )
  }
  for (let i = 0; i < 5; i++) await tick()
  // One answer each is given to everybody, which the sockets take; the rest has one limit.
  expect(read).toBeLessThanOrEqual(MAX_UNSENT_BYTES + slow.length * (MIB / 8))
  expect(await flow.run(session('fast'), MIB, async () => 'served')).toBe('served')
  for (let i = 0; i < 10; i++) {
    for (const reader of slow) reader.unsent = 0
    await tick()
  }
  await Promise.all(calls)
})
