import { topicDefinitions } from '@heliograph/topics'
import type { LoopLimits } from '../ports.ts'
import { Client } from './client.ts'
import { Incarnation } from './incarnation.ts'
import type { Random } from './random.ts'
import { type Say, toyTables } from './toy-chat.ts'
import { type CrashMode, type CrashPoint, type StoreModel, World } from './world.ts'

const PARTITIONS = 2
const CHATS = [
  { chatId: 'a', members: [1, 2] },
  { chatId: 'b', members: [2, 3, 4] },
  { chatId: 'c', members: [1] },
  { chatId: 'd', members: [1, 2, 3, 4] },
]
const LIMITS: Partial<LoopLimits> = {
  maxBatchRecords: 4,
  maxInFlight: 2,
  maxCachedRows: 6,
  checkpointEveryRecords: 5,
  // Never: a timer would not be the seed's to decide.
  commitEveryMs: 2 ** 31 - 1,
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
  readonly client: Client
  readonly steps: number
}

/** Runs commands through processes that crash, the last of which does not; ends when all is answered and at rest. */
export async function play({ seed, model, commands, crashes, poison = false }: Scenario): Promise<Outcome> {
  const world = new World(seed, model, topicDefinitions(PARTITIONS), toyTables)
  const client = new Client(world)
  const script = Array.from({ length: commands }, (_, i) => someCommand(world.random, i, poison))
  for (let life = 0; ; life++) {
    world.steps = 0
    world.crashAt = crashes[life]
    const process = incarnation(world, client, `p${life}`)
    await process.start(LIMITS)
    await client.retry()
    while (!process.dead) {
      const next = world.random.below(3) === 0 || script.length === 0 ? undefined : script.shift()
      if (next !== undefined) await client.send(next)
      const turns = world.random.below(6) + world.trace.length
      await world.run(() => process.dead || (script.length > 0 && world.trace.length >= turns))
      if (script.length === 0 && !process.dead) break
    }
    if (process.fatal.length > 0) throw process.fatal[0]
    if (!process.dead) return { world, client, steps: world.steps }
    await world.loseSuffix()
  }
}

/** A process on the world's stores whose messages reach the client. */
export function incarnation(world: World, client: Client, name: string): Incarnation {
  return new Incarnation(world, name, (channel, payload) => client.receive(name, channel, payload))
}

/**
 * A process stops in the middle of what it does, another takes over, and later the first goes on as if nothing had been.
 * @param pauseAt turns after which it stops
 * @param zombieAfter turns of the other one until it goes on
 */
export async function playZombie(seed: number, commands: number, pauseAt: number, zombieAfter: number) {
  const world = new World(seed, 'independent', topicDefinitions(PARTITIONS), toyTables)
  const client = new Client(world)
  const script = Array.from({ length: commands }, (_, i) => someCommand(world.random, i))
  const [first, second] = [incarnation(world, client, 'zombie'), incarnation(world, client, 'owner')]
  await first.start(LIMITS)
  for (const command of script.splice(0, commands >> 1)) await client.send(command)
  await world.run(() => world.trace.length >= pauseAt)
  first.pause()
  await second.start(LIMITS)
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

export function someCrash(random: Random, within: number): CrashPoint {
  const mode: CrashMode = random.pick(['before', 'half', 'after'])
  return { step: 1 + random.below(within), mode }
}
