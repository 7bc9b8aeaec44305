import { deepStrictEqual } from 'node:assert/strict'
import type { StoreModel } from '@heliograph/actors/simulation'
import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { parkedActors } from '@heliograph/storage'
import { beforeAll, describe, expect, test } from 'vitest'
import { auditLibrary } from '../audit/library.ts'
import { auditReplay } from '../audit/replayed.ts'
import { assertRows } from '../audit/rows.ts'
import { someLibraryScript } from './library-workload.ts'
import { faultModes, planOf } from './plan.ts'
import { type Outcome, type Plan, realCast, run } from './run.ts'

const SEEDS = Number(process.env.SEEDS ?? 60)
const TIMEOUT_MS = 240_000 + SEEDS * 500
const MODELS: readonly StoreModel[] = ['shared', 'independent']
let codec: RecordCodec

beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

async function check(plan: Plan): Promise<Outcome> {
  try {
    const outcome = await run(plan, codec, realCast(codec), someLibraryScript)
    const { log, tables } = await outcome.world.stores()
    deepStrictEqual(await log.end('dead-letters', 0), 0, 'dead letters')
    await assertRows(tables, parkedActors, [])
    await auditLibrary(log, codec, tables)
    await auditReplay(log, tables, realCast(codec))
    return outcome
  } catch (cause) {
    throw new Error(`plan ${JSON.stringify(plan)} fails: ${String(cause)}`, { cause })
  }
}

/** What callers were told, by command. */
function told({ gateway }: Outcome): string[] {
  return gateway.calls.flatMap(({ command, answers }) =>
    answers.map(({ error }) => `${command.type} ${error?.message ?? 'yes'}`),
  )
}

describe.each(MODELS)('catalog and shelves on %s stores', (model) => {
  test('a fault at any store operation neither loses nor leaks a document', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const calm: Plan = { seed: 4, model, commands: 12, faults: [], loseOneIn: 0 }
    const { steps } = await check(calm)
    expect(steps).toBeGreaterThan(30)
    for (let step = 1; step <= steps; step++)
      for (const mode of faultModes(model)) await check({ ...calm, faults: [{ step, mode }] })
  })

  test('nor do several, whatever the schedule', { timeout: TIMEOUT_MS }, async () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= SEEDS; seed++)
      for (const each of told(await check(planOf(seed, model)))) seen.add(each)
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'PublishEntry yes',
        'PublishEntry SHORT_NAME_OCCUPIED',
        'ReviseEntry yes',
        'ReviseEntry ENTRY_CHANGED',
        'WithdrawEntry yes',
        'WithdrawEntry STICKERSET_INVALID',
        'PutOnShelf yes',
        'TakeFromShelf yes',
        'ArrangeShelf yes',
      ]),
    )
  })
})
