import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createDerivatives, SYSTEM_PROGRAMS } from '@heliograph/gateway/media'
import { makeCase, performCase } from './case.ts'
import { makeCorpus } from './corpus.ts'

/** What the parent asks for, and what it hears. */
export interface FuzzTask {
  readonly seed: number
  readonly from: number
  readonly untilMs: number
}
export type FuzzSent =
  | { readonly begin: number }
  | {
      readonly done: number
      readonly outcome: string
      readonly kind: string
      readonly path: string
      readonly ms: number
    }
  | { readonly wrong: number; readonly error: string }
  | { readonly end: number; readonly longestPauseMs: number; readonly maxRssBytes: number }

const send = (sent: FuzzSent): unknown => process.send?.(sent)
const NANOSECONDS_PER_MS = 1e6
const KIB = 1024

/** One case after the other, so that a process that dies names the case by the last `begin`. */
async function work({ seed, from, untilMs }: FuzzTask): Promise<void> {
  const corpus = await makeCorpus()
  let index = from
  // Nothing that a file does may end even the process that is there for it.
  const notice = (line: string) => send({ wrong: index, error: line })
  const derivatives = await createDerivatives({ programs: SYSTEM_PROGRAMS, notice })
  const pauses = monitorEventLoopDelay({ resolution: 5 })
  pauses.enable()
  for (; Date.now() < untilMs; index += 1) {
    const tried = makeCase(seed, index, corpus)
    send({ begin: index })
    const before = performance.now()
    try {
      const outcome = await performCase(tried, derivatives)
      const { kind, path } = tried
      send({ done: index, outcome, kind, path, ms: performance.now() - before })
    } catch (error) {
      send({ wrong: index, error: String(error) })
    }
  }
  const maxRssBytes = process.resourceUsage().maxRSS * KIB
  send({ end: index, longestPauseMs: pauses.max / NANOSECONDS_PER_MS, maxRssBytes })
  derivatives.close()
  process.disconnect()
}

process.once('message', (task: FuzzTask) => void work(task))
