import { type API, type APIWithCallback, Connection, TimeoutError } from '@platformatic/kafka'
import { LogUnavailable } from '../../log.ts'
import { CONNECT_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../limits.ts'
import { answerIn, connectionFailure } from './errors.ts'
import type { WatchedLink } from './silence-watch.ts'

/** The broker answers the requests of a connection in turn, so that there is nothing to gain by waiting to send. */
const MAX_IN_FLIGHT = 1024

/** One connection to one broker, opened when it is needed and again after it was lost. */
export class BrokerLink implements WatchedLink {
  /** When each call began that is not answered, the oldest first. */
  readonly #underWay = new Map<object, number>()
  readonly #clientId: string
  readonly #host: string
  readonly #port: number
  #connection: Connection | undefined
  #opening: Promise<Connection> | undefined
  #closed = false

  constructor(clientId: string, host: string, port: number) {
    this.#clientId = clientId
    this.#host = host
    this.#port = port
  }

  /** The answer, error codes and all. Rejects with `LogUnavailable` where the connection fails or is too slow. */
  async call<A extends unknown[], R>(api: API<A, R>, ...request: A): Promise<R> {
    this.#underWay.set(request, performance.now())
    try {
      return await this.#call(api, request)
    } finally {
      this.#underWay.delete(request)
    }
  }

  get address(): string {
    return `${this.#host}:${this.#port}`
  }

  silentMs(): number {
    for (const sinceMs of this.#underWay.values()) return performance.now() - sinceMs
    return 0
  }

  hangUp(): void {
    this.#connection?.socket?.destroy()
  }

  async #call<A extends unknown[], R>(api: API<A, R>, request: A): Promise<R> {
    const connection = this.#connection?.isConnected() ? this.#connection : await this.#open()
    return new Promise<R>((resolve, reject) => {
      const answered = (error: Error | null, answer?: R) => {
        if (error === null || error === undefined) return resolve(answer as R)
        const inside = answerIn(error)
        if (inside !== undefined) return resolve(inside as R)
        // The client loses its place in the stream after a late answer, so this connection is of no more use.
        if (error instanceof TimeoutError) connection.socket.destroy()
        reject(connectionFailure(error, this.#name()))
      }
      ;(api as unknown as APIWithCallback<[...A, typeof answered], R>)(connection, ...request, answered)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#opening?.catch(() => undefined)
    const connection = this.#connection
    if (connection?.isConnected()) await connection.close()
  }

  /** Closes the socket at once. */
  abandon(): void {
    this.#closed = true
    this.#connection?.socket?.destroy()
  }

  #open(): Promise<Connection> {
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #connect(): Promise<Connection> {
    if (this.#closed) throw new LogUnavailable(`${this.#name()}: the log was closed`)
    const connection = new Connection(this.#clientId, {
      connectTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      maxInflights: MAX_IN_FLIGHT,
    })
    // Every request that it concerns is told by itself.
    connection.on('error', () => undefined)
    this.#connection = connection
    try {
      await connection.connect(this.#host, this.#port)
    } catch (error) {
      throw new LogUnavailable(`${this.#name()}: ${(error as Error).message}`, { cause: error })
    }
    if (this.#closed) {
      connection.socket.destroy()
      throw new LogUnavailable(`${this.#name()}: the log was closed`)
    }
    return connection
  }

  #name(): string {
    return `Kafka at ${this.address}`
  }
}
