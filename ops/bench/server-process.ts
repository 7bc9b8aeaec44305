import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { request } from 'undici'
import { NODE_FLAGS } from '../start/node-flags.ts'
import { ended, lineOf, readyOrEnded } from './child.ts'
import { type Usage, usageOf } from './process-usage.ts'

const BINARY = join(import.meta.dirname, '../bin.js')

/** What a process has appended and applied since it began. */
export interface Counted {
  readonly bytes: number
  readonly records: number
  readonly rows: number
}

/** One process of the messenger: all of it, or a role. */
export interface ServerProcess {
  usage(): Promise<Usage>
  /** From its own metrics; for one that was started with `--metrics`. */
  counted(): Promise<Counted>
  /** Bytes of V8's heap and buffers in use after a collection; for one that `collect-on-signal` is preloaded into. */
  bytesInUse(): Promise<number>
  end(): Promise<void>
}

/**
 * Resolves when it is ready.
 *
 * @param role a command of `heliograph`, with its flags
 */
export async function startProcess(
  nodeFlags: readonly string[],
  role: readonly string[],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...NODE_FLAGS, ...nodeFlags, BINARY, ...role], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)
  let metrics: string | undefined
  lines.on('line', (line) => {
    metrics ??= /metrics +(http\S+)/.exec(line)?.[1]
  })
  await readyOrEnded(child, lines)
  return {
    usage: () => usageOf(child.pid as number),
    counted() {
      if (metrics === undefined) throw new Error('the server did not say where its metrics are')
      return countedAt(metrics)
    },
    async bytesInUse() {
      const answer = lineOf(lines, /^in-use (\d+)/)
      child.kill('SIGUSR2')
      return Number((await answer)[1])
    },
    end: () => ended(child),
  }
}

async function countedAt(metricsUrl: string): Promise<Counted> {
  const { body } = await request(metricsUrl)
  const text = await body.text()
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    )
  return {
    bytes: sum('heliograph_appended_bytes_total'),
    records: sum('heliograph_appended_records_total'),
    rows: sum('heliograph_applied_rows_total'),
  }
}
