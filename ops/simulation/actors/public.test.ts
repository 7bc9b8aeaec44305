import type { StoreModel } from '@heliograph/actors/simulation'
import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { beforeAll, describe, expect, test } from 'vitest'
import { check, checkTwice } from './check.ts'
import { faultModes, planOf } from './plan.ts'
import type { Plan } from './run.ts'
import { sightsOf } from './sights.ts'

const SEEDS = Number(process.env.SEEDS ?? 60)
const TIMEOUT_MS = 120_000 + SEEDS * 1_000
const MODELS: readonly StoreModel[] = ['shared', 'independent']
/** What has to have come about for a search to mean anything. */
const SIGHTS = [
  'CreateChat counted',
  'SendMessage counted',
  'SendMessage CHAT_WRITE_FORBIDDEN',
  'SendMessage CHAT_ADMIN_REQUIRED',
  'SendMessage CHANNEL_PRIVATE',
  'SendMessage USER_BANNED_IN_CHANNEL',
  'EditMessage counted',
  'DeleteMessages counted',
  'DeleteMessages MESSAGE_DELETE_FORBIDDEN',
  'ReadHistory counted',
  'RaiseRead yes',
  'PinMessages counted',
  'ReadMentions repeated',
  'JoinChat counted',
  'JoinChat INVITE_HASH_EXPIRED',
  'AddMembers counted',
  'LeaveChat counted',
  'SetAdmin counted',
  'SetBanned counted',
  'SetBanned USER_ADMIN_INVALID',
  'EditChat counted',
  'PutInvite yes',
]
let codec: RecordCodec

beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

describe.each(MODELS)('groups and channels on %s stores', (model) => {
  test('a fault at any store operation loses, doubles and leaks nothing', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const calm: Plan = { seed: 7, model, commands: 10, faults: [], loseOneIn: 0, script: 'public' }
    const { steps } = await check(calm, codec)
    expect(steps).toBeGreaterThan(50)
    for (let step = 1; step <= steps; step++)
      for (const mode of faultModes(model)) await check({ ...calm, faults: [{ step, mode }] }, codec)
  })

  test('nor do several, whatever people do, and a seed always gives the same', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= SEEDS; seed++) {
      for (const sight of sightsOf(await checkTwice(planOf(seed, model, 'public'), codec))) seen.add(sight)
    }
    expect([...seen]).toEqual(expect.arrayContaining(SIGHTS))
  })
})
