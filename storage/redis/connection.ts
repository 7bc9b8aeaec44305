import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { StoreUnavailable } from '../tables.ts'

/** A reply that does not come within this time is taken as never coming; the connection is made anew. */
export const REPLY_TIMEOUT_MS = 1_000
const CONNECT_TIMEOUT_MS = 2_000
/** How long the first connection may take, retries included. */
const START_TIMEOUT_MS = 5_000
const MAX_RECONNECT_DELAY_MS = 500
const RECONNECT_STEP_MS = 50
/** Redirections that a command follows while a cluster moves slots or fails over. */
const MAX_REDIRECTIONS = 4
/** How often a cluster is asked who has which slots. */
const SLOTS_REFRESH_MS = 2_000
const CLUSTERED = /^cluster_enabled:1/m

export interface RedisSettings {
  /** `redis://host:port` or `rediss://…`, user and password included; one node, or some of a cluster. */
  readonly nodes: readonly string[]
  /** Before every key and channel. */
  readonly prefix: string
  /** Told of a connection that fails; it is made anew by itself. */
  readonly onConnectionError?: (error: Error) => void
}
export type Connection = Redis | Cluster

/**
 * Connects to the node or, where it says that it is one of several, to its cluster, of which any named node may be away. Commands
 * fail at once while there is no connection, and are never sent twice.
 * @throws StoreUnavailable where nobody answers within 5 s
 */
export async function openConnection(settings: RedisSettings): Promise<Connection> {
  const [first, ...others] = settings.nodes
  if (first === undefined) throw new Error('no Redis node is named')
  const node = new Redis(first, single)
  if (!(await isClustered([node, ...others.map((other) => new Redis(other, single))], settings))) return node
  return started(clusterOf(settings.nodes), settings)
}

/** A second connection to the node that is no cluster's. */
export function anotherConnection(settings: RedisSettings): Promise<Redis> {
  return started(new Redis(settings.nodes[0]!, single), settings)
}

/** A connection of its own to one node of the cluster, `host:port`; it is made, now and anew, without anybody waiting. */
export function openNode(settings: RedisSettings, node: string): Redis {
  const colon = node.lastIndexOf(':')
  const place = { host: node.slice(0, colon), port: Number(node.slice(colon + 1)) }
  const redis = new Redis({ ...single, ...place, ...accessOf(settings.nodes) })
  redis.on('error', (error: Error) => settings.onConnectionError?.(error))
  redis.connect().catch(() => undefined)
  return redis
}

const shared = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_TIMEOUT_MS,
  socketTimeout: REPLY_TIMEOUT_MS,
} satisfies RedisOptions

const single = {
  ...shared,
  autoResubscribe: false,
  enableAutoPipelining: true,
  lazyConnect: true,
  retryStrategy: reconnectDelay,
} satisfies RedisOptions

/** Milliseconds before the connection is made anew for the `attempt`th time. */
function reconnectDelay(attempt: number): number {
  return Math.min(attempt * RECONNECT_STEP_MS, MAX_RECONNECT_DELAY_MS)
}

function clusterOf(nodes: readonly string[]): Cluster {
  const { enableOfflineQueue: _, ...perNode } = shared
  return new Cluster([...nodes], {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRedirections: MAX_REDIRECTIONS,
    // What was sent to a node that hangs or ends would wait for it again and again, or be done twice.
    retryDelayOnFailover: 0,
    clusterRetryStrategy: reconnectDelay,
    clusterNodeRetryStrategy: reconnectDelay,
    // By this subscriptions follow slots that move.
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    redisOptions: { ...perNode, ...accessOf(nodes) },
  })
}

/** How the nodes of a cluster let in, as the first one is named. */
function accessOf(nodes: readonly string[]) {
  const { username, password, protocol } = new URL(nodes[0]!)
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}

/** Waits for the first connection; later ones are made without anybody waiting. */
async function started<C extends Connection>(connection: C, settings: RedisSettings): Promise<C> {
  let last: Error | undefined
  connection.on('error', (error: Error) => {
    last = error
    settings.onConnectionError?.(error)
  })
  connection.connect().catch((error: Error) => {
    last ??= error
  })
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      connection.disconnect()
      reject(new StoreUnavailable(`no Redis at ${places(settings.nodes)}: ${last?.message ?? 'no answer'}`))
    }, START_TIMEOUT_MS)
    connection.once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  return connection
}

/** As the first of these nodes says that answers. Where it is none of a cluster the first named one is left connected. */
async function isClustered(nodes: readonly Redis[], settings: RedisSettings): Promise<boolean> {
  const told = nodes.map(async (node) =>
    CLUSTERED.test(await (await started(node, settings)).info('cluster')),
  )
  // What the others fail with is of no interest any more once one has answered.
  const clustered = await Promise.any(told).catch((all: AggregateError) => Promise.reject(all.errors[0]))
  for (const node of clustered ? nodes : nodes.slice(1)) node.disconnect()
  if (!clustered) await told[0]
  return clustered
}

/** Without user and password. */
function places(nodes: readonly string[]): string {
  return nodes.map((node) => new URL(node).host).join(', ')
}
