import { setTimeout as pause } from 'node:timers/promises'
import type { ConnectionOptions } from 'node:tls'
import { Client, type Host, policies, types } from 'cassandra-driver'
import { schemaAgrees } from './agreement.ts'
import { portOfOthers } from './contact-points.ts'
import { persistently } from './retry.ts'
import { RollCall, SHOW_MS, writers } from './roll-call.ts'
import { createTables } from './schema.ts'
import { MAX_ABSENCE_MS, Settling } from './settling.ts'
import { Turns } from './turns.ts'

export interface CassandraOptions {
  /** `host` or `host:port` of some nodes; the others are found through them. */
  readonly contactPoints: readonly string[]
  /** The data centre whose nodes are asked. */
  readonly localDataCenter?: string
  readonly credentials?: { readonly username: string; readonly password: string }
  /** Connections are encrypted where this is given; `{}` will do for certificates of a known authority. */
  readonly tls?: ConnectionOptions
  /** Gets what an operator should know, in one line. */
  readonly warn?: (message: string) => void
}

export const DEFAULT_DATA_CENTER = 'datacenter1'
/** How long one node may take to answer; a little above the 2 s that it gives its replicas. */
export const REQUEST_TIMEOUT_MS = 3_000
/** For a change of the schema, which all nodes take part in. */
const SCHEMA_TIMEOUT_MS = 20_000
/** All nodes that are up know of a change well before; whoever needs it to be so waits longer by itself. */
const MAX_AGREEING_MS = 10_000
const ASK_SCHEMA_MS = 50
const CONNECT_TIMEOUT_MS = 5_000
/** A node that is down is looked for so often; the wait doubles up to the second. */
const FIRST_RECONNECT_MS = 200
const LAST_RECONNECT_MS = 1_000
/** An idle connection proves so often that it lives. */
const HEARTBEAT_MS = 10_000
/** Requests that time out on one connection before it counts as dead. */
const MAX_TIMEOUTS = 16
/** Reads that are under way at once; more wait for their turn. */
export const MAX_CONCURRENT_READS = 512
export const MAX_WAITING_READS = 20_000
/** How often it is asked whether a lost node is back. */
const ASK_AGAIN_MS = 250
/** How often the others are looked at that have not written again. */
const LOOK_AGAIN_MS = 100

/** A value as it goes over the wire, or the driver's `unset`. */
export type Parameter = Buffer | typeof types.unset
export interface Statement {
  readonly query: string
  readonly params: readonly Parameter[]
}
export interface ReadOptions {
  readonly consistency: types.consistencies
  readonly fetchSize?: number
  readonly pageState?: string
  readonly host?: Host
}

/** Has written what a node may lose with its end. */
export interface NodeWatcher {
  /** A node is lost. */
  lost(): void
  /** Requests are answered again: resolves when what may be missing has been written again. Called anew where it rejects. */
  back(): Promise<void>
}

/** A number that a node has anew with each start. */
export type AskForStart = (client: Client) => Promise<number>

const startOf: AskForStart = async (client) =>
  (await client.execute('SELECT gossip_generation FROM system.local')).first().gossip_generation as number

/** Connections to a cluster, shared by tables and keys. Everything sent through `read`, `write` and `change` may be repeated. */
export class CassandraSession {
  readonly client: Client
  readonly localDataCenter: string
  readonly warn: (message: string) => void
  readonly #turns = new Turns(MAX_CONCURRENT_READS, MAX_WAITING_READS)
  readonly #watchers = new Set<NodeWatcher>()
  readonly #settling = new Settling()
  readonly #askForStart: AskForStart
  #enrolling: Promise<void> | undefined
  #rollCall: RollCall | undefined
  #showing: NodeJS.Timeout | undefined
  #losses = 0
  #isRecovering = false
  #isClosed = false

  private constructor(
    client: Client,
    localDataCenter: string,
    { warn = () => undefined }: CassandraOptions,
    askForStart: AskForStart,
  ) {
    this.client = client
    this.localDataCenter = localDataCenter
    this.warn = warn
    this.#askForStart = askForStart
    client.on('hostDown', () => this.#lost())
  }

  /**
   * @param askForStart by which a node that was lost is told from a connection that broke
   * @throws StoreUnavailable where no node answers
   */
  static async connect(options: CassandraOptions, askForStart = startOf): Promise<CassandraSession> {
    const localDataCenter = options.localDataCenter ?? DEFAULT_DATA_CENTER
    const client = await persistently(() => connected(options, localDataCenter))
    return new CassandraSession(client, localDataCenter, options, askForStart)
  }

  /** Nodes of the local data centre. */
  get localNodes(): number {
    let nodes = 0
    this.client.hosts.forEach((host) => {
      if (host.datacenter === this.localDataCenter) nodes++
    })
    return nodes
  }

  read(query: string, params: readonly Parameter[], options: ReadOptions): Promise<types.ResultSet> {
    return this.#turns.take(() => this.#execute(query, params, options, () => this.#settled()))
  }

  /** Asks one node for what is its own. */
  readFrom(host: Host, query: string, params: readonly Parameter[]): Promise<types.ResultSet> {
    return this.#execute(query, params, { consistency: types.consistencies.localOne, host })
  }

  /** One row, or several in an unlogged batch: each partition's rows together, partitions independently. */
  write(statements: readonly Statement[], consistency: types.consistencies): Promise<types.ResultSet> {
    const [first] = statements
    if (statements.length === 1) return this.#execute(first!.query, first!.params, { consistency })
    const options = { prepare: true, logged: false, isIdempotent: true, consistency }
    return persistently(() => this.client.batch(statements as never[], options))
  }

  /** A change of the schema, done on all nodes that are up when it resolves, or after a while. */
  async change(query: string): Promise<void> {
    const options = { isIdempotent: true, readTimeout: SCHEMA_TIMEOUT_MS }
    await persistently(() => this.client.execute(query, [], options))
    const until = performance.now() + MAX_AGREEING_MS
    while (!(await schemaAgrees(this.client, this.localDataCenter)) && performance.now() < until)
      await pause(ASK_SCHEMA_MS)
  }

  /** From now on the watcher is told of nodes that are lost. Gives the function that ends it. */
  watchNodes(watcher: NodeWatcher): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** Names of the tables that requests are answered for, by the node that is asked. */
  async knownTables(keyspace: string): Promise<ReadonlySet<string>> {
    const describe = `DESCRIBE KEYSPACE "${keyspace}"`
    const { rows } = await persistently(() => this.client.execute(describe, [], { isIdempotent: true }))
    return new Set(rows.filter(({ type }) => type === 'table').map(({ name }) => name as string))
  }

  /**
   * A compare-and-set: sent once, for after a failure it must be looked up whether it was done. As a read it waits for a node that was
   * lost, except in a watcher's own writing again.
   */
  async compareAndSet(
    query: string,
    params: readonly Parameter[],
    isAgain = false,
  ): Promise<types.ResultSet> {
    if (!isAgain) await this.#settled()
    const { localQuorum: consistency, serial: serialConsistency } = types.consistencies
    const retry = new policies.retry.FallthroughRetryPolicy()
    const options = { prepare: true, isIdempotent: false, consistency, serialConsistency, retry }
    return this.client.execute(query, params as Parameter[], options)
  }

  /**
   * From now on others wait for this process after the loss of a node. In the first keyspace that it is called for, which all processes
   * of a deployment have to name first. @throws StoreUnavailable, TableMismatch
   */
  enroll(keyspace: string): Promise<void> {
    this.#enrolling ??= this.#enroll(keyspace)
    return this.#enrolling
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#showing)
    // Who cannot say so is not waited for when it has been silent for a while.
    await this.#rollCall?.leave().catch(() => {})
    await this.client.shutdown()
  }

  async #enroll(keyspace: string): Promise<void> {
    await createTables(this, keyspace, [writers])
    const nodeStart = await persistently(() => this.#askForStart(this.client))
    const rollCall = new RollCall(this.client, keyspace, nodeStart)
    await persistently(() => rollCall.show())
    const show = () => this.#isRecovering || rollCall.show().catch(() => {})
    this.#showing = setInterval(show, SHOW_MS).unref()
    this.#rollCall = rollCall
  }

  /** @param before what each attempt waits for, where there is something */
  #execute(
    query: string,
    params: readonly Parameter[],
    options: ReadOptions,
    before: () => Promise<void> | undefined = () => undefined,
  ): Promise<types.ResultSet> {
    const all = { ...options, prepare: true, isIdempotent: true }
    return persistently(async () => {
      await before()
      return this.client.execute(query, params as Parameter[], all)
    })
  }

  /** Where there are several nodes the others have the rows, and none of them is waited for. */
  #settled(): Promise<void> | undefined {
    return this.localNodes > 1 ? undefined : this.#settling.until()
  }

  #lost(): void {
    if (this.#isClosed) return
    this.#losses++
    this.#settling.begin()
    for (const watcher of this.#watchers) watcher.lost()
    if (this.#isRecovering) return
    this.#isRecovering = true
    void this.#recover().finally(() => {
      this.#isRecovering = false
      this.#settling.end()
    })
  }

  /**
   * Until all is written again, by the others too. The driver tells of a node that is back only where it had not been forgotten
   * meanwhile, so it is asked for.
   */
  async #recover(): Promise<void> {
    while (!this.#isClosed) {
      const losses = this.#losses
      await idle(ASK_AGAIN_MS)
      const isWhole = await this.#madeWhole(losses).catch(() => false)
      if (isWhole && losses === this.#losses) return
    }
  }

  /** @throws where the node does not answer, still or again */
  async #madeWhole(losses: number): Promise<boolean> {
    const nodeStart = await this.#askForStart(this.client)
    const rollCall = this.#rollCall
    // Only the connection broke: nothing is missing.
    if (nodeStart === rollCall?.nodeStart && losses === this.#losses) this.#settling.end()
    const absentees = (await rollCall?.absentees(nodeStart)) ?? []
    if (!(await this.#writtenAgain())) return false
    await rollCall?.show(nodeStart)
    if (rollCall && this.localNodes === 1) await this.#untilPresent(rollCall, absentees, nodeStart)
    return true
  }

  /** Until these have written again, or have had the time to. */
  async #untilPresent(rollCall: RollCall, absentees: readonly string[], nodeStart: number): Promise<void> {
    const until = performance.now() + MAX_ABSENCE_MS
    let left = absentees
    while (left.length > 0 && !this.#isClosed && performance.now() < until) {
      await idle(LOOK_AGAIN_MS)
      left = await rollCall.stillAbsent(left, nodeStart)
    }
  }

  async #writtenAgain(): Promise<boolean> {
    const backs = [...this.#watchers].map((watcher) => watcher.back())
    return (await Promise.allSettled(backs)).every(({ status }) => status === 'fulfilled')
  }
}

/** A wait that keeps no process from ending. */
const idle = (ms: number): Promise<void> => pause(ms, undefined, { ref: false })

async function connected(options: CassandraOptions, localDataCenter: string): Promise<Client> {
  const port = portOfOthers(options.contactPoints)
  const client = new Client({
    contactPoints: [...options.contactPoints],
    localDataCenter,
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    ...(options.tls === undefined ? {} : { sslOptions: options.tls }),
    socketOptions: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      readTimeout: REQUEST_TIMEOUT_MS,
      defunctReadTimeoutThreshold: MAX_TIMEOUTS,
    },
    // For an agreement on the schema it is waited in `change`.
    protocolOptions: { ...(port === undefined ? {} : { port }), maxSchemaAgreementWaitSeconds: 0 },
    pooling: { heartBeatInterval: HEARTBEAT_MS },
    policies: {
      // Rows carry their own write times.
      timestampGeneration: null as never,
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(
        FIRST_RECONNECT_MS,
        LAST_RECONNECT_MS,
        false,
      ),
    },
    monitorReporting: { enabled: false },
  })
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.shutdown()
    throw error
  }
}
