import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { beforeAll, expect, test } from 'vitest'
import { check } from './check.ts'
import { defects } from './defects.ts'
import { planOf } from './plan.ts'

/** Each planted defect has to show within so many seeds. */
const MAX_SEEDS = 150
let codec: RecordCodec

beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

test.each(Object.keys(defects))('an actor that %s is caught', { timeout: 240_000 }, async (name) => {
  let caught: string | undefined
  for (let seed = 1; seed <= MAX_SEEDS && caught === undefined; seed++) caught = await failure(name, seed)
  expect(caught).toMatch(
    /^seed \d+ fails: [\s\S]*\nonce more: PLAN='\{"seed":.*\}' npx vitest run ops\/simulation\/actors\/plan.test.ts$/,
  )
})

/** What the check says, on the first of the two kinds of stores where it says anything. */
async function failure(name: string, seed: number): Promise<string | undefined> {
  for (const model of ['shared', 'independent'] as const) {
    const cast = defects[name]?.(codec)
    try {
      await check(planOf(seed, model), codec, cast)
    } catch (error) {
      return (error as Error).message
    }
  }
  return undefined
}
