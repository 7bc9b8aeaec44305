import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { beforeAll, expect, test } from 'vitest'
import { check } from './check.ts'
import { planOf } from './plan.ts'
import { publicDefects } from './public-defects.ts'

/** Each planted defect has to show within so many seeds. */
const MAX_SEEDS = 60
let codec: RecordCodec

beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

test.each(Object.keys(publicDefects))('an actor that %s is caught', { timeout: 240_000 }, async (name) => {
  let caught: string | undefined
  for (let seed = 1; seed <= MAX_SEEDS && caught === undefined; seed++) caught = await failure(name, seed)
  expect(caught).toMatch(
    /^seed \d+ fails: [\s\S]*\nonce more: PLAN='\{"seed":.*"script":"public"\}' npx vitest/,
  )
})

async function failure(name: string, seed: number): Promise<string | undefined> {
  try {
    await check(planOf(seed, 'independent', 'public'), codec, publicDefects[name]?.(codec))
    return undefined
  } catch (error) {
    if (process.env.SHOW) console.log(name, (error as Error).message.slice(0, 600))
    return (error as Error).message
  }
}
