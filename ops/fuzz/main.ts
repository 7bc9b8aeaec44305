import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { makeCase } from './case.ts'
import { makeCorpus } from './corpus.ts'
import { type FuzzReport, fuzz } from './run.ts'

interface FuzzOptions {
  readonly seconds: string
  readonly seed: string
  readonly write?: string
}

const MIB = 1024 * 1024
/** A pause that a user would feel. */
const MAX_PAUSE_MS = 1_000

async function main({ seconds, seed, write }: FuzzOptions): Promise<void> {
  if (write !== undefined) return writeCase(Number(seed), Number(write))
  const report = await fuzz(Number(seed), Number(seconds))
  for (const line of lines(Number(seed), report)) console.log(line)
  if (report.failures.length > 0 || report.longestPauseMs > MAX_PAUSE_MS) process.exitCode = 1
}

/** The input of one case, to look at what went wrong. */
async function writeCase(seed: number, index: number): Promise<void> {
  const { kind, path, source } = makeCase(seed, index, await makeCorpus())
  const file = `case-${seed}-${index}-${kind}`
  await writeFile(file, source)
  console.log(`${file}: ${source.length} bytes for ${path}`)
}

function lines(seed: number, report: FuzzReport): string[] {
  const outcomes = [...report.outcomes].sort(([a], [b]) => a.localeCompare(b))
  return [
    ...outcomes.map(([name, count]) => `${String(count).padStart(8)}  ${name}`),
    `seed ${seed}: ${report.cases} cases, longest ${report.longestCaseMs.toFixed(0)} ms, longest pause of the event loop ${report.longestPauseMs.toFixed(0)} ms, at most ${(report.maxRssBytes / MIB).toFixed(0)} MiB`,
    ...report.failures.map(
      ({ index, error }) => `FAILED case ${index} (--seed ${seed} --write ${index}): ${error}`,
    ),
  ]
}

new Command('fuzz')
  .description(
    'Damaged pictures, stickers, videos and recordings, given to every parser: none may crash or hang',
  )
  .option('--seconds <n>', 'how long', '60')
  .option('--seed <n>', 'the same cases again', String(Date.now() % 1_000_000))
  .option('--write <case>', 'writes the input of one case to a file instead')
  .action(main)
  .parseAsync()
  .catch((error: Error) => {
    console.error(`fuzz: ${error.message}`)
    process.exitCode = 1
  })
