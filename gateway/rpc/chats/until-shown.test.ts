import { groupChatId } from '@heliograph/schemas/avro'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ANSWER_TIMEOUT_MS } from '../commander.ts'
import { untilShown } from './until-shown.ts'

const CHAT = groupChatId(77)

/** A directory whose tables have the chat from a moment on, and which remembers what it has looked up. */
function directoryWith(shownAtMs: number) {
  let known: unknown
  return {
    find: async () => {
      known ??= performance.now() >= shownAtMs ? { facts: {} } : 'absent'
      return (known === 'absent' ? undefined : known) as never
    },
    changed: () => {
      known = undefined
    },
  }
}

describe('a chat that has just been made', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it.each([0, 50, 4_000])('is waited for when its rows come %d ms later', async (afterMs) => {
    const start = performance.now()
    const shown = untilShown(directoryWith(start + afterMs), CHAT)
    await vi.runAllTimersAsync()
    await shown
    expect(performance.now() - start).toBeLessThanOrEqual(2 * afterMs + 20)
  })

  it('is 500 TIMEOUT where they do not come', async () => {
    const shown = untilShown(directoryWith(ANSWER_TIMEOUT_MS * 10), CHAT)
    const refused = expect(shown).rejects.toThrow('TIMEOUT')
    await vi.runAllTimersAsync()
    await refused
  })
})
