import { StoreUnavailable } from '@heliograph/storage'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLogger } from '../logger.ts'
import { createMetrics } from '../metrics.ts'
import { SLOW_LOG_EVERY_MS, SLOW_MS, Timed } from './timed.ts'

function timing() {
  const lines: Record<string, unknown>[] = []
  const to = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const metrics = createMetrics()
  const log = createLogger({ level: 'info', role: 'test', node: 'n', to })
  const timed = new Timed(metrics, log, 'tables', 'get')
  const failures = (kind: string) => metrics.failures.with('tables', 'get', kind).value
  const pending = () => metrics.pending.with('tables', 'get').value
  const took = metrics.operations.with('tables', 'get')
  return { lines, timed, failures, pending, took }
}

/** A call that takes so long on the clock of the test. */
async function slowCall(timed: Timed, ms: number): Promise<void> {
  const call = timed.watch(new Promise<void>((resolve) => setTimeout(resolve, ms)))
  await vi.advanceTimersByTimeAsync(ms)
  await call
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('Timed', () => {
  it('counts a call while it is under way, and its time after', async () => {
    const { timed, pending, took } = timing()
    let finish: () => void = () => undefined
    const call = timed.watch(
      new Promise<void>((resolve) => {
        finish = resolve
      }),
    )
    expect(pending()).toBe(1)
    await vi.advanceTimersByTimeAsync(250)
    finish()
    await call
    expect(pending()).toBe(0)
    expect(took.sum).toBeCloseTo(0.25)
  })

  it('keeps failures that are expected apart from others, and passes both on', async () => {
    const { timed, failures, pending } = timing()
    await expect(timed.watch(Promise.reject(new StoreUnavailable('away')))).rejects.toThrow('away')
    await expect(timed.watch(Promise.reject(new Error('bug')))).rejects.toThrow('bug')
    expect([failures('unavailable'), failures('other'), pending()]).toEqual([1, 1, 0])
  })

  it('tells of a slow store once in a while', async () => {
    const { timed, lines } = timing()
    await slowCall(timed, SLOW_MS - 1)
    expect(lines).toEqual([])
    for (let i = 0; i < 5; i++) await slowCall(timed, SLOW_MS)
    expect(lines).toMatchObject([{ level: 'warn', store: 'tables', operation: 'get', tookMs: SLOW_MS }])
    await vi.advanceTimersByTimeAsync(SLOW_LOG_EVERY_MS)
    await slowCall(timed, SLOW_MS)
    expect(lines).toHaveLength(2)
  })
})
