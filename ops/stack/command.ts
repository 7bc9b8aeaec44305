import { Command } from 'commander'
import { DEFAULT_DIR } from './places.ts'
import type { Stack } from './stack.ts'
import { parseServerNames } from './versions.ts'

interface StackFlags {
  readonly dir: string
  readonly only?: string
  readonly down?: boolean
  readonly wipe?: boolean
  readonly status?: boolean
}

/** `heliograph stack`: the real servers on this machine's loopback, without containers. */
export function stackCommand(): Command {
  return new Command('stack')
    .description('install, start and check Kafka, Cassandra, Redis, SeaweedFS and a schema registry, here')
    .option('--dir <dir>', 'where data, logs and stack.json go', DEFAULT_DIR)
    .option('--only <names>', 'some of them: kafka,cassandra,redis,seaweedfs,registry')
    .option('--down', 'stop what was started in the directory')
    .option('--wipe', 'stop, and delete data and logs')
    .option('--status', 'say what runs, and change nothing')
    .action(change)
}

/** Loads the servers' clients only here: no other command needs them. */
async function change(flags: StackFlags): Promise<void> {
  const only = flags.only === undefined ? undefined : parseServerNames(flags.only)
  const [{ findStack, startStack }, { newProgress }] = await Promise.all([
    import('./stack.ts'),
    import('./progress.ts'),
  ])
  const options = { dir: flags.dir, only, ...newProgress() }
  if (flags.status) return print(await findStack(options))
  if (flags.down || flags.wipe) return (await findStack(options)).down({ wipe: flags.wipe ?? false })
  await print(await startStack(options))
}

async function print(stack: Stack): Promise<void> {
  const { statusLines } = await import('./status.ts')
  for (const line of await statusLines(stack)) console.log(line)
}
