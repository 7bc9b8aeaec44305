import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeCrashStore, countAll, openCrashStore } from './crash/steps.ts'

/** Built by `npm run build`: Node runs no TypeScript. */
const writer = fileURLToPath(new URL('../dist/stores/crash/writer.js', import.meta.url))
const ROUNDS = 12
const MAX_RUN_MS = 250

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heliograph-crash-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Highest number that the child reported, -1 for none. */
function reports(child: ChildProcess): { last(): number; first: Promise<void> } {
  let text = ''
  let heard: () => void
  const first = new Promise<void>((resolve) => {
    heard = resolve
  })
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    heard()
  })
  // The last line may be cut; it is no report until its end has come.
  const last = () => Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1) || -1)
  return { last, first }
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))

/** Lets the child write for a while and kills it; gives the last number that it acknowledged. */
async function crash(runMs: number): Promise<number> {
  const child = spawn(process.execPath, [writer, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { last, first } = reports(child)
  const end = ended(child)
  await Promise.race([first, end])
  setTimeout(() => child.kill('SIGKILL'), runMs)
  await end
  return last()
}

async function kept() {
  const store = await openCrashStore(directory)
  const counts = await countAll(store)
  await closeCrashStore(store)
  return counts
}

describe('log and tables in one store', () => {
  it('lose nothing acknowledged, and only a suffix of both together, when killed at any moment', async () => {
    let acknowledged = -1
    for (let round = 0; round < ROUNDS; round++) {
      const last = await crash(Math.random() * MAX_RUN_MS)
      expect(last).toBeGreaterThan(acknowledged)
      acknowledged = last
      const { before, rows, after } = await kept()
      expect(after).toBeGreaterThan(acknowledged)
      expect(rows).toBeGreaterThanOrEqual(after)
      expect(before).toBeGreaterThanOrEqual(rows)
      expect(before - after).toBeLessThanOrEqual(1)
    }
  })

  it('stop with one line when the disk is full, and keep what was acknowledged', async () => {
    const command = `ulimit -f 4000; exec "${process.execPath}" "${writer}" "${directory}"`
    const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] })
    const { last } = reports(child)
    let errors = ''
    child.stderr!.on('data', (chunk: Buffer) => {
      errors += chunk.toString()
    })
    expect(await ended(child)).toBe(3)
    expect(errors).toMatch(/cannot write to the store: [^\n]+\n$/)
    const { after } = await kept()
    expect(after).toBeGreaterThan(last())
  })
})
