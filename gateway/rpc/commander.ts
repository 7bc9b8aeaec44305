import type {
  AccountCommand,
  AlbumCommand,
  BusRecord,
  CatalogCommand,
  ChatCommand,
  ContentCommand,
  DocumentCommand,
  RecordCodec,
  Reply,
  ShelfCommand,
} from '@heliograph/schemas/avro'
import { floodWait, RpcError } from '@heliograph/schemas/tl'
import { type Bus, gatewayChannel, type Subscription } from '@heliograph/storage'
import { type Log, type LogRecord, partitionOf, type TopicName } from '@heliograph/topics'
import type { Caller } from '../mtproto/ports.ts'
import type { GatewayObserver } from '../observer.ts'
import { sessionOrigin } from './origin.ts'

/** How long a call waits for its actor's answer. */
export const ANSWER_TIMEOUT_MS = 10_000
/** Calls of one node that may wait at once; more are told to come back later. */
export const MAX_WAITING_CALLS = 50_000
const SWEEP_INTERVAL_MS = 1_000
const NO_SESSION = Buffer.alloc(0)

interface Commands {
  readonly 'account.commands': AccountCommand
  readonly 'chat.commands': ChatCommand
  readonly 'media.commands': ContentCommand | DocumentCommand | AlbumCommand | CatalogCommand | ShelfCommand
}
export type CommandTopic = Extract<TopicName, keyof Commands>
type CommandOf<T extends CommandTopic> = Commands[T]

/** The session on whose behalf a command is given; what a server does by itself has none. */
export type Asker = Pick<Caller, 'permanentKeyId' | 'sessionId' | 'begunMs' | 'trace'> | undefined

interface Waiting {
  readonly deadlineMs: number
  resolve(reply: Reply): void
  reject(error: Error): void
}
interface Batch {
  readonly topic: CommandTopic
  readonly partition: number
  readonly records: LogRecord[]
  readonly requests: number[]
  /** When each was asked for, on the observer's clock; empty where nobody measures. */
  readonly begunMs: number[]
}
export interface CommanderPorts {
  readonly topics: Log
  readonly bus: Bus
  readonly codec: RecordCodec
  readonly node: string
  readonly nowMs: () => number
  readonly telemetry?: GatewayObserver | undefined
  /** Runs the callback when the calls of this turn of the event loop have been taken in; `setImmediate` if absent. */
  readonly schedule?: (flush: () => void) => void
}

/**
 * Gives commands to the actors and waits for their answers. Commands of one turn of the event loop for the same partition
 * are appended together, in the order of the calls.
 */
export class Commander {
  readonly #ports: CommanderPorts
  readonly #schedule: (flush: () => void) => void
  readonly #waiting = new Map<number, Waiting>()
  readonly #batches = new Map<string, Batch>()
  #lastRequest = 0
  #scheduled = false
  #subscription: Subscription | undefined
  #sweep: NodeJS.Timeout | undefined

  private constructor(ports: CommanderPorts) {
    this.#ports = ports
    this.#schedule = ports.schedule ?? setImmediate
  }

  static async start(ports: CommanderPorts): Promise<Commander> {
    const commander = new Commander(ports)
    commander.#subscription = await ports.bus.subscribe(gatewayChannel(ports.node), (payload, record) =>
      commander.#answered((record as BusRecord | undefined) ?? ports.codec.decodeBare<BusRecord>(payload)),
    )
    commander.#sweep = setInterval(() => commander.expire(), SWEEP_INTERVAL_MS)
    commander.#sweep.unref()
    ports.telemetry?.watch('waitingCalls', () => commander.#waiting.size)
    return commander
  }

  /**
   * Appends the command and resolves to its actor's answer, which comes after everything that follows from it is durable.
   * Rejects with the actor's rejection as `RpcError`, with 500 TIMEOUT when there is no answer and 500 LOG_UNAVAILABLE as soon
   * as the log has failed to take the command (either way it may still be carried out, and whoever repeats it gets the answer
   * of the first), and with a flood wait when too many calls wait.
   */
  ask<T extends CommandTopic>(topic: T, key: string, record: CommandOf<T>, asker: Asker): Promise<Reply> {
    if (this.#waiting.size >= MAX_WAITING_CALLS) return Promise.reject(floodWait(1))
    const request = ++this.#lastRequest
    this.#enqueue(topic, key, record, asker, request)
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { deadlineMs: this.#ports.nowMs() + ANSWER_TIMEOUT_MS, resolve, reject })
    })
  }

  /** Refuses the calls whose time is over. All wait equally long, so the oldest stand first. */
  expire(): void {
    const nowMs = this.#ports.nowMs()
    for (const [request, waiting] of this.#waiting) {
      if (waiting.deadlineMs > nowMs) return
      this.#refuse(request, new RpcError(500, 'TIMEOUT'))
    }
  }

  close(): void {
    clearInterval(this.#sweep)
    this.#subscription?.close()
    for (const request of this.#waiting.keys()) this.#refuse(request, new RpcError(500, 'RESTART'))
  }

  #enqueue(topic: CommandTopic, key: string, record: CommandOf<CommandTopic>, asker: Asker, request: number) {
    const { topics, codec, node, nowMs, telemetry } = this.#ports
    const trace = asker?.trace?.context
    const session = asker === undefined ? NO_SESSION : sessionOrigin(asker.permanentKeyId, asker.sessionId)
    const reply = { gateway: node, request, session }
    const value = codec.encode({ cause: null, epoch: 0, reply, trace: trace ?? null }, record)
    const batch = this.#batchFor(topic, partitionOf(key, topics.partitions(topic)))
    batch.records.push({ key, value, timestampMs: nowMs(), trace })
    batch.requests.push(request)
    if (telemetry !== undefined) batch.begunMs.push(asker?.begunMs ?? telemetry.clock())
  }

  #batchFor(topic: CommandTopic, partition: number): Batch {
    const place = `${topic}/${partition}`
    let batch = this.#batches.get(place)
    if (batch === undefined) {
      batch = { topic, partition, records: [], requests: [], begunMs: [] }
      this.#batches.set(place, batch)
      if (!this.#scheduled) this.#soon(() => this.#flush())
      this.#scheduled = true
    }
    return batch
  }

  /** Where nobody else waits there is most likely nothing to gather, and the end of the turn is a detour. */
  #soon(flush: () => void): void {
    if (this.#waiting.size === 0 && this.#schedule === setImmediate) queueMicrotask(flush)
    else this.#schedule(flush)
  }

  #flush(): void {
    this.#scheduled = false
    const batches = [...this.#batches.values()]
    this.#batches.clear()
    for (const batch of batches) {
      const appending = this.#ports.topics.append(batch.topic, batch.partition, batch.records)
      if (this.#ports.telemetry !== undefined) tell(this.#ports.telemetry, batch, appending)
      appending.catch(() => {
        for (const request of batch.requests) this.#refuse(request, new RpcError(500, 'LOG_UNAVAILABLE'))
      })
    }
  }

  #answered(reply: BusRecord): void {
    if (reply.type !== 'Reply') return
    const waiting = this.#waiting.get(reply.request)
    if (waiting === undefined) return
    this.#waiting.delete(reply.request)
    if (reply.error === null) waiting.resolve(reply)
    else waiting.reject(new RpcError(reply.error.code, reply.error.message))
  }

  #refuse(request: number, error: RpcError): void {
    const waiting = this.#waiting.get(request)
    this.#waiting.delete(request)
    waiting?.reject(error)
  }
}

function tell(telemetry: GatewayObserver, { topic, begunMs }: Batch, appending: Promise<unknown>): void {
  appending.then(
    () => {
      const now = telemetry.clock()
      for (const begun of begunMs) telemetry.commanded(topic, now - begun)
      telemetry.appended(topic, begunMs.length, false)
    },
    () => telemetry.appended(topic, begunMs.length, true),
  )
}
