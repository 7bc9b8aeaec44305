import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import type { Happening } from './happenings.ts'
import { START_MS, type Timeline } from './timeline.ts'

type Act = (...args: unknown[]) => void

/** A timer of the simulated world, as far as Node's timers are used. */
class SimulatedTimer {
  happening: Happening | undefined

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  cancel(): void {
    if (this.happening !== undefined) this.happening.cancelled = true
  }
}

/**
 * Puts timers, clock and randomness of the whole process under a world's rule, so that a seed decides them too, and gives
 * back the function that undoes it. Pools of random bytes outlive a run, so they are filled with zeros: two runs of one seed
 * must find the same in them. (Only this process's code is judged, not the secrecy of what it seals.)
 */
export function rule(world: Timeline): () => void {
  const undo = [replaceTimers(world), replaceClock(world), replaceRandomness(world)]
  return () => {
    for (const each of undo) each()
  }
}

function replaceTimers(world: Timeline): () => void {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = globalThis
  const once = (act: Act, delayMs = 0, ...args: unknown[]) => {
    const timer = new SimulatedTimer()
    timer.happening = world.later(Math.max(0, delayMs), world.current, () => act(...args))
    return timer
  }
  const every = (act: Act, intervalMs = 1, ...args: unknown[]) => {
    const timer = new SimulatedTimer()
    const owner = world.current
    const tick = () => {
      timer.happening = world.later(intervalMs, owner, tick)
      act(...args)
    }
    timer.happening = world.later(intervalMs, owner, tick)
    return timer
  }
  const clear = (timer?: SimulatedTimer) => timer?.cancel()
  Object.assign(globalThis, {
    setTimeout: once,
    setInterval: every,
    setImmediate: (act: Act, ...args: unknown[]) => once(act, 0, ...args),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  })
  return () =>
    Object.assign(globalThis, {
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout,
      clearInterval,
      clearImmediate,
    })
}

function replaceClock(world: Timeline): () => void {
  const { now } = Date
  const elapsed = performance.now
  Date.now = () => world.clockMs(world.current)
  performance.now = () => world.nowMs - START_MS
  return () => {
    Date.now = now
    performance.now = elapsed
  }
}

function replaceRandomness(world: Timeline): () => void {
  const { randomBytes, randomFillSync } = crypto
  const { random } = Math
  Math.random = () => world.random.below(2 ** 32) / 2 ** 32
  Object.assign(crypto, {
    randomBytes: (sizeBytes: number) => someBytes(world, sizeBytes),
    randomFillSync: <T extends Uint8Array>(pool: T): T => pool.fill(0) as T,
  })
  syncBuiltinESMExports()
  return () => {
    Math.random = random
    Object.assign(crypto, { randomBytes, randomFillSync })
    syncBuiltinESMExports()
  }
}

export function someBytes({ random }: Pick<Timeline, 'random'>, sizeBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes)
  for (let i = 0; i < sizeBytes; i++) bytes[i] = random.below(256)
  return bytes
}
