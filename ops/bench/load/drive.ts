import type { Workload } from '../workload.ts'
import type { Pair } from './pair.ts'

/** Starts traffic on the pairs; returns how to stop it (no new messages). */
export function drive(workload: Workload, pairs: readonly Pair[]): () => void {
  if (workload.kind === 'paced') return paced(pairs, workload.messagesPerSecond)
  if (workload.kind === 'ping-pong') return pingPong(pairs)
  if (workload.kind === 'in-flight') return inFlight(pairs, workload.inFlight)
  throw new Error(`no traffic in a workload of kind ${workload.kind}`)
}

/** Open loop at a fixed rate: a slow answer does not delay the next message. */
function paced(pairs: readonly Pair[], perSecond: number): () => void {
  const started = performance.now()
  let count = 0
  const timer = setInterval(() => {
    const due = ((performance.now() - started) / 1000) * perSecond
    while (count < due) (pairs[count++ % pairs.length] as Pair).send()
  }, 1)
  return () => clearInterval(timer)
}

/** The next message goes when the last was acknowledged and the peer has it. */
function pingPong(pairs: readonly Pair[]): () => void {
  let running = true
  for (const pair of pairs) {
    const next = () => {
      if (running && pair.acknowledged === pair.sent && pair.delivered === pair.sent) pair.send()
    }
    pair.onAcknowledged = next
    pair.onDelivered = next
    pair.send()
  }
  return () => {
    running = false
  }
}

/** Keeps `limit` messages of each pair unacknowledged or on their way to the peer. */
function inFlight(pairs: readonly Pair[], limit: number): () => void {
  let running = true
  for (const pair of pairs) {
    const fill = () => {
      while (running && pair.sent - Math.min(pair.acknowledged, pair.delivered) < limit) pair.send()
    }
    pair.onAcknowledged = fill
    pair.onDelivered = fill
    fill()
  }
  return () => {
    running = false
  }
}
