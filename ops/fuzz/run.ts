import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FuzzSent, FuzzTask } from './worker.ts'

/** A case that takes longer hangs. */
const HANG_MS = 60_000

export interface FuzzReport {
  cases: number
  /** `kind outcome` → how often. */
  readonly outcomes: Map<string, number>
  readonly failures: { readonly index: number; readonly error: string }[]
  longestCaseMs: number
  longestPauseMs: number
  maxRssBytes: number
}

/** Damages files for so many seconds and gives them to every parser, in processes of their own: one that dies is a finding too. */
export async function fuzz(seed: number, seconds: number): Promise<FuzzReport> {
  const report: FuzzReport = {
    cases: 0,
    outcomes: new Map(),
    failures: [],
    longestCaseMs: 0,
    longestPauseMs: 0,
    maxRssBytes: 0,
  }
  const untilMs = Date.now() + seconds * 1_000
  let from = 0
  while (Date.now() < untilMs) from = await runWorker({ seed, from, untilMs }, report)
  return report
}

/** Resolves with the case after the last one that was begun. */
function runWorker(task: FuzzTask, report: FuzzReport): Promise<number> {
  const file = fileURLToPath(import.meta.url)
  const worker = fork(file.replace(/run(\.\w+)$/, `worker${extname(file)}`), { execArgv: [] })
  worker.send(task)
  return new Promise((resolve) => {
    let current = task.from
    let isOver = false
    let watch = watchdog(worker)
    worker.on('message', (sent: FuzzSent) => {
      clearTimeout(watch)
      watch = watchdog(worker)
      if ('begin' in sent) current = sent.begin
      if ('end' in sent) isOver = true
      note(sent, report)
    })
    worker.once('exit', (code, signal) => {
      clearTimeout(watch)
      if (!isOver) report.failures.push({ index: current, error: `the process ended with ${signal ?? code}` })
      resolve(current + 1)
    })
  })
}

const watchdog = (worker: ChildProcess): NodeJS.Timeout => setTimeout(() => worker.kill('SIGKILL'), HANG_MS)

function note(sent: FuzzSent, report: FuzzReport): void {
  if ('done' in sent) {
    report.cases += 1
    const name = `${sent.kind} ${sent.outcome}`
    report.outcomes.set(name, (report.outcomes.get(name) ?? 0) + 1)
    report.longestCaseMs = Math.max(report.longestCaseMs, sent.ms)
  } else if ('wrong' in sent) {
    report.cases += 1
    report.failures.push({ index: sent.wrong, error: sent.error })
  } else if ('end' in sent) {
    report.longestPauseMs = Math.max(report.longestPauseMs, sent.longestPauseMs)
    report.maxRssBytes = Math.max(report.maxRssBytes, sent.maxRssBytes)
  }
}
