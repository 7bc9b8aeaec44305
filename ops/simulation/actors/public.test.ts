import type { StoreModel } from '@heliograph/actors/simulation'
import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { beforeAll, describe, expect, test } from 'vitest'
import { check, checkTwice } from './check.ts'
import { faultModes, planOf } from './plan.ts'
import type { Plan } from './run.ts'
import { sightsOf } from './sights.ts'

const SEEDS = Number(process.env.SEEDS ?? 40)
const TIMEOUT_MS = 240_000 + SEEDS * 1_000
/** From one way to fail to another. */
const TURN = 3
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
  'SendMessage SLOWMODE_WAIT',
  'JoinChat INVITE_REQUEST_SENT',
  'AnswerRequests yes',
  'SetReactions yes',
  'SetReactions REACTION_INVALID',
  'ClearReactions yes',
  'ReadReactions yes',
  'VotePoll yes',
  'ClosePoll yes',
  'ScheduleMessage repeated',
  'FireScheduled counted',
  'ExpireMessages counted',
  'MigrateChat counted',
]
let codec: RecordCodec

beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

describe.each(MODELS)('groups and channels on %s stores', (model) => {
  test('a fault at any store operation loses, doubles and leaks nothing', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const calm: Plan = { seed: 7, model, commands: 6, faults: [], loseOneIn: 0, script: 'public' }
    const { steps } = await check(calm, codec)
    expect(steps).toBeGreaterThan(50)
    // Every step, and at each of them some of what may happen there.
    const modes = faultModes(model)
    for (let step = 1; step <= steps; step++)
      for (const turn of [0, 1]) {
        const mode = modes[(step + turn * TURN) % modes.length]!
        await check({ ...calm, faults: [{ step, mode }] }, codec)
      }
  })

  test('nor do several, whatever people do, and a seed always gives the same', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= SEEDS; seed++) {
      for (const sight of sightsOf(await checkTwice(planOf(seed, model, 'public'), codec))) seen.add(sight)
    }
    expect(SIGHTS.filter((sight) => !seen.has(sight))).toEqual([])
  })
})
