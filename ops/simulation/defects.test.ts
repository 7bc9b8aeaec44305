import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { beforeAll, expect, test } from 'vitest'
import { judge } from './check.ts'
import { defects } from './defects.ts'
import { planOf } from './plan.ts'
import { again } from './search.ts'
import { shrink } from './shrink.ts'

/** Those that show at once; `npm run simulate -- --defects` looks for all of them. */
const SOON = [
  'numbers a chat from the start again',
  'forgets what it has sent before',
  'lets older rows overwrite newer ones',
  'loses unread messages',
  'leaves an update out',
  'delivers to somebody else',
  'writes a code in clear',
  'does not wait for its rows',
  'forgets which letters it has counted',
  'lets those read on who are gone',
  'takes outsiders for members',
  'leaves a move of a channel out',
  'forgets how far channels were read',
  'counts a reaction twice',
  'goes on telling those who are gone',
  'shows newcomers what was hidden from them',
  'takes all that somebody writes for one album, which no slow club holds up',
  'makes links by which in comes who only asks',
  'keeps the first wording of what is said in groups',
  'shows in groups what was deleted',
  'counts a reaction in a group twice',
  'shows those who have left a group what was edited since',
  'shows those who have left a group what is said since',
  'goes on telling those who have left a group',
]
/** From this seed on, where that is not the first: it saves time, as long as no change of the system moves what happens in a seed. */
const FROM: Readonly<Record<string, number>> = {
  'goes on telling those who are gone': 40,
  'takes all that somebody writes for one album, which no slow club holds up': 20,
  'shows those who have left a group what was edited since': 260,
  'shows those who have left a group what is said since': 15,
  'goes on telling those who have left a group': 200,
}
const MAX_SEEDS = 500
/** Where the seeds have moved. */
const LONGEST_SEARCH_MS = 300_000
let codec: RecordCodec

beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

test.each(SOON)('a process that %s is caught', { timeout: LONGEST_SEARCH_MS }, async (name) => {
  const failures: string[] = []
  const from = FROM[name] ?? 1
  for (let seed = from; seed < from + MAX_SEEDS && failures.length === 0; seed++) {
    const { failure } = await judge(planOf(seed), codec, { defect: defects[name] })
    if (failure !== undefined) failures.push(failure)
  }
  expect(failures.length).toBe(1)
})

test('a plan that fails shrinks to a smaller one that fails, and names the command that runs it', async () => {
  const plan = planOf(6)
  const needed = plan.faults.at(-1)
  const fails = async ({ faults, deeds }: typeof plan) => faults.includes(needed!) && deeds > 1
  const smallest = await shrink(plan, fails)
  expect(smallest).toMatchObject({ faults: [needed], deeds: 2, users: 2, partitions: 1, loseOneIn: 0 })
  expect(again(plan)).toBe('npm run simulate -- --seed 6')
  expect(again(smallest)).toBe(`npm run simulate -- --plan '${JSON.stringify(smallest)}'`)
})
