import { ANSWERED, type FileTraffic, type GatewayGauge, type GatewayObserver } from '@heliograph/gateway'
import type { LinkKind } from '@heliograph/gateway/mtproto'
import { handlers } from '@heliograph/gateway/rpc'
import type { Tracer } from '@heliograph/topics'
import { HOPS, type Metrics } from './metrics.ts'
import type { Count } from './registry/counter.ts'
import type { Distribution } from './registry/histogram.ts'

const FLOOD_WAIT = 420
const OTHER = 'other'
/** Codes of the protocol's errors; another one is counted as `other`. */
const CODES: ReadonlySet<number> = new Set([303, 400, 401, 403, 404, 406, FLOOD_WAIT, 500, 503])

/** What one topic's commands are counted by. */
interface Commanded {
  readonly done: Count
  readonly failed: Count
  readonly batch: Distribution
}

/** Counts what a gateway does. All label values are bound once. */
export class GatewayMetrics implements GatewayObserver {
  readonly clock = () => performance.now()
  readonly tracer: Tracer | undefined
  readonly #metrics: Metrics
  readonly #methods = new Map<string, Distribution>()
  readonly #topics = new Map<string, Commanded>()
  readonly #frameToCommand: Distribution
  readonly #commandToUpdate: Distribution
  readonly #busToUpdate: Distribution
  readonly #pushes: Count

  constructor(metrics: Metrics, tracer: Tracer | undefined) {
    this.#metrics = metrics
    this.tracer = tracer
    this.#frameToCommand = metrics.hops.with(HOPS.frameToCommand)
    this.#commandToUpdate = metrics.hops.with(HOPS.commandToUpdate)
    this.#busToUpdate = metrics.hops.with(HOPS.busToUpdate)
    this.#pushes = metrics.pushes.with()
  }

  watch(gauge: GatewayGauge, read: () => number): void {
    this.#metrics[gauge].from(() => [{ labels: [], value: read() }])
  }

  linkOpened(kind: LinkKind): void {
    this.#metrics.linksOpened.with(kind).add()
    this.#metrics.links.with(kind).add()
  }

  linkClosed(kind: LinkKind): void {
    this.#metrics.links.with(kind).add(-1)
  }

  keyExchange(outcome: 'completed' | 'failed' | 'refused'): void {
    this.#metrics.keyExchanges.with(outcome).add()
  }

  called(method: string, tookMs: number, code: number): void {
    const known = this.#methods.get(method) ?? this.#method(method)
    known.observe(tookMs / 1000)
    if (code === ANSWERED) return
    if (code === FLOOD_WAIT) this.#metrics.floodWaits.with().add()
    this.#metrics.callErrors.with(labelOf(method), CODES.has(code) ? String(code) : OTHER).add()
  }

  commanded(_topic: string, tookMs: number): void {
    this.#frameToCommand.observe(tookMs / 1000)
  }

  appended(topic: string, commands: number, failed: boolean): void {
    const counts = this.#topics.get(topic) ?? this.#topic(topic)
    counts.batch.observe(commands)
    if (failed) counts.failed.add(commands)
    else counts.done.add(commands)
  }

  pushed(tookMs: number, causedMs: number): void {
    this.#pushes.add()
    this.#busToUpdate.observe(tookMs / 1000)
    // Clocks of two machines may differ: a message is not there before it was sent.
    if (causedMs > 0) this.#commandToUpdate.observe(Math.max(0, Date.now() - causedMs) / 1000)
  }

  file(what: FileTraffic, bytes: number): void {
    this.#metrics.fileBytes.with(what).add(bytes)
  }

  stalled(): void {
    this.#metrics.stalls.with().add()
  }

  overflowed(): void {
    this.#metrics.overflows.with().add()
  }

  #method(name: string): Distribution {
    const child = this.#metrics.calls.with(labelOf(name))
    this.#methods.set(name, child)
    return child
  }

  #topic(name: string): Commanded {
    const { commands, commandBatch } = this.#metrics
    const counts = {
      done: commands.with(name, 'appended'),
      failed: commands.with(name, 'failed'),
      batch: commandBatch.with(name),
    }
    this.#topics.set(name, counts)
    return counts
  }
}

/** Only methods that this server has: a client may name any of the schema's, and they are many. */
const labelOf = (method: string): string => (Object.hasOwn(handlers, method) ? method : OTHER)
