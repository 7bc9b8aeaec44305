import { Cluster } from 'ioredis'
import type { Connection } from './connection.ts'
import { type Scripts, withScripts } from './scripts.ts'

/** Publications that may wait; more are lost, and counted. */
export const MAX_WAITING_PUBLICATIONS = 100_000
/** Bytes of payload that may wait. */
export const MAX_WAITING_BYTES = 64 * 1024 * 1024
/** Publications in one command, few enough that the server answers others in between. */
export const MAX_BATCH = 256
/** Commands under way: the next travels while the server works on the last. */
const MAX_IN_FLIGHT = 2

/** Sends publications in order, many in one command, and forgets those that do not arrive. */
export class Publisher {
  readonly #redis: Connection & Scripts
  /** Channel, payload, channel, payload, … from `#head` on. */
  #waiting: (string | Buffer)[] = []
  #head = 0
  #waitingBytes = 0
  #inFlight = 0
  /** Publications to a cluster that are not answered. */
  #sentAlone = 0
  #scheduled = false
  #lost = 0

  constructor(connection: Connection) {
    this.#redis = withScripts(connection)
  }

  /** Publications lost since the start: beyond the limits, or while Redis was away. */
  get lost(): number {
    return this.#lost
  }

  publish(channel: string, payload: Buffer): void {
    const waiting = (this.#waiting.length - this.#head) / 2 + this.#sentAlone
    const isFull =
      waiting >= MAX_WAITING_PUBLICATIONS || this.#waitingBytes + payload.length > MAX_WAITING_BYTES
    if (isFull || this.#redis.status !== 'ready') {
      this.#lost++
      return
    }
    this.#waitingBytes += payload.length
    if (this.#redis instanceof Cluster) return void this.#sendAlone(channel, payload)
    this.#waiting.push(channel, payload)
    if (this.#scheduled || this.#inFlight >= MAX_IN_FLIGHT) return
    this.#scheduled = true
    queueMicrotask(this.#flush)
  }

  readonly #flush = (): void => {
    this.#scheduled = false
    while (this.#inFlight < MAX_IN_FLIGHT && this.#head < this.#waiting.length) this.#send(this.#nextBatch())
  }

  #nextBatch(): (string | Buffer)[] {
    const from = this.#head
    const to = Math.min(this.#waiting.length, from + 2 * MAX_BATCH)
    const batch = from === 0 && to === this.#waiting.length ? this.#waiting : this.#waiting.slice(from, to)
    for (let i = 1; i < batch.length; i += 2) this.#waitingBytes -= batch[i]!.length
    this.#head = to
    if (to === this.#waiting.length) {
      this.#waiting = []
      this.#head = 0
    }
    return batch
  }

  #send(batch: (string | Buffer)[]): void {
    this.#inFlight++
    this.#sendAll(batch).then(() => {
      this.#inFlight--
      this.#flush()
    })
  }

  async #sendAll(batch: (string | Buffer)[]): Promise<void> {
    try {
      await this.#redis.hgPublish(batch)
    } catch {
      this.#lost += batch.length / 2
    }
  }

  /**
   * Channels of a cluster are of many nodes: ioredis gathers the commands for each node while it works on others, in order. Those of one
   * node do not wait for another one that hangs.
   */
  async #sendAlone(channel: string, payload: Buffer): Promise<void> {
    this.#sentAlone++
    try {
      await this.#redis.spublish(channel, payload)
    } catch {
      this.#lost++
    }
    this.#sentAlone--
    this.#waitingBytes -= payload.length
  }
}
