import { encodeCall } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { Rig } from './rig.fixture.ts'

const body = encodeCall({ _: 'updates.getState' })

function setUp(limits = {}) {
  const rig = new Rig({ limits })
  rig.answer = async () => ({ _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unreadCount: 0 })
  return { rig, user: rig.client(rig.authKeys.make({ userId: 5 })) }
}

describe('the engine', () => {
  it('holds a bounded number of sessions', async () => {
    const { rig, user } = setUp({ sessions: 1 })
    user.client.call(body, () => {})
    const other = rig.client(rig.authKeys.make({ userId: 6 }))
    other.client.call(body, () => {})
    await rig.settle()
    expect(other.link.transportError).toBe(-429)
    expect(rig.calls.length).toBe(1)
  })

  it('that is full of sessions gives up one that was left for a new one', async () => {
    const { rig, user } = setUp({ sessions: 2 })
    user.client.call(body, () => {})
    const left = rig.client(rig.authKeys.make({ userId: 6 }))
    left.client.call(body, () => {})
    await rig.settle()
    left.link.receiver.closed()
    const next = rig.client(rig.authKeys.make({ userId: 7 }))
    next.client.call(body, () => {})
    user.client.call(body, () => {})
    await rig.settle()
    expect(next.link.transportError).toBeUndefined()
    expect(rig.calls.length).toBe(4)
    expect(rig.engine.sessionCount()).toBe(2)
  })
})
