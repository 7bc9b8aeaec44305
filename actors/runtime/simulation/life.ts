import type { TypedRecord } from '../decider.ts'
import type { LoopLimits } from '../ports.ts'
import type { Client } from './client.ts'
import { type Cast, Incarnation } from './incarnation.ts'
import type { Random } from './random.ts'
import type { CrashMode, CrashPoint, World } from './world.ts'

/** Small, so that every limit is met within a few commands. */
export const TIGHT_LIMITS: Partial<LoopLimits> = {
  maxBatchRecords: 4,
  maxInFlight: 2,
  maxCachedRows: 6,
  checkpointEveryRecords: 5,
  // Never: a timer would not be the seed's to decide.
  commitEveryMs: 2 ** 31 - 1,
}

/**
 * Runs a script of commands through processes that crash one after the other; the one after the last crash point ends the
 * run, when everything is at rest. Resolves to the steps of that last process.
 */
export async function live<C extends TypedRecord>(
  world: World,
  cast: Cast,
  client: Client<C>,
  script: readonly C[],
  crashes: readonly CrashPoint[],
): Promise<number> {
  const left = [...script]
  for (let life = 0; ; life++) {
    world.steps = 0
    world.crashAt = crashes[life]
    const process = incarnation(world, cast, client, `p${life}`)
    await process.start(TIGHT_LIMITS)
    await client.retry()
    await feed(world, client, process, left)
    if (process.fatal.length > 0) throw process.fatal[0]
    if (!process.dead) return world.steps
    await world.loseSuffix()
  }
}

/** Sends what is left of a script, now and then, until the process is dead or all is sent and at rest. */
async function feed<C extends TypedRecord>(
  world: World,
  client: Client<C>,
  process: Incarnation,
  left: C[],
): Promise<void> {
  while (!process.dead) {
    const next = world.random.below(3) === 0 ? undefined : left.shift()
    if (next !== undefined) await client.send(next)
    const done = left.length === 0
    const turns = world.random.below(6) + world.trace.length
    await world.run(() => process.dead || (!done && world.trace.length >= turns))
    if (done) return
  }
}

/** A process on the world's stores whose messages reach the client. */
export function incarnation<C extends TypedRecord>(
  world: World,
  cast: Cast,
  client: Client<C>,
  name: string,
): Incarnation {
  return new Incarnation(world, cast, name, (channel, payload) => client.receive(name, channel, payload))
}

export function someCrash(random: Random, within: number): CrashPoint {
  const mode: CrashMode = random.pick(['before', 'half', 'after'])
  return { step: 1 + random.below(within), mode }
}
