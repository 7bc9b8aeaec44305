import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { beforeAll, expect, test } from 'vitest'
import { judge } from './check.ts'
import { planOf } from './plan.ts'

/** A short share of `npm run simulate`; SEEDS sets a longer one. */
const SEEDS = Number(process.env.SEEDS ?? 60)
const TIMEOUT_MS = 240_000 + SEEDS * 1_000
/** What has to have come about for a search to mean anything. */
const SIGHTS = [
  'sent',
  'edit',
  'read',
  'delete',
  'revoke',
  'gap',
  'zombie',
  'estranged',
  'left',
  'join',
  'wipe',
  'crash half',
  'entered',
  'posted',
  'club edit',
  'club delete',
  'club read',
  'banned',
  'left club',
  'club hidden',
  'club slow',
  'let in',
  'channel gap',
  'reacted',
  'posted to group',
  'group edit',
  'group delete',
  'reacted in group',
]
let codec: RecordCodec

beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

test('whatever befalls its processes, the system keeps what it promised, and a seed always gives the same', {
  timeout: TIMEOUT_MS,
}, async () => {
  const seen = new Set<string>()
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { failure, sights } = await judge(planOf(seed), codec, { twice: true })
    expect(failure, `npm run simulate -- --seed ${seed}`).toBe(undefined)
    for (const sight of sights) seen.add(sight)
  }
  expect([...seen]).toEqual(expect.arrayContaining(SIGHTS))
})

test('a group is shown to who makes it, although the mailbox that answers is ahead of its rows', {
  timeout: 240_000,
}, async () => {
  for (const seed of [107, 522, 1211]) {
    const { failure } = await judge(planOf(seed), codec, {})
    expect(failure, `npm run simulate -- --seed ${seed}`).toBe(undefined)
  }
})
