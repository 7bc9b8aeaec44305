import {
  type ActorsOptions as ActorsRuntime,
  accountDecider,
  type LoopLimits,
  mediaDecider,
  messageDecider,
  notificationFold,
  startActors,
  startAlarms,
} from '@heliograph/actors'
import type { GatewayObserver } from '@heliograph/gateway'
import {
  createSessionEngine,
  type OpenLink,
  type RandomBytes,
  type RsaKey,
  type SessionEngine,
  type SessionLimits,
  systemPorts,
} from '@heliograph/gateway/mtproto'
import { Push } from '@heliograph/gateway/push'
import {
  createDispatch,
  createServices,
  type Derivatives,
  type GatewayConfig,
  type GivenFile,
  handlers,
  type Logger,
  type LoginCodes,
  type Mailer,
  openLinkedFile,
  startSweeping,
} from '@heliograph/gateway/rpc'
import { RecordCodec, type SchemaRegistry } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import {
  allTables,
  type Blobs,
  type Bus,
  type Keyring,
  type StateCache,
  StoreUnavailable,
  type Tables,
} from '@heliograph/storage'
import { type Log, LogUnavailable, topicDefinitions } from '@heliograph/topics'

const INTERNAL_SERVER_ERROR = 500

/** The stores behind one process: embedded, real or simulated. */
export interface Ports {
  readonly log: Log
  readonly tables: Tables
  readonly cache: StateCache
  readonly bus: Bus
  readonly blobs: Blobs
  readonly keyring: Keyring
  readonly registry: SchemaRegistry
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  readonly random: RandomBytes
}

export interface ActorsRole {
  /** Name of this process, in announcements. */
  readonly node: string
  /** Consumer groups that this process joins; all of them if absent. */
  readonly groups?: readonly string[]
  /** A store failed for good: nothing is acknowledged any more, the process should end. */
  readonly onFatal: (error: unknown) => void
  readonly onSuperseded?: ActorsRuntime['onSuperseded']
  /** Replaces some of the partition loops' limits. */
  readonly limits?: Partial<LoopLimits>
  readonly observer?: ActorsRuntime['observer']
  readonly tracer?: ActorsRuntime['tracer']
  /** How often it is looked for what is due (scheduled messages, timers); never unless given. */
  readonly alarmIntervalMs?: number
  /** A round of alarms failed; the next one tries again. */
  readonly onLateAlarms?: (error: unknown) => void
}
export interface GatewayRole {
  readonly gateway: GatewayConfig
  readonly rsaKey: RsaKey
  /** Replaces some of the session engine's limits. */
  readonly sessionLimits?: Partial<SessionLimits>
  /** Stands in for the MTProto session engine: simulated clients speak above encryption. */
  readonly createEngine?: typeof createSessionEngine
  readonly loginCodes: LoginCodes
  readonly mailer?: Mailer
  readonly log: Logger
  readonly telemetry?: GatewayObserver | undefined
  /** How often files that nothing refers to any more are looked for; never unless given. */
  readonly sweepIntervalMs?: number
  /** What makes sizes and thumbs; without ffmpeg where it is absent. */
  readonly derivatives?: Derivatives | undefined
}

/** What runs can be stopped: it takes no more, finishes what was begun, and leaves the ports open. */
export interface Running {
  stop(): Promise<void>
}
/** Actors; `ready` when what an earlier process left undone is done. */
export interface RunningActors extends Running {
  ready(): Promise<void>
}
export interface RunningGateway extends Running {
  /** For the sockets. */
  readonly openLink: OpenLink
  /** The file behind the token of a link over HTTP. */
  readonly openFile: (token: string) => Promise<GivenFile | undefined>
}
/** A gateway and actors on one set of stores. */
export type System = RunningGateway
export interface SystemOptions
  extends GatewayRole,
    Pick<ActorsRole, 'onFatal' | 'groups' | 'observer' | 'tracer'> {
  readonly partitions: number
}

/**
 * What every role does first, any number of times: schemas, topics and tables are made, or found to be as they must be.
 * Rejects where a schema is incompatible, or a topic or table has another shape.
 */
export async function prepareStores(
  { log, tables, registry }: Pick<Ports, 'log' | 'tables' | 'registry'>,
  partitions: number,
): Promise<RecordCodec> {
  const codec = await RecordCodec.create(registry)
  await log.createTopics(topicDefinitions(partitions))
  await tables.create(allTables)
  return codec
}

/** Joins the consumer groups of the actors. */
export async function startActorsRole(
  ports: Ports,
  codec: RecordCodec,
  role: ActorsRole,
): Promise<RunningActors> {
  const runsHere = ({ group }: { readonly group: string }) => role.groups?.includes(group) ?? true
  const actors = await startActors({
    log: ports.log,
    tables: ports.tables,
    bus: ports.bus,
    codec,
    now: ports.nowMs,
    owner: role.node,
    deciders: [accountDecider, messageDecider, mediaDecider].filter(runsHere),
    folds: [notificationFold].filter(runsHere),
    onFatal: role.onFatal,
    ...(role.onSuperseded === undefined ? {} : { onSuperseded: role.onSuperseded }),
    ...(role.limits === undefined ? {} : { limits: role.limits }),
    ...(role.observer === undefined ? {} : { observer: role.observer }),
    tracer: role.tracer,
  })
  if (role.alarmIntervalMs === undefined || !runsHere(messageDecider)) return actors
  const alarms = startAlarms({ ...ports, codec }, role.alarmIntervalMs, role.onLateAlarms)
  return {
    ready: actors.ready,
    stop: async () => {
      await alarms.stop()
      await actors.stop()
    },
  }
}

/** Makes one gateway; its sockets are the caller's. */
export async function startGatewayRole(
  ports: Ports,
  codec: RecordCodec,
  role: GatewayRole,
): Promise<RunningGateway> {
  const services = await createServices({
    ...ports,
    topics: ports.log,
    codec,
    config: role.gateway,
    loginCodes: role.loginCodes,
    mailer: role.mailer,
    log: role.log,
    telemetry: role.telemetry,
    derivatives: role.derivatives,
  })
  let engine: SessionEngine | undefined
  const push = new Push(services, () => engine)
  const sessionPorts = {
    ...systemPorts,
    authKeys: services.authKeys,
    dispatch: createDispatch(services, handlers),
    observer: push,
    rsaKey: role.rsaKey,
    now: ports.nowMs,
    random: ports.random,
    saltSecret: ports.keyring.mac('server-salts', ''),
    telemetry: role.telemetry,
    onBug: (error: unknown, where: string, request?: bigint) => {
      const fields = { where, request: request?.toString() }
      if (isOutage(error))
        role.log.warn({ ...fields, reason: error.message }, 'a call could not be carried out')
      else role.log.error({ ...fields, error: describe(error) }, 'a call failed by a fault of ours')
    },
  }
  const sweeping =
    role.sweepIntervalMs === undefined ? undefined : startSweeping(services, role.sweepIntervalMs)
  engine = (role.createEngine ?? createSessionEngine)(sessionPorts, role.sessionLimits)
  const { openLink, close } = engine
  return {
    openLink,
    openFile: (token) => openLinkedFile(services, token),
    stop: async () => {
      close()
      push.close()
      sweeping?.close()
      services.close()
    },
  }
}

/** Gateway and actors in one process; the ports decide what it runs on. */
export async function compose(ports: Ports, options: SystemOptions): Promise<System> {
  const codec = await prepareStores(ports, options.partitions)
  const actors = await startActorsRole(ports, codec, { ...options, node: options.gateway.node })
  await actors.ready()
  const gateway = await startGatewayRole(ports, codec, options)
  return {
    openLink: gateway.openLink,
    openFile: gateway.openFile,
    stop: async () => {
      await gateway.stop()
      await actors.stop()
    },
  }
}

/** No answer from an actor, or a store that is away: nothing is wrong with the call. */
function isOutage(error: unknown): error is Error {
  if (error instanceof LogUnavailable || error instanceof StoreUnavailable) return true
  return error instanceof RpcError && error.code === INTERNAL_SERVER_ERROR
}

/** Name, message and place of a fault; our own faults carry no secrets. */
function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
