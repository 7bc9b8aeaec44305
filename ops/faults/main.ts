import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { type Cluster, startCluster } from './cluster.ts'
import { struckLine, verdictLines } from './report.ts'
import { startFaultsStack } from './stack.ts'
import { runTrial, type Trial } from './trial.ts'
import { allTrials, shortTrials } from './trials.ts'

const SIZE = { gateways: 2, actors: 2 }

interface Flags {
  readonly short?: true
  readonly only?: string
  readonly seed: string
  readonly keep?: true
}

const command = new Command('test:faults')
  .description('break servers, roles and networks under load, and verify that nothing acknowledged is lost')
  .option('--short', 'one fault of each kind, within a few minutes')
  .option('--only <text>', 'those faults whose names hold the text, such as "kill -9 kafka" or "20 kills"')
  .option('--seed <n>', 'of the load and of what is drawn', '1')
  .option('--keep', 'leave the logs of the processes where they are')
  .action(async (flags: Flags) => process.exit((await main(flags)) ? 0 : 1))
await command.parseAsync()

/** True where nothing was wrong. */
async function main(flags: Flags): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'heliograph-faults-'))
  const [servers, roles] = [join(dir, 'stack'), join(dir, 'roles')]
  await mkdir(roles)
  console.log(`starting servers and roles of their own; logs in ${dir}`)
  const undo: (() => Promise<void>)[] = []
  const end = async () => {
    for (const step of undo.reverse()) await step()
    if (flags.keep !== true) await rm(dir, { recursive: true, force: true })
  }
  const onInterrupt = () => void end().finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onInterrupt)
  try {
    const stack = await startFaultsStack(servers, () => {})
    undo.push(() => stack.down(flags.keep === true))
    const cluster = await startCluster(stack, roles, SIZE)
    undo.push(() => cluster.stop())
    return await runAll(cluster, chosen(cluster, flags), Number(flags.seed))
  } finally {
    await end()
  }
}

function chosen(cluster: Cluster, { short, only = '', seed }: Flags): Trial[] {
  const trials = short === true ? shortTrials(cluster) : allTrials(cluster, Number(seed))
  const matching = trials.filter(({ name }) => short === true || name.includes(only))
  if (matching.length === 0) throw new Error(`no fault is named like "${only}"`)
  return matching
}

async function runAll(cluster: Cluster, trials: readonly Trial[], seed: number): Promise<boolean> {
  const startMs = performance.now()
  const wrong: string[] = []
  for (const trial of trials) {
    console.log(trial.name)
    const result = await runTrial(cluster, trial, seed, (struck) => console.log(struckLine(struck)))
    for (const line of verdictLines(result)) console.log(line)
    if (result.problems.length > 0) wrong.push(trial.name)
  }
  const took = `${Math.round((performance.now() - startMs) / 1000)} s`
  console.log(wrong.length === 0 ? `all well after ${took}` : `WRONG: ${wrong.join(', ')}; ${took}`)
  return wrong.length === 0
}
