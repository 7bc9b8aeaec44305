import { accountDecider, mediaDecider, messageDecider, notificationFold } from '@heliograph/actors'
import {
  type Cast,
  type CrashPoint,
  Incarnation,
  Random,
  type StoreModel,
  TIGHT_LIMITS,
  World,
} from '@heliograph/actors/simulation'
import type { RecordCodec } from '@heliograph/schemas/avro'
import { allTables } from '@heliograph/storage'
import { topicDefinitions } from '@heliograph/topics'
import { SimulatedGateway } from './gateway.ts'
import { somePublicScript } from './public-workload.ts'
import type { Scripted } from './scripted.ts'
import { someScript } from './workload.ts'

const PARTITIONS = 2
/** Answers may be lost, but not for ever. */
const MAX_RETRIES = 60

/** Everything that a run depends on. */
export interface Plan {
  readonly seed: number
  readonly model: StoreModel
  readonly commands: number
  /** What befalls one process after the other. */
  readonly faults: readonly CrashPoint[]
  /** One in so many messages of the bus is lost; 0 none. */
  readonly loseOneIn: number
  /** What people do: `private` chats unless it says so. */
  readonly script?: ScriptName
}
/** People write to each other, or come together in groups and channels. */
export type ScriptName = 'private' | 'public'
/** Stages of what people do: a stage begins when all calls of the one before are answered. */
export type ScriptOf = (random: Random, length: number) => Scripted[][]
const SCRIPTS: Readonly<Record<ScriptName, ScriptOf>> = { private: someScript, public: somePublicScript }
export interface Outcome {
  readonly world: World
  readonly gateway: SimulatedGateway
  /** Store operations of the last process. */
  readonly steps: number
  /** Partitions that processes gave up because another had taken them over. */
  readonly superseded: number
}

/** The actors as they are in production. */
export function realCast(codec: RecordCodec): Cast {
  return { codec, deciders: [accountDecider, messageDecider, mediaDecider], folds: [notificationFold] }
}

/**
 * Runs people's commands through processes that faults end, each followed by another on the same stores, until every call
 * is answered and nothing is left to do. Rejects where that does not happen or a process fails by itself.
 */
export async function run(
  plan: Plan,
  codec: RecordCodec,
  cast = realCast(codec),
  scriptOf: ScriptOf = SCRIPTS[plan.script ?? 'private'],
): Promise<Outcome> {
  const world = new World(plan.seed, plan.model, topicDefinitions(PARTITIONS), allTables)
  const gateway = new SimulatedGateway(world, codec, plan.loseOneIn, new Random(plan.seed + 1))
  const script = scriptOf(world.random, plan.commands)
  const processes: Incarnation[] = []
  for (;;) {
    world.steps = 0
    world.crashAt = plan.faults[processes.length]
    const name = `p${processes.length}`
    const process = new Incarnation(world, cast, name, (channel, payload) =>
      gateway.receive(name, channel, payload),
    )
    processes.push(process)
    await process.start(TIGHT_LIMITS)
    await gateway.retry()
    const isDone = await live(world, gateway, script, processes)
    for (const { fatal } of processes) if (fatal.length > 0) throw fatal[0]
    if (isDone) break
    await world.loseSuffix()
  }
  const superseded = processes.flatMap((process) => process.superseded).length
  return { world, gateway, steps: world.steps, superseded }
}

const isGone = ({ dead, paused }: Incarnation): boolean => dead || paused

/** Gives what is left of the script, now and then, until everything is done, or another process is needed (false). */
async function live(
  world: World,
  gateway: SimulatedGateway,
  script: Scripted[][],
  processes: readonly Incarnation[],
): Promise<boolean> {
  const process = processes[processes.length - 1] as Incarnation
  const { random } = world
  let retries = 0
  while (!isGone(process)) {
    const stage = script[0] ?? []
    const next = random.below(3) === 0 ? undefined : stage.shift()
    if (next !== undefined) await gateway.send(next)
    if (random.below(6) === 0) wake(processes)
    const turns = random.below(6) + world.trace.length
    await world.run(() => isGone(process) || (stage.length > 0 && world.trace.length >= turns))
    if (isGone(process) || stage.length > 0) continue
    // At rest: whoever is paused gets its chance, and calls without an answer are given again.
    if (wake(processes)) continue
    // Whoever took its partitions over may be gone since, and their work undone.
    if (process.superseded.length > 0) return false
    if (gateway.unanswered.length === 0) script.shift()
    else if (retries++ < MAX_RETRIES) await gateway.retry()
    else throw new Error(`no answer to ${gateway.unanswered.map(({ command }) => command.type)}`)
    if (script.length === 0) return true
  }
  return false
}

/** Lets paused processes go on, as if nothing had been; false where there are none. */
function wake(processes: readonly Incarnation[]): boolean {
  const zombies = processes.slice(0, -1).filter(({ paused }) => paused)
  for (const zombie of zombies) zombie.resume()
  return zombies.length > 0
}
