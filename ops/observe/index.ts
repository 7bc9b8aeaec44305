/**
 * What a role tells of itself: metrics, health, readiness, traces. A role uses it like this:
 *
 *     const observing = await startObserving({ ports, log, metrics: options.metrics, trace: options.trace, sockets: true })
 *     observing.ports                         instead of `ports`, everywhere
 *     observing.gateway                       as `telemetry` of `createServices` and of the session engine's ports
 *     observing.actors, observing.tracer      as `observer` and `tracer` of `startActors`
 *     observing.ready('sockets')              once clients are let in
 *     observing.drain()                       first of all, when the role begins to stop
 *     await observing.close()                 last of all, before the stores are closed
 *
 * Without `metrics` and `trace` ports are passed through as they are, and nothing is measured; what happens to partitions is
 * logged all the same. `createLogger` (`./logger.ts`) makes the `log` of a role.
 */
import type { GatewayObserver } from '@heliograph/gateway'
import type { Tracer } from '@heliograph/topics'
import type { Logger } from 'pino'
import type { Ports } from '../start/compose.ts'
import { type ActorsObserver, actorsLog, bothObservers } from './actors-log.ts'
import { actorsMetrics } from './actors-metrics.ts'
import { GatewayMetrics } from './gateway-metrics.ts'
import { createMetrics, type Metrics, measureProcess } from './metrics.ts'
import { probeGroups, probeStores } from './readiness/probes.ts'
import { Readiness } from './readiness/readiness.ts'
import { type HostPort, serveObservations } from './server.ts'
import { MeasuredBlobs } from './stores/measured-blobs.ts'
import { MeasuredBus } from './stores/measured-bus.ts'
import { MeasuredCache } from './stores/measured-cache.ts'
import { MeasuredLog } from './stores/measured-log.ts'
import { MeasuredTables } from './stores/measured-tables.ts'
import { OwnedPartitions } from './stores/owned-partitions.ts'
import type { TraceOptions, Tracing } from './trace/tracing.ts'

export interface ObservingOptions {
  readonly ports: Ports
  readonly log: Logger
  /** Where `/metrics`, `/healthz` and `/readyz` are served; nowhere if absent. Port 0 picks a free one. */
  readonly metrics?: HostPort | undefined
  /** Calls are not traced if absent. */
  readonly trace?: TraceOptions | undefined
  /** The role has clients: it is not ready before `ready('sockets')`. */
  readonly sockets?: boolean
  /** No other process shares the work, as on embedded stores: that partitions are assigned is no news. */
  readonly alone?: boolean
}

export interface Observing {
  readonly ports: Ports
  readonly gateway: GatewayObserver | undefined
  /** Logs what happens to partitions, and counts it where somebody measures. */
  readonly actors: ActorsObserver
  readonly tracer: Tracer | undefined
  /** Where the metrics are served. */
  readonly address: HostPort | undefined
  ready(what: 'sockets'): void
  /** Says that the role is about to end: whoever sends it clients should stop. */
  drain(): void
  /** Sends what was traced, and stops serving. */
  close(): Promise<void>
}

/** Begins to measure. Rejects when the address cannot be had. */
export async function startObserving(options: ObservingOptions): Promise<Observing> {
  const { ports, log, trace } = options
  const told = actorsLog(log, options.alone === true)
  if (options.metrics === undefined && trace === undefined) return unmeasured(ports, told)
  const tracing = trace === undefined ? undefined : await startTracing(trace)
  const metrics = createMetrics()
  const owned = new OwnedPartitions()
  const readiness = new Readiness()
  if (options.sockets === true) readiness.await('sockets', 'no clients are let in yet')
  probeStores(readiness, ports)
  probeGroups(readiness, owned)
  metrics.lag.from(owned.lag(ports.log))
  metrics.parked.from(owned.parked(ports.tables))
  metrics.ready.from(async () => [{ labels: [], value: (await readiness.reasons()).length === 0 ? 1 : 0 }])
  const server = options.metrics && (await serveMeasured(options.metrics, metrics, readiness))
  return {
    ports: measuredPorts(ports, metrics, { log, owned, tracer: tracing?.tracer }),
    gateway: new GatewayMetrics(metrics, tracing?.tracer),
    actors: bothObservers(actorsMetrics(metrics), told),
    tracer: tracing?.tracer,
    address: server?.address,
    ready: (what) => readiness.arrived(what),
    drain: () => readiness.drain(),
    close: async () => {
      await Promise.all([tracing?.close(), server?.close()])
    },
  }
}

/** The tracing library is large: it is loaded only where somebody wants traces. */
async function startTracing(options: TraceOptions): Promise<Tracing> {
  const { startTracing: start } = await import('./trace/tracing.ts')
  return start(options)
}

function serveMeasured(address: HostPort, metrics: Metrics, readiness: Readiness) {
  measureProcess(metrics)
  return serveObservations(address, metrics, readiness)
}

/** The same ports, measured. */
export function measuredPorts(
  ports: Ports,
  metrics: Metrics,
  to: { readonly log: Logger; readonly owned: OwnedPartitions; readonly tracer: Tracer | undefined },
): Ports {
  return {
    ...ports,
    log: new MeasuredLog(ports.log, metrics, to),
    tables: new MeasuredTables(ports.tables, metrics, to.log),
    cache: new MeasuredCache(ports.cache, metrics, to.log),
    bus: new MeasuredBus(ports.bus, metrics, to.log),
    blobs: new MeasuredBlobs(ports.blobs, metrics, to.log),
  }
}

function unmeasured(ports: Ports, actors: ActorsObserver): Observing {
  return {
    ports,
    gateway: undefined,
    actors,
    tracer: undefined,
    address: undefined,
    ready() {},
    drain() {},
    async close() {},
  }
}
