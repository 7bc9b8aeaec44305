import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { type Cluster, startCluster } from './cluster.ts'
import { struckLine, verdictLines } from './report.ts'
import { type AtEnd, startFaultsStack } from './stack.ts'
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
  .option('--only <texts>', 'those whose names hold one of these, such as "kill -9 kafka,20 kills"')
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
  const atEnd: AtEnd = (step) => void undo.push(step)
  const end = async () => {
    // What cannot be undone does not keep the rest from being.
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step().catch(console.error)
    if (flags.keep !== true) await rm(dir, { recursive: true, force: true })
  }
  const onInterrupt = () => void end().finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onInterrupt)
  try {
    const stack = await startFaultsStack(servers, atEnd)
    const cluster = await startCluster(stack, roles, SIZE, atEnd)
    return await runAll(cluster, chosen(cluster, flags), Number(flags.seed))
  } finally {
    await end()
  }
}

function chosen(cluster: Cluster, { short, only = '', seed }: Flags): Trial[] {
  const trials = short === true ? shortTrials(cluster) : allTrials(cluster, Number(seed))
  const matching = trials.filter(
    ({ name }) => short === true || only.split(',').some((text) => name.includes(text)),
  )
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
