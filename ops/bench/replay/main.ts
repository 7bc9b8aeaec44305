import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import pino from 'pino'
import { z } from 'zod'
import { readStack } from '../../stack/endpoints.ts'
import { removeNamespace } from '../../stack/namespace.ts'
import { parseOptions } from '../../start/options/fields.ts'
import { STORE_FIELDS } from '../../start/options/stores.ts'
import { openStores } from '../../start/stores.ts'
import { memoryLines } from './memory.ts'
import { type Phase, runReplay } from './run.ts'

const messageCount = z.coerce.number().int().min(1)

async function bench(flags: { messages: string; servers?: string }): Promise<void> {
  const messages = messageCount.parse(flags.messages)
  const data = await mkdtemp(join(tmpdir(), 'heliograph-bench-replay-'))
  const namespace = `bench_${randomBytes(6).toString('hex')}`
  const where = flags.servers === undefined ? {} : { servers: flags.servers }
  const options = parseOptions(STORE_FIELDS, { data, namespace, logLevel: 'warn', ...where }, {})
  const stores = await openStores(options, pino({ level: 'warn' }))
  try {
    console.log(`${messages} messages on ${stores.embedded ? 'embedded stores' : 'servers'}; memory in MiB`)
    const { differences } = await runReplay(stores, messages, (phase) => report(phase))
    console.log(differences === 0 ? 'all rows equal' : `${differences} rows differ`)
    if (differences > 0) process.exitCode = 1
  } finally {
    await stores.close()
    if (flags.servers !== undefined) await removeNamespace(await readStack(flags.servers), namespace)
    await rm(data, { recursive: true, force: true })
  }
}

function report({ name, unit, count, seconds, marks }: Phase): void {
  const rate = Math.round(count / Math.max(0.001, seconds))
  console.log(`${name}: ${count} ${unit} in ${seconds.toFixed(1)} s, ${rate}/s`)
  for (const line of memoryLines(marks)) console.log(`  ${line}`)
}

const program = new Command('bench:replay')
  .description(
    'Fills stores with messages through the real actors, replays the topics, and compares every row',
  )
  .option('--messages <n>', 'how many', '100000')
  .option('--servers <file>', 'on the servers that this file names (`heliograph stack`)')
  .action(bench)

program.parseAsync().catch((error: Error) => {
  console.error(`bench:replay: ${error.message}`)
  process.exit(1)
})
