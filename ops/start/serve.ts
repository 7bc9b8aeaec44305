import { hostname } from 'node:os'
import { randomBytes } from '@heliograph/gateway/mtproto'
import type { RecordCodec } from '@heliograph/schemas/avro'
import pino, { type Logger } from 'pino'
import { READY } from './announce.ts'
import { type Ports, prepareStores, type Running, startActorsRole } from './compose.ts'
import type { Endpoints } from './endpoints.ts'
import { openDoorstep } from './gateway.ts'
import { InvalidOption } from './options/fields.ts'
import type { ActorsOptions, GatewayOptions, StartOptions } from './options/options.ts'
import type { StoreOptions } from './options/stores.ts'
import { openStores, type Stores, serversOf } from './stores.ts'

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

/** What every role has. */
interface Foundation {
  readonly node: string
  readonly log: Logger
  readonly stores: Stores
  readonly ports: Ports
  readonly failed: Promise<Error>
  readonly fail: (error: unknown) => void
  prepare(): Promise<RecordCodec>
}

/** Everything in this process; `print` gets the lines for a person. */
export async function serve(options: StartOptions, print: Print = console.log): Promise<RunningServer> {
  const base = await layFoundation(options)
  const doorstep = await openDoorstep(options, base.node, base.log, print)
  const codec = await base.prepare()
  const actors = await startActors(base, codec, options)
  const gateway = await doorstep.serve(base.ports, codec)
  print('Heliograph')
  for (const line of [...doorstep.lines, storesLine(base, options), READY]) print(line)
  const { endpoints } = doorstep
  const ends = [doorstep.close, gateway.stop, actors.stop, async () => doorstep.end(), base.stores.close]
  return { endpoints, failed: base.failed, stop: inOrder(ends) }
}

/** A gateway alone: clients' connections, no actors. */
export async function serveGateway(
  options: StoreOptions & GatewayOptions,
  print: Print = console.log,
): Promise<RunningServer> {
  await refuseEmbedded(options, 'gateway')
  const base = await layFoundation(options)
  const doorstep = await openDoorstep(options, base.node, base.log, print)
  const gateway = await doorstep.serve(base.ports, await base.prepare())
  print('Heliograph: gateway')
  for (const line of [...doorstep.lines, storesLine(base, options), READY]) print(line)
  const ends = [doorstep.close, gateway.stop, async () => doorstep.end(), base.stores.close]
  return { endpoints: doorstep.endpoints, failed: base.failed, stop: inOrder(ends) }
}

/** Actors alone. */
export async function serveActors(
  options: StoreOptions & ActorsOptions,
  print: Print = console.log,
): Promise<RunningProcess> {
  await refuseEmbedded(options, 'actors')
  const base = await layFoundation(options)
  const actors = await startActors(base, await base.prepare(), options)
  print('Heliograph: actors')
  for (const line of [`  groups          ${options.groups.join(', ')}`, storesLine(base, options), READY])
    print(line)
  return { failed: base.failed, stop: inOrder([actors.stop, base.stores.close]) }
}

async function layFoundation(options: StoreOptions): Promise<Foundation> {
  const { failed, fail } = failure()
  const log = pino({ level: options.logLevel })
  const stores = await openStores(options, log, fail)
  const ports = { ...stores.ports, nowMs: Date.now, random: randomBytes }
  const prepare = () => prepareStores(ports, stores.partitions)
  return { node: nodeName(), log, stores, ports, failed, fail, prepare }
}

function startActors({ node, ports, log, fail }: Foundation, codec: RecordCodec, { groups }: ActorsOptions) {
  return startActorsRole(ports, codec, {
    node,
    groups,
    onFatal: fail,
    onSuperseded: (group, topic, partition) =>
      log.info({ group, topic, partition }, 'another owner has taken the partition over'),
  })
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

function storesLine({ stores }: Foundation, { data, namespace }: StoreOptions): string {
  return stores.embedded
    ? `  data            ${data}`
    : `  data            ${namespace} on Kafka, Cassandra, Redis and SeaweedFS; keys in ${data}`
}

function inOrder(steps: readonly (() => Promise<void>)[]): Running['stop'] {
  return async () => {
    for (const step of steps) await step()
  }
}

function failure(): { failed: Promise<Error>; fail: (error: unknown) => void } {
  let resolve: (error: Error) => void = () => {}
  const failed = new Promise<Error>((settle) => {
    resolve = settle
  })
  return { failed, fail: (error) => resolve(error instanceof Error ? error : new Error(String(error))) }
}
