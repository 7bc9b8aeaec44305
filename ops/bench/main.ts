import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { ratios, report } from './report.ts'
import { type RunResult, runWorkload } from './run.ts'
import { WORKLOADS } from './workload.ts'

interface BenchOptions {
  readonly short?: boolean
  readonly out: string
  readonly profile?: string
  readonly servers?: string
}

async function bench(names: readonly string[], options: BenchOptions): Promise<void> {
  const results: Record<string, RunResult> = {}
  for (const name of names) {
    const workload = WORKLOADS[name]
    if (workload === undefined)
      throw new Error(`no workload ${name}; there are ${Object.keys(WORKLOADS).join(', ')}`)
    const spec = options.short ? workload.short : workload.full
    const flags = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]
    const result = await runWorkload(spec, flags, options.servers)
    results[name] = result
    for (const line of report(name, workload.title, spec, result)) console.log(line)
    if (options.servers === undefined || spec.kind === 'idle') continue
    const embedded = await runWorkload(spec, flags)
    results[`${name} embedded`] = embedded
    console.log(ratios(result, embedded))
  }
  await mkdir(options.out, { recursive: true })
  const path = join(options.out, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version }
  await writeFile(path, `${JSON.stringify({ machine, short: options.short ?? false, results }, null, 2)}\n`)
  console.log(`saved ${path}`)
  const intact = Object.values(results).every((result) => result.foundInHistory === result.sentInAll)
  if (!intact) throw new Error('a history does not hold what was sent')
}

const program = new Command('bench')
  .description('Real MTProto connections against a server of its own, on embedded stores with durable writes')
  .argument('[workloads...]', `of ${Object.keys(WORKLOADS).join(', ')}; all when none is named`)
  .option('--short', 'a few seconds each: shows that it runs, measures little')
  .option('--out <dir>', 'where the JSON goes', 'bench-results')
  .option(
    '--servers <file>',
    'on the servers that this file names (`heliograph stack`), and embedded to compare',
  )
  .option('--profile <dir>', "write the server's CPU profiles there")
  .action((names: string[], options: BenchOptions) =>
    bench(names.length > 0 ? names : Object.keys(WORKLOADS), options),
  )

program.parseAsync().catch((error: Error) => {
  console.error(`bench: ${error.message}`)
  process.exitCode = 1
})
