import type { StoreModel } from '@heliograph/actors/simulation'
import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { beforeAll, describe, expect, test } from 'vitest'
import { check, checkTwice } from './check.ts'
import { faultModes, planOf } from './plan.ts'
import type { Plan } from './run.ts'
import { sightsOf } from './sights.ts'

/** Sets how many seeds each kind of stores is tried with, for a longer search: `SEEDS=5000 npx vitest run ops/simulation/actors`. */
const SEEDS = Number(process.env.SEEDS ?? 150)
const TIMEOUT_MS = 240_000 + SEEDS * 500
const MODELS: readonly StoreModel[] = ['shared', 'independent']
/** What has to have come about for a search to mean anything. */
const EVERYDAY = [
  'SendMessage counted',
  'SendMessage USER_IS_BLOCKED',
  'EditMessage counted',
  'DeleteMessages counted',
  'ReadHistory counted',
  'ReadHistory yes',
  'SetBlocked yes',
]
const TROUBLES = [
  'SendMessage repeated',
  'EditMessage MESSAGE_ID_INVALID',
  'ReservePhone yes',
  'call answered twice',
  'process crashed',
  'process left',
  'store failed',
]
const OWN_TROUBLES = { shared: ['writes lost'], independent: ['owner superseded'] }
const CRASHES = ['before', 'half', 'after'] as const
let codec: RecordCodec

beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

/** A failure prints this variable; with it, the plan that failed runs alone. */
const { PLAN } = process.env
if (PLAN !== undefined) {
  test('the plan named by PLAN', { timeout: TIMEOUT_MS }, async () => {
    await checkTwice(JSON.parse(PLAN) as Plan, codec)
  })
} else {
  describe.each(MODELS)('on %s stores', (model) => {
    test('a fault at any store operation, of a first process or one that recovers, loses and doubles nothing', {
      timeout: TIMEOUT_MS,
    }, async () => {
      const calm: Plan = { seed: 278, model, commands: 12, faults: [], loseOneIn: 0 }
      const outcome = await check(calm, codec)
      expect([...sightsOf(outcome)]).toEqual(expect.arrayContaining(EVERYDAY))
      const { steps } = outcome
      expect(steps).toBeGreaterThan(50)
      const half = { step: steps >> 1, mode: 'after' } as const
      for (let step = 1; step <= steps; step++) {
        for (const mode of faultModes(model)) await check({ ...calm, faults: [{ step, mode }] }, codec)
        for (const mode of CRASHES) await check({ ...calm, faults: [half, { step, mode }] }, codec)
      }
    })

    test('nor do several, whatever the schedule, and a seed always gives the same', {
      timeout: TIMEOUT_MS,
    }, async () => {
      const seen = new Set<string>()
      for (let seed = 1; seed <= SEEDS; seed++) {
        for (const sight of sightsOf(await checkTwice(planOf(seed, model), codec))) seen.add(sight)
      }
      expect([...seen]).toEqual(expect.arrayContaining([...EVERYDAY, ...TROUBLES, ...OWN_TROUBLES[model]]))
    })
  })
}
