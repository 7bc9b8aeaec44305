import { accountDecider, messageDecider, notificationFold, startActors } from '@heliograph/actors'
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
  type GatewayConfig,
  handlers,
  type Logger,
  type LoginCodes,
} from '@heliograph/gateway/rpc'
import { RecordCodec, type SchemaRegistry } from '@heliograph/schemas/avro'
import { allTables, type Bus, type Keyring, type StateCache, type Tables } from '@heliograph/storage'
import { type Log, topicDefinitions } from '@heliograph/topics'

/** The stores behind one process: embedded, real or simulated. */
export interface Ports {
  readonly log: Log
  readonly tables: Tables
  readonly cache: StateCache
  readonly bus: Bus
  readonly keyring: Keyring
  readonly registry: SchemaRegistry
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  readonly random: RandomBytes
}

export interface SystemOptions {
  readonly gateway: GatewayConfig
  readonly partitions: number
  readonly rsaKey: RsaKey
  /** Replaces some of the session engine's limits. */
  readonly sessionLimits?: Partial<SessionLimits>
  readonly loginCodes: LoginCodes
  readonly log: Logger
  /** A store failed: nothing is acknowledged any more, the process should end. */
  readonly onFatal: (error: unknown) => void
}

/** A gateway and all actors on one set of stores. */
export interface System {
  /** For the sockets. */
  readonly openLink: OpenLink
  /** Stops taking calls, finishes what was begun. The ports stay open. */
  stop(): Promise<void>
}

/** The one place where actors and gateway are put together; the ports decide what it runs on. */
export async function compose(ports: Ports, options: SystemOptions): Promise<System> {
  const codec = await RecordCodec.create(ports.registry)
  await ports.log.createTopics(topicDefinitions(options.partitions))
  await ports.tables.create(allTables)
  const actors = await startActors({
    log: ports.log,
    tables: ports.tables,
    bus: ports.bus,
    codec,
    now: ports.nowMs,
    owner: options.gateway.node,
    deciders: [accountDecider, messageDecider],
    folds: [notificationFold],
    onFatal: options.onFatal,
  })
  const gateway = await startGateway(ports, options, codec)
  return {
    openLink: gateway.openLink,
    stop: async () => {
      gateway.stop()
      await actors.stop()
    },
  }
}

async function startGateway(ports: Ports, options: SystemOptions, codec: RecordCodec) {
  const services = await createServices({
    ...ports,
    topics: ports.log,
    codec,
    config: options.gateway,
    loginCodes: options.loginCodes,
    log: options.log,
  })
  let engine: SessionEngine | undefined
  const push = new Push(services, () => engine)
  const sessionPorts = {
    ...systemPorts,
    authKeys: services.authKeys,
    dispatch: createDispatch(services, handlers),
    observer: push,
    rsaKey: options.rsaKey,
    now: ports.nowMs,
    random: ports.random,
    saltSecret: ports.keyring.mac('server-salts', ''),
    onBug: (error: unknown, where: string) =>
      options.log.error({ where, error: describe(error) }, 'a call failed by a fault of ours'),
  }
  engine = createSessionEngine(sessionPorts, options.sessionLimits)
  const { openLink, close } = engine
  return {
    openLink,
    stop: () => {
      close()
      push.close()
      services.close()
    },
  }
}

/** Name, message and place of a fault; our own faults carry no secrets. */
function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
