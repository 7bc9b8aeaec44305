import { deepStrictEqual } from 'node:assert/strict'
import type { Cast } from '@heliograph/actors/simulation'
import type { RecordCodec } from '@heliograph/schemas/avro'
import { allLines } from '../audit/replayed.ts'
import { audit } from './audit.ts'
import { type Outcome, type Plan, run } from './run.ts'

/** Runs and audits a plan. What fails names the plan and the command that runs it once more. */
export async function check(plan: Plan, codec: RecordCodec, cast?: Cast): Promise<Outcome> {
  return named(plan, async () => {
    const outcome = await run(plan, codec, cast)
    await audit(outcome, codec)
    return outcome
  })
}

/** The same, twice: a plan decides everything that happens. */
export async function checkTwice(plan: Plan, codec: RecordCodec): Promise<Outcome> {
  const first = await check(plan, codec)
  return named(plan, async () => {
    const second = await run(plan, codec)
    deepStrictEqual(second.world.trace, first.world.trace, 'two runs of one plan')
    deepStrictEqual(await rowsOf(second), await rowsOf(first), 'rows of two runs of one plan')
    return first
  })
}

async function rowsOf({ world }: Outcome): Promise<string[]> {
  return allLines((await world.stores()).tables)
}

async function named<T>(plan: Plan, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    const again = `PLAN='${JSON.stringify(plan)}' npx vitest run ops/simulation/actors/plan.test.ts`
    throw new Error(`seed ${plan.seed} fails: ${messageOf(cause)}\nonce more: ${again}`, { cause })
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
