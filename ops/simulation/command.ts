import { SingleBar } from 'cli-progress'
import { Command, InvalidArgumentError } from 'commander'
import { defects } from './defects.ts'
import { type Plan, planOf } from './plan.ts'
import { again, type Finding, type Task } from './search.ts'
import { performAll } from './workers.ts'

const DEFAULT_SEEDS = 200
/** Each defect has to show within so many seeds. */
const MAX_DEFECT_SEEDS = 1_000
/** Where nobody looks at a terminal, a line for each so many tasks. */
const LINE_EVERY = 100

interface Options {
  readonly seeds: number
  readonly from: number
  readonly seed?: number
  readonly plan?: Plan
  readonly defect?: string
  readonly defects?: boolean
}

/** `heliograph simulate`: searches for seeds whose runs break what is promised. Exits with 1 where there are any. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description(
      'run gateways, actors and clients on simulated stores, with faults that a seed decides, and audit them',
    )
    .option('--seeds <n>', 'how many seeds', wholeNumber, DEFAULT_SEEDS)
    .option('--from <seed>', 'the first of them', wholeNumber, 1)
    .option('--seed <seed>', 'run this one alone', wholeNumber)
    .option('--plan <json>', 'run this plan alone, as a failure prints it', planFrom)
    .option('--defect <name>', 'with a defect planted')
    .option('--defects', `show that each planted defect is caught within ${MAX_DEFECT_SEEDS} seeds`)
    .action(async (options: Options) => {
      if (!(await simulate(options))) process.exitCode = 1
    })
}

/** Resolves to whether everything was as it must be. */
export async function simulate(
  options: Options,
  print: (line: string) => void = console.log,
): Promise<boolean> {
  const tasks = tasksOf(options)
  const findings: Finding[] = []
  const startMs = performance.now()
  const progress = progressOf(tasks.length, print)
  await performAll(tasks, (finding) => {
    findings.push(finding)
    progress.step()
    for (const line of linesOf(finding)) progress.print(line)
  })
  progress.stop()
  for (const line of summaryOf(findings, performance.now() - startMs)) print(line)
  return findings.every((finding) => isGood(finding))
}

function tasksOf({ seed, seeds, from, plan, defect, defects: all }: Options): Task[] {
  if (all === true)
    return Object.keys(defects).map((name) => ({
      kind: 'defect',
      defect: name,
      from,
      count: MAX_DEFECT_SEEDS,
    }))
  if (defect !== undefined && defects[defect] === undefined)
    throw new Error(`no defect is called "${defect}"`)
  const alone = plan ?? (seed === undefined || defect === undefined ? undefined : planOf(seed))
  if (alone !== undefined) return [{ kind: 'plan', plan: alone, ...(defect === undefined ? {} : { defect }) }]
  if (seed !== undefined) return [{ kind: 'seed', seed, twice: true }]
  if (defect !== undefined) return [{ kind: 'defect', defect, from, count: seeds }]
  return Array.from({ length: seeds }, (_, i) => ({ kind: 'seed', seed: from + i, twice: true }))
}

/** A defect has to be caught; everything else must not fail. */
const isGood = ({ task, failure }: Finding): boolean => (task.kind === 'defect') === (failure !== undefined)

function linesOf({ task, plan, failure, shrunk }: Finding): string[] {
  if (task.kind === 'defect') {
    return failure === undefined
      ? [`NOT CAUGHT: a process that ${task.defect}`]
      : [`caught at seed ${plan.seed}: a process that ${task.defect}: ${firstLine(failure)}`]
  }
  if (failure === undefined) return []
  const defect = task.kind === 'plan' ? task.defect : undefined
  const lines = [`seed ${plan.seed} fails: ${failure}`, `  once more: ${again(plan, defect)}`]
  return shrunk === undefined ? lines : [...lines, `  smaller:   ${again(shrunk, defect)}`]
}

function summaryOf(findings: readonly Finding[], tookMs: number): string[] {
  const bad = findings.filter((finding) => !isGood(finding)).length
  const happenings = findings.reduce((sum, each) => sum + each.happenings, 0)
  const sights = new Map<string, number>()
  for (const sight of findings.flatMap((each) => each.sights)) sights.set(sight, (sights.get(sight) ?? 0) + 1)
  const seen = [...sights].sort(([, a], [, b]) => b - a).map(([sight, count]) => `${sight} ${count}`)
  const perMinute = Math.round((findings.length * 60_000) / tookMs)
  return [
    `${findings.length} tasks in ${(tookMs / 1000).toFixed(1)} s (${perMinute} a minute), ${happenings} happenings, ${bad} bad`,
    `met: ${seen.join(', ')}`,
  ]
}

interface Progress {
  step(): void
  print(line: string): void
  stop(): void
}

function progressOf(total: number, print: (line: string) => void): Progress {
  if (!process.stderr.isTTY) return linesOnly(total, print)
  const format = '{bar} {value}/{total} | {eta_formatted} left'
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true })
  bar.start(total, 0)
  return {
    step: () => bar.increment(),
    print: (line) => {
      process.stderr.write('\r\u001b[K')
      print(line)
    },
    stop: () => bar.stop(),
  }
}

function linesOnly(total: number, print: (line: string) => void): Progress {
  let done = 0
  return {
    step: () => {
      if (++done % LINE_EVERY === 0) print(`${done} of ${total}`)
    },
    print,
    stop: () => {},
  }
}

const firstLine = (text: string): string => text.split('\n')[0] ?? ''

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is wanted')
  return Number(text)
}

function planFrom(text: string): Plan {
  try {
    return JSON.parse(text) as Plan
  } catch {
    throw new InvalidArgumentError('a plan is wanted, as a failure prints it')
  }
}
