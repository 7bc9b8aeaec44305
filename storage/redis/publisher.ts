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
    const isFull =
      this.#waiting.length - this.#head >= 2 * MAX_WAITING_PUBLICATIONS ||
      this.#waitingBytes + payload.length > MAX_WAITING_BYTES
    if (isFull || this.#redis.status !== 'ready') {
      this.#lost++
      return
    }
    this.#waiting.push(channel, payload)
    this.#waitingBytes += payload.length
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
    const sent = this.#redis instanceof Cluster ? this.#sendEach(batch) : this.#sendAll(batch)
    sent.then(() => {
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

  /** Channels of a cluster are of many nodes: ioredis groups the commands by node, in order. */
  async #sendEach(batch: (string | Buffer)[]): Promise<void> {
    const sent: Promise<unknown>[] = []
    for (let i = 0; i < batch.length; i += 2) {
      const publication = this.#redis.spublish(batch[i] as string, batch[i + 1]!)
      sent.push(publication.catch(() => this.#lost++))
    }
    await Promise.all(sent)
  }
}
