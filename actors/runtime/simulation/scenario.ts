import { topicDefinitions } from '@heliograph/topics'
import { Client, type Speech } from './client.ts'
import type { Cast } from './incarnation.ts'
import { incarnation, live, TIGHT_LIMITS } from './life.ts'
import type { Random } from './random.ts'
import { type Say, toyDecider, toyFold, toyTables } from './toy-chat.ts'
import { decodeBare, toyCodec } from './toy-codec.ts'
import { type CrashPoint, type StoreModel, World } from './world.ts'

const PARTITIONS = 2
const CHATS = [
  { chatId: 'a', members: [1, 2] },
  { chatId: 'b', members: [2, 3, 4] },
  { chatId: 'c', members: [1] },
  { chatId: 'd', members: [1, 2, 3, 4] },
]
const cast: Cast = { codec: toyCodec, deciders: [toyDecider], folds: [toyFold] }
const speech: Speech<Say> = {
  codec: toyCodec,
  decodeBare,
  topic: 'chat.commands',
  keyOf: ({ chatId }) => chatId,
}

export interface Scenario {
  readonly seed: number
  readonly model: StoreModel
  readonly commands: number
  /** Whether some commands are more than their actor can take. */
  readonly poison?: boolean
  /** Step of each process's life at which it crashes, one after the other. */
  readonly crashes: readonly CrashPoint[]
}
export interface Outcome {
  readonly world: World
  readonly client: Client<Say>
  readonly steps: number
}

/** Runs commands through processes that crash, the last of which does not; ends when all is answered and at rest. */
export async function play({ seed, model, commands, crashes, poison = false }: Scenario): Promise<Outcome> {
  const world = new World(seed, model, topicDefinitions(PARTITIONS), toyTables)
  const client = new Client(world, speech)
  const script = Array.from({ length: commands }, (_, i) => someCommand(world.random, i, poison))
  const steps = await live(world, cast, client, script, crashes)
  return { world, client, steps }
}

/**
 * A process stops in the middle of what it does, another takes over, and later the first goes on as if nothing had been.
 * @param pauseAt turns after which it stops
 * @param zombieAfter turns of the other one until it goes on
 */
export async function playZombie(seed: number, commands: number, pauseAt: number, zombieAfter: number) {
  const world = new World(seed, 'independent', topicDefinitions(PARTITIONS), toyTables)
  const client = new Client(world, speech)
  const script = Array.from({ length: commands }, (_, i) => someCommand(world.random, i))
  const [first, second] = [
    incarnation(world, cast, client, 'zombie'),
    incarnation(world, cast, client, 'owner'),
  ]
  await first.start(TIGHT_LIMITS)
  for (const command of script.splice(0, commands >> 1)) await client.send(command)
  await world.run(() => world.trace.length >= pauseAt)
  first.pause()
  await second.start(TIGHT_LIMITS)
  for (const command of script) await client.send(command)
  const until = world.trace.length + zombieAfter
  await world.run(() => world.trace.length >= until)
  first.resume()
  await world.run()
  await client.retry()
  await world.run()
  return { world, client, first, second }
}

export function someCommand(random: Random, randomId: number, poison = false): Say {
  const { chatId, members } = random.pick(CHATS)
  const times = 1 + random.below(2)
  return {
    type: 'Say',
    chatId,
    by: random.pick(members),
    randomId,
    times,
    members,
    how: someWay(random, poison),
  }
}

function someWay(random: Random, poison: boolean): Say['how'] {
  const roll = random.below(16)
  if (roll < 2) return 'refuse'
  if (poison && roll === 2) return 'explode'
  return poison && roll === 3 ? 'choke' : 'say'
}
