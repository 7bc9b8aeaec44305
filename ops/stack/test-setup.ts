import { join } from 'node:path'
import { DEFAULT_DIR } from './places.ts'
import { startStack } from './stack.ts'

const ROOT = join(import.meta.dirname, '../..')

/**
 * Gives the tests the servers that HELIOGRAPH_STACK names; else, with HELIOGRAPH_STACK_WITH=docker, containers of their own, that
 * end with them; else those of the project's directory, started where they do not run, and left running.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.HELIOGRAPH_STACK !== undefined) return undefined
  if (process.env.HELIOGRAPH_STACK_WITH === 'docker') {
    const { startContainers } = await import('./containers.ts')
    const containers = await startContainers()
    process.env.HELIOGRAPH_STACK = containers.file
    return () => containers.stop()
  }
  const report = (server: string, text: string) => console.log(`stack: ${server} ${text}`)
  const stack = await startStack({ dir: join(ROOT, DEFAULT_DIR), report })
  process.env.HELIOGRAPH_STACK = stack.file
  return undefined
}
