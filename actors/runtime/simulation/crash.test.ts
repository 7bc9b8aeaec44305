import { describe, expect, test } from 'vitest'
import { checkWorld } from './checks.ts'
import { someCrash } from './life.ts'
import { Random } from './random.ts'
import { type Outcome, play, playZombie, type Scenario } from './scenario.ts'
import type { CrashMode, StoreModel } from './world.ts'

const MODELS: readonly StoreModel[] = ['shared', 'independent']
const MODES: readonly CrashMode[] = ['before', 'half', 'after']

async function check(scenario: Scenario): Promise<Outcome> {
  try {
    const outcome = await play(scenario)
    expect(outcome.client.unanswered).toBe(0)
    await checkWorld(outcome.world, outcome.client)
    return outcome
  } catch (error) {
    throw new Error(`fails with ${JSON.stringify(scenario)}`, { cause: error })
  }
}

describe.each(MODELS)('on %s stores', (model) => {
  test('without a crash every command is answered, counted once and replayed equal', async () => {
    const { client, steps } = await check({ seed: 1, model, commands: 12, crashes: [] })
    expect(client.requests.length).toBe(12)
    expect(steps).toBeGreaterThan(50)
  })

  test('a crash at any store operation loses and doubles nothing', { timeout: 240_000 }, async () => {
    const calm = { seed: 7, model, commands: 8, crashes: [] }
    const { steps } = await check(calm)
    for (let step = 1; step <= steps; step++) {
      for (const mode of MODES) await check({ ...calm, crashes: [{ step, mode }] })
    }
  })

  test('nor do several crashes, whatever the schedule', { timeout: 240_000 }, async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = new Random(seed)
      const crashes = Array.from({ length: 1 + random.below(4) }, () => someCrash(random, 90))
      await check({ seed, model, commands: 4 + random.below(14), crashes })
    }
  })

  test('poison parks one actor, whenever a crash comes', { timeout: 240_000 }, async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed)
      const crashes = Array.from({ length: random.below(4) }, () => someCrash(random, 90))
      await check({ seed, model, commands: 4 + random.below(14), crashes, poison: true })
    }
  })

  test('a seed gives the same run every time', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const crashes = [someCrash(new Random(seed), 60)]
      const [one, two] = [
        await play({ seed, model, commands: 6, crashes }),
        await play({ seed, model, commands: 6, crashes }),
      ]
      expect(one.world.trace).toEqual(two.world.trace)
    }
  })
})

test('an owner that wakes up after it was replaced stops before any consequence', {
  timeout: 240_000,
}, async () => {
  let stopped = 0
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed)
    const [pauseAt, zombieAfter] = [random.below(120), random.below(120)]
    try {
      const { world, client, first, second } = await playZombie(seed, 12, pauseAt, zombieAfter)
      expect(first.fatal).toEqual([])
      expect(second.fatal).toEqual([])
      expect(client.unanswered).toBe(0)
      await checkWorld(world, client)
      stopped += first.superseded.length
    } catch (error) {
      throw new Error(`fails with ${JSON.stringify({ seed, pauseAt, zombieAfter })}`, { cause: error })
    }
  }
  expect(stopped).toBeGreaterThan(300)
})
