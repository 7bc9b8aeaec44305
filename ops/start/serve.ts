import { hostname } from 'node:os'
import { randomBytes } from '@heliograph/gateway/mtproto'
import type { RecordCodec } from '@heliograph/schemas/avro'
import type { Logger } from 'pino'
import { type Observing, startObserving } from '../observe/index.ts'
import { createLogger } from '../observe/logger.ts'
import { hostPortText, READY } from './announce.ts'
import { prepareStores, startActorsRole } from './compose.ts'
import type { Endpoints } from './endpoints.ts'
import { type Doorstep, openDoorstep } from './gateway.ts'
import { InvalidOption } from './options/fields.ts'
import type { ObserveOptions } from './options/observe.ts'
import type { ActorsOptions, ActorsRoleOptions, GatewayRoleOptions, StartOptions } from './options/options.ts'
import type { StoreOptions } from './options/stores.ts'
import { openStores, type Stores, serversOf } from './stores.ts'

/** How late what is due may be, about. */
const ALARM_INTERVAL_MS = 1_000

export interface RunningProcess {
  /** Resolves when a store has failed for good and the process should end. */
  readonly failed: Promise<Error>
  /** Takes no more calls, finishes what was begun, closes everything. */
  stop(): Promise<void>
}
export interface RunningServer extends RunningProcess {
  readonly endpoints: Endpoints
}
type Print = (line: string) => void
type Step = () => Promise<void> | void

/** What every role has. */
interface Foundation {
  readonly node: string
  readonly log: Logger
  readonly stores: Stores
  readonly observing: Observing
  readonly failed: Promise<Error>
  readonly fail: (error: unknown) => void
  prepare(): Promise<RecordCodec>
  /** Stops in this order, between telling that it ends and closing the stores. */
  stopping(...steps: readonly Step[]): () => Promise<void>
}

/** Everything in this process; `print` gets the lines for a person. */
export async function serve(options: StartOptions, print: Print = console.log): Promise<RunningServer> {
  const base = await layFoundation(options, 'start')
  const doorstep = await openDoorstep(options, base.node, base.log, print)
  const codec = await base.prepare()
  const actors = await startActors(base, codec, options)
  // Where rows may have been lost with a crash, clients come in when they are there again.
  if (base.stores.embedded) await actors.ready()
  const gateway = await startGateway(base, codec, doorstep)
  print('Heliograph')
  for (const line of [...doorstep.lines, ...commonLines(base, options), READY]) print(line)
  const stop = base.stopping(doorstep.close, gateway.stop, actors.stop, doorstep.end)
  return { endpoints: doorstep.endpoints, failed: base.failed, stop }
}

/** A gateway alone: clients' connections, no actors. */
export async function serveGateway(
  options: GatewayRoleOptions,
  print: Print = console.log,
): Promise<RunningServer> {
  await refuseEmbedded(options, 'gateway')
  const base = await layFoundation(options, 'gateway')
  const doorstep = await openDoorstep(options, base.node, base.log, print)
  const gateway = await startGateway(base, await base.prepare(), doorstep)
  print('Heliograph: gateway')
  for (const line of [...doorstep.lines, ...commonLines(base, options), READY]) print(line)
  const stop = base.stopping(doorstep.close, gateway.stop, doorstep.end)
  return { endpoints: doorstep.endpoints, failed: base.failed, stop }
}

/** Actors alone. */
export async function serveActors(
  options: ActorsRoleOptions,
  print: Print = console.log,
): Promise<RunningProcess> {
  await refuseEmbedded(options, 'actors')
  const base = await layFoundation(options, 'actors')
  const actors = await startActors(base, await base.prepare(), options)
  print('Heliograph: actors')
  print(`  groups          ${options.groups.join(', ')}`)
  for (const line of [...commonLines(base, options), READY]) print(line)
  return { failed: base.failed, stop: base.stopping(actors.stop) }
}

async function layFoundation(
  options: StoreOptions & ObserveOptions,
  role: 'start' | 'gateway' | 'actors',
): Promise<Foundation> {
  const { failed, fail } = failure()
  const node = nodeName()
  const log = createLogger({ level: options.logLevel, role, node })
  const stores = await openStores(options, log, fail)
  const ports = { ...stores.ports, nowMs: Date.now, random: randomBytes }
  const { traceEndpoint: endpoint, traceRatio: ratio } = options
  const trace = endpoint === undefined ? undefined : { endpoint, ratio }
  const [sockets, alone] = [role !== 'actors', stores.embedded]
  if (!alone) log.info({}, 'starting')
  const observing = await startObserving({ ports, log, metrics: options.metrics, trace, sockets, alone })
  return {
    node,
    log,
    stores,
    observing,
    failed,
    fail,
    prepare: () => prepareStores(observing.ports, stores.partitions),
    stopping:
      (...steps) =>
      async () => {
        observing.drain()
        if (!alone) log.info({}, 'ending')
        for (const step of [...steps, observing.close, stores.close]) await step()
      },
  }
}

function startActors(
  { node, log, observing, fail }: Foundation,
  codec: RecordCodec,
  { groups }: ActorsOptions,
) {
  const { actors: observer, tracer } = observing
  return startActorsRole(observing.ports, codec, {
    node,
    groups,
    onFatal: fail,
    alarmIntervalMs: ALARM_INTERVAL_MS,
    onLateAlarms: (error) => log.warn({ reason: String(error) }, 'what is due has to wait'),
    ...(observer === undefined ? {} : { observer }),
    ...(tracer === undefined ? {} : { tracer }),
  })
}

async function startGateway({ observing }: Foundation, codec: RecordCodec, doorstep: Doorstep) {
  const gateway = await doorstep.serve(observing.ports, codec, observing.gateway)
  observing.ready('sockets')
  return gateway
}

/**
 * Unique for each start: answers to calls of an earlier run, which may come again after a crash, must not reach calls of
 * this one that happen to have the same number.
 */
const nodeName = () => `${hostname()}-${randomBytes(6).toString('hex')}`

async function refuseEmbedded(options: StoreOptions, role: string): Promise<void> {
  if ((await serversOf(options)) === undefined)
    throw new InvalidOption(
      `${role}: works on servers only; name them (--kafka, --cassandra, …) or give --servers FILE`,
    )
}

function commonLines({ stores, observing }: Foundation, { data, namespace }: StoreOptions): string[] {
  const where = stores.embedded
    ? data
    : `${namespace} on Kafka, Cassandra, Redis and SeaweedFS; keys in ${data}`
  const { address } = observing
  const metrics = address === undefined ? [] : [`  metrics         http://${hostPortText(address)}/metrics`]
  return [`  data            ${where}`, ...metrics]
}

function failure(): { failed: Promise<Error>; fail: (error: unknown) => void } {
  let resolve: (error: Error) => void = () => {}
  const failed = new Promise<Error>((settle) => {
    resolve = settle
  })
  return { failed, fail: (error) => resolve(error instanceof Error ? error : new Error(String(error))) }
}
